package io.postern.gateway.records;

import io.postern.tls.cert.CertificateFacts;
import io.postern.tls.hello.ServerName;
import java.util.List;
import java.util.Optional;

/**
 * What a TLS handshake showed, over whatever carried it; empty where its beginning was missed.
 *
 * @param hellos the client's, at most two; a second one after a HelloRetryRequest or a HelloVerifyRequest
 * @param answer the server's
 * @param certificate the server's own, in clear up to TLS 1.2
 */
public record TlsFacts(List<Hello> hellos, Optional<Answer> answer, Optional<CertificateFacts> certificate) {

    /** Of a handshake that was missed. */
    public static final TlsFacts NONE = new TlsFacts(List.of(), Optional.empty(), Optional.empty());

    public TlsFacts {
        hellos = List.copyOf(hellos);
    }

    /**
     * What a ClientHello said.
     *
     * @param version the highest version offered, as {@code 1.3}
     * @param ja3 empty of a hello in the shape of SSLv2, for which it is not defined
     * @param ja4 as for JA3
     * @param ech whether it carries an Encrypted Client Hello, real or GREASE, so that the server name may be only the outer
     *     one
     * @param esni whether it hides its name the older way
     * @param postQuantum whether a key share of a post-quantum group is sent along
     */
    public record Hello(
            Optional<ServerName> serverName,
            String version,
            List<String> alpn,
            Optional<String> ja3,
            Optional<String> ja4,
            boolean ech,
            boolean esni,
            boolean postQuantum) {
        public Hello {
            alpn = List.copyOf(alpn);
        }
    }

    /**
     * What a ServerHello said.
     *
     * @param cipher the suite as IANA numbers it, {@code 0x1301}
     * @param alpn in clear up to TLS 1.2
     */
    public record Answer(String version, String cipher, Optional<String> alpn, String ja3s) {}

    public static TlsFacts of(Hello hello) {
        return new TlsFacts(List.of(hello), Optional.empty(), Optional.empty());
    }

    /** The same after this hello; of more than two the first and the last are kept. */
    public TlsFacts with(Hello next) {
        return new TlsFacts(hellos.isEmpty() ? List.of(next) : List.of(hellos.get(0), next), answer, certificate);
    }

    /** The same after this answer. */
    public TlsFacts with(Answer next) {
        return new TlsFacts(hellos, Optional.of(next), certificate);
    }

    /** The same with this certificate. */
    public TlsFacts with(CertificateFacts next) {
        return new TlsFacts(hellos, answer, Optional.of(next));
    }

    /** The first hello, which is the one of which fingerprints speak. */
    public Optional<Hello> hello() {
        return hellos.isEmpty() ? Optional.empty() : Optional.of(hellos.get(0));
    }

    /** Of the last hello: where a server asks for another, that is the one it goes by. */
    public Optional<ServerName> serverName() {
        return hellos.isEmpty()
                ? Optional.empty()
                : hellos.get(hellos.size() - 1).serverName();
    }

    /** The protocols offered. */
    public List<String> alpn() {
        return hello().map(Hello::alpn).orElse(List.of());
    }

    /** Whether the name in clear may be only an outer one. */
    public boolean hidden() {
        return hellos.stream().anyMatch(hello -> hello.ech() || hello.esni());
    }

    public boolean ech() {
        return hello().filter(Hello::ech).isPresent();
    }

    /** The one chosen, or else the highest offered; {@code unknown} where both were missed. */
    public String version() {
        return answer.map(Answer::version).or(() -> hello().map(Hello::version)).orElse("unknown");
    }
}
