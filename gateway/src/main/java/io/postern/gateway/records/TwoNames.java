package io.postern.gateway.records;

import io.postern.analytics.flow.InClear.Naming;
import io.postern.tls.cert.CertificateFacts;
import io.postern.tls.hello.ServerName;
import io.postern.wire.http.Authority;
import io.postern.wire.ip.HostText;
import java.util.Optional;

/**
 * Whether the host that the gateway was asked for and the one that a client names to its server (SNI; {@code Host} of HTTP
 * in clear) are one server's, by its certificate where that is to be seen.
 */
final class TwoNames {

    private TwoNames() {}

    /** @param asked the host that was asked for, if that was a name */
    static Naming of(Optional<String> asked, Spoken spoken) {
        if (asked.isEmpty() || asked.equals(said(spoken))) {
            return Naming.ONE;
        }
        String target = name(asked.get());
        if (target.isEmpty()) {
            return Naming.ONE;
        }
        if (spoken.tls().isPresent()) {
            return tls(target, spoken.tls().get());
        }
        return spoken.http().map(http -> http(target, http)).orElse(Naming.ONE);
    }

    /** As it is written, which nearly always is what was asked for: then nothing need be read. */
    private static Optional<String> said(Spoken spoken) {
        return spoken.tls().isPresent()
                ? spoken.tls().get().serverName().map(ServerName::text)
                : spoken.http().flatMap(HttpFacts::host);
    }

    private static Naming tls(String target, TlsFacts tls) {
        // An outer name is no second one.
        String named = tls.serverName()
                .filter(name -> name.form() == ServerName.Form.NAME)
                .map(name -> name(name.text()))
                .orElse("");
        if (tls.hidden() || named.isEmpty() || named.equals(target)) {
            return Naming.ONE;
        }
        if (tls.certificate().isEmpty()) {
            return Naming.UNSEEN;
        }
        CertificateFacts certificate = tls.certificate().get();
        if (certificate.covers(target) && certificate.covers(named)) {
            return Naming.COVERED;
        }
        return certificate.cut() ? Naming.UNSEEN : Naming.APART;
    }

    /** What is asked of a proxy behind the gateway goes on to another host by its nature. */
    private static Naming http(String target, HttpFacts http) {
        String named = http.host()
                .flatMap(Authority::parse)
                .map(authority -> name(authority.host()))
                .orElse("");
        boolean one = named.isEmpty() || named.equals(target) || http.method().equals("CONNECT");
        return one ? Naming.ONE : Naming.APART;
    }

    private static String name(String host) {
        return HostText.of(host) instanceof HostText.Name name ? name.name() : "";
    }
}
