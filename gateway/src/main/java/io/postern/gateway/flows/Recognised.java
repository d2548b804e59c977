package io.postern.gateway.flows;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.Spoken;
import io.postern.gateway.records.TlsFacts;
import io.postern.tls.hello.ServerName;
import io.postern.wire.http.Authority;
import io.postern.wire.ip.HostText;
import java.util.Optional;

/**
 * What a flow speaks, how that is known, and what its messages said so far.
 */
public record Recognised(Protocol protocol, Basis basis, Spoken spoken) {

    public static Recognised unknown(Basis basis) {
        return new Recognised(Protocol.UNKNOWN, basis, Spoken.NOTHING);
    }

    public static Recognised tls(TlsFacts.Hello hello) {
        return new Recognised(Protocol.TLS, Basis.BYTES, Spoken.of(TlsFacts.of(hello)));
    }

    public static Recognised http(HttpFacts first) {
        return new Recognised(Protocol.HTTP, Basis.BYTES, Spoken.of(first));
    }

    /** By its bytes; nothing more was looked at. */
    public static Recognised certain(Protocol protocol) {
        return new Recognised(protocol, Basis.BYTES, Spoken.NOTHING);
    }

    /** Whether all that policy asks about is what it was. */
    boolean says(Recognised before) {
        return protocol == before.protocol && tls().equals(before.tls()) && http().equals(before.http());
    }

    /** By its bytes, and this is its first message. */
    public static Recognised dns(DnsFacts message) {
        return new Recognised(Protocol.DNS, Basis.BYTES, Spoken.of(message));
    }

    /** The same, and its messages said this. */
    public Recognised saying(Spoken more) {
        return new Recognised(protocol, basis, more);
    }

    /** The same, which turned out to be of this protocol. */
    public Recognised turned(Protocol to) {
        return new Recognised(to, basis, spoken);
    }

    /**
     * The same, whose messages carry those of DNS.
     *
     * @param carrier {@code https} whether encrypted or not, or {@code tls}
     */
    public Recognised carryingDns(String carrier) {
        return turned(Protocol.DNS).saying(spoken.carriedBy(carrier));
    }

    /** The same, turned to TLS inside: STARTTLS and its like. */
    public Recognised turnedTo(TlsFacts.Hello inner) {
        return saying(spoken.with(TlsFacts.of(inner)));
    }

    /** The same, upgraded to WebSocket. */
    public Recognised upgraded() {
        return turned(Protocol.WEBSOCKET);
    }

    public Optional<TlsFacts> tls() {
        return spoken.tls();
    }

    public Optional<HttpFacts> http() {
        return spoken.http();
    }

    /** The name the client claims is its server's. Its word only: nobody verified that the address belongs to the name. */
    public Optional<String> claimedName() {
        if (tls().isPresent()) {
            return tls().get()
                    .serverName()
                    .filter(name -> name.form() == ServerName.Form.NAME)
                    .map(ServerName::text);
        }
        return http().flatMap(HttpFacts::host)
                .flatMap(Authority::parse)
                .map(authority -> HostText.of(authority.host()))
                .flatMap(host -> host instanceof HostText.Name name ? Optional.of(name.name()) : Optional.empty());
    }
}
