package io.postern.gateway.flows;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.records.FlowRecord;
import io.postern.tls.hello.ServerName;
import io.postern.wire.http.Authority;
import io.postern.wire.http.HttpOpening;
import io.postern.wire.ip.HostText;
import java.util.Optional;

/**
 * What a flow speaks, how that is known, and what the first message said.
 *
 * @param tls of a TLS flow, and of one that began in plain and turned to TLS
 * @param http of a plain HTTP flow
 */
public record Recognised(
        Protocol protocol, Basis basis, Optional<FlowRecord.TlsFacts> tls, Optional<HttpOpening> http) {

    public static Recognised unknown(Basis basis) {
        return new Recognised(Protocol.UNKNOWN, basis, Optional.empty(), Optional.empty());
    }

    public static Recognised tls(FlowRecord.TlsFacts hello) {
        return new Recognised(Protocol.TLS, Basis.BYTES, Optional.of(hello), Optional.empty());
    }

    public static Recognised http(HttpOpening opening) {
        return new Recognised(Protocol.HTTP, Basis.BYTES, Optional.empty(), Optional.of(opening));
    }

    /** By its bytes; nothing more was looked at. */
    public static Recognised certain(Protocol protocol) {
        return new Recognised(protocol, Basis.BYTES, Optional.empty(), Optional.empty());
    }

    /** The same, turned to TLS: STARTTLS and its like. */
    public Recognised turnedTo(FlowRecord.TlsFacts inner) {
        return new Recognised(protocol, basis, Optional.of(inner), http);
    }

    /** The same, upgraded to WebSocket. */
    public Recognised upgraded() {
        return new Recognised(Protocol.WEBSOCKET, basis, tls, http);
    }

    /** The name the client says it talks to. Its word only: nobody verified that the address belongs to the name. */
    public Optional<String> claimedName() {
        if (tls.isPresent()) {
            return tls.get()
                    .serverName()
                    .filter(name -> name.form() == ServerName.Form.NAME)
                    .map(ServerName::text);
        }
        return http.flatMap(HttpOpening::host)
                .flatMap(Authority::parse)
                .map(authority -> HostText.of(authority.host()))
                .flatMap(host -> host instanceof HostText.Name name ? Optional.of(name.name()) : Optional.empty());
    }
}
