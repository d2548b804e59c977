package io.postern.analytics.flow;

import java.util.Optional;
import java.util.Set;

/**
 * What is known of a flow when something happens to it. Later events of the same flow may know more.
 *
 * @param uid the same in every event of the flow, and in its records
 * @param startMillis when the device began it, Unix time
 * @param protocol what it speaks by its bytes; {@link Protocol#UNKNOWN} with the basis saying why
 * @param serviceClasses what its destination is known for; never empty: {@code generic-https} is one
 * @param tls what its ClientHello says; empty where there is none (TCP and UDP alike)
 * @param http what its first request says; empty where none was seen
 * @param clear what else can be seen of it
 */
public record Flow(
        String uid,
        AppTag tag,
        long startMillis,
        Transport transport,
        Destination destination,
        Protocol protocol,
        Basis basis,
        Set<String> serviceClasses,
        Optional<TlsShape> tls,
        Optional<HttpShape> http,
        InClear clear) {

    public Flow {
        serviceClasses = Set.copyOf(serviceClasses);
    }

    /** Of which nothing else can be seen. */
    public Flow(
            String uid,
            AppTag tag,
            long startMillis,
            Transport transport,
            Destination destination,
            Protocol protocol,
            Basis basis,
            Set<String> serviceClasses,
            Optional<TlsShape> tls,
            Optional<HttpShape> http) {
        this(
                uid,
                tag,
                startMillis,
                transport,
                destination,
                protocol,
                basis,
                serviceClasses,
                tls,
                http,
                InClear.NOTHING);
    }

    public AppKey key() {
        return AppKey.of(tag);
    }

    /** What carries it. */
    public enum Transport {
        TCP,
        UDP
    }

    /**
     * How an app says hello: what tells one TLS stack from another, and whether it names whom it speaks to.
     *
     * @param sni the name in clear; empty when there is none
     * @param hidden whether the name in clear is an outer one (ECH) and the real one is not to be seen
     * @param alpn the first protocol offered; empty when none is
     * @param ja4 empty when it was not computed
     */
    public record TlsShape(String sni, boolean hidden, String alpn, String ja4) {}

    /**
     * How an app asks, without what it asks.
     *
     * @param pathClass the form of the path, its identifiers and numbers replaced; empty when not visible
     * @param userAgent empty when there is none
     * @param headerOrder the fingerprint of which headers come in which order; empty when not computed
     */
    public record HttpShape(String method, String pathClass, String userAgent, String headerOrder) {}
}
