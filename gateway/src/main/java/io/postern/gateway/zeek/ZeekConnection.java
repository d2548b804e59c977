package io.postern.gateway.zeek;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.flows.FlowId;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.CappedText;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.Spoken;
import io.postern.gateway.records.TlsFacts;
import io.postern.tls.hello.ServerName;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * One connection, or session of UDP, as Zeek saw it.
 *
 * @param uid Zeek's own
 * @param lastMicros when it ended, or until when it is told of; Unix time
 * @param end empty while it lives
 * @param bytesOut payload from who began it
 * @param bytesIn payload to who began it
 * @param exchanges its HTTP requests; what else is exchanged Zeek does not tell
 */
public record ZeekConnection(
        String uid,
        boolean tcp,
        InetSocketAddress client,
        InetSocketAddress server,
        long startMicros,
        long lastMicros,
        Optional<CloseReason> end,
        Recognised recognised,
        long bytesOut,
        long bytesIn,
        Exchanges exchanges,
        List<FlowLine.Question> questions) {

    private static final int MOST_PORT = 0xFFFF;
    /** IN, RFC 1035 section 3.2.4. */
    private static final int INTERNET = 1;

    /** What makes a row no connection, without any of its text. */
    static Optional<String> wrong(ZeekRow row) {
        if (address(row, ZeekField.ORIG_H).isEmpty()) {
            return Optional.of("id.orig_h is no address");
        }
        if (address(row, ZeekField.RESP_H).isEmpty()) {
            return Optional.of("id.resp_h is no address");
        }
        if (noPort(row, ZeekField.ORIG_P)) {
            return Optional.of("id.orig_p is no port");
        }
        if (noPort(row, ZeekField.RESP_P)) {
            return Optional.of("id.resp_p is no port");
        }
        for (ZeekField field : List.of(ZeekField.ORIG_BYTES, ZeekField.RESP_BYTES)) {
            if (row.has(field) && row.number(field) < 0) {
                return Optional.of(field.column() + " is no number of bytes");
            }
        }
        return row.has(ZeekField.DURATION) && row.micros(ZeekField.DURATION) < 0
                ? Optional.of("duration is no time")
                : Optional.empty();
    }

    /** @param row in which nothing is wrong */
    static ZeekConnection of(ZeekRow row, ZeekDetails details, boolean living) {
        long start = row.micros(ZeekField.TS);
        boolean tcp = !row.get(ZeekField.PROTO).equals("udp");
        long out = Math.max(0, row.number(ZeekField.ORIG_BYTES));
        long in = Math.max(0, row.number(ZeekField.RESP_BYTES));
        return new ZeekConnection(
                row.has(ZeekField.UID)
                        ? CappedText.cut(row.get(ZeekField.UID), CappedText.LABEL)
                        : FlowId.at(start / 1_000),
                tcp,
                end(row, ZeekField.ORIG_H, ZeekField.ORIG_P),
                end(row, ZeekField.RESP_H, ZeekField.RESP_P),
                start,
                start + Math.max(0, row.micros(ZeekField.DURATION)),
                living ? Optional.empty() : Optional.of(tcp ? end(row.get(ZeekField.CONN_STATE)) : CloseReason.IDLE),
                recognised(row, details, tcp, out + in > 0),
                out,
                in,
                living ? Exchanges.NONE : details.exchanges(start, out, in),
                details.questions());
    }

    /** Of Zeek's states of a TCP connection. */
    private static CloseReason end(String state) {
        return switch (state) {
            // Who began it never heard that it was established.
            case "S0", "REJ", "SH", "RSTOS0" -> CloseReason.UPSTREAM_FAILED;
            case "SF", "S2" -> CloseReason.CLIENT_CLOSED;
            case "S3" -> CloseReason.UPSTREAM_CLOSED;
            case "RSTO" -> CloseReason.CLIENT_RESET;
            case "RSTR", "RSTRH" -> CloseReason.UPSTREAM_RESET;
            default -> CloseReason.INPUT_ENDED;
        };
    }

    private static InetSocketAddress end(ZeekRow row, ZeekField address, ZeekField port) {
        return new InetSocketAddress(address(row, address).orElseThrow(), (int) row.number(port));
    }

    private static Optional<InetAddress> address(ZeekRow row, ZeekField field) {
        return HostText.of(row.get(field)) instanceof HostText.Literal literal
                ? Optional.of(literal.address())
                : Optional.empty();
    }

    private static boolean noPort(ZeekRow row, ZeekField field) {
        long port = row.number(field);
        return port < 0 || port > MOST_PORT;
    }

    /** Zeek names a service by its bytes; one that we have no name for is none of those we look for. */
    private static Recognised recognised(ZeekRow row, ZeekDetails details, boolean tcp, boolean moved) {
        String services = row.get(ZeekField.SERVICE);
        Protocol protocol = ZeekService.of(services, tcp);
        if (protocol == Protocol.UNKNOWN && services.isEmpty()) {
            protocol = details.quic
                    ? Protocol.QUIC
                    : details.tls
                            ? tcp ? Protocol.TLS : Protocol.DTLS
                            : details.requests > 0
                                    ? Protocol.HTTP
                                    : details.questions().isEmpty() ? Protocol.UNKNOWN : Protocol.DNS;
        }
        Basis basis =
                protocol != Protocol.UNKNOWN ? Basis.BYTES : services.isEmpty() && !moved ? Basis.END : Basis.NO_MATCH;
        return new Recognised(protocol, basis, spoken(details));
    }

    private static Spoken spoken(ZeekDetails details) {
        Spoken spoken = Spoken.NOTHING;
        if (!details.questions().isEmpty()) {
            FlowLine.Question first = details.questions().get(0);
            spoken = new Spoken(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new DnsFacts.Question(first.name(), first.type(), INTERNET)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        if (details.requests > 0) {
            spoken = spoken.with(new HttpFacts(
                    text(details.host),
                    details.method,
                    details.path,
                    text(details.userAgent),
                    Optional.empty(),
                    details.requests,
                    details.status,
                    false));
        }
        if (details.tls || details.quic) {
            spoken = spoken.with(tls(details));
        }
        return details.quicVersion.isEmpty() ? spoken : spoken.quic(details.quicVersion);
    }

    private static TlsFacts tls(ZeekDetails details) {
        String version = version(details.version);
        TlsFacts facts = TlsFacts.of(new TlsFacts.Hello(
                text(details.serverName).map(ZeekConnection::serverName),
                version,
                List.of(),
                text(details.ja3),
                text(details.ja4),
                false,
                false,
                false));
        return details.ja3s.isEmpty()
                ? facts
                : facts.with(new TlsFacts.Answer(version, details.cipher, text(details.alpn), details.ja3s));
    }

    private static ServerName serverName(String text) {
        HostText host = HostText.of(text);
        return new ServerName(
                text,
                host instanceof HostText.Name
                        ? ServerName.Form.NAME
                        : host instanceof HostText.Literal ? ServerName.Form.ADDRESS : ServerName.Form.INVALID);
    }

    /** {@code TLSv12} and {@code DTLSv12} are 1.2 here; older and other words stay. */
    private static String version(String zeek) {
        int v = zeek.indexOf("TLSv");
        return v >= 0 && zeek.length() == v + 6
                ? zeek.charAt(v + 4) + "." + zeek.charAt(v + 5)
                : zeek.isEmpty() ? "unknown" : zeek;
    }

    private static Optional<String> text(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
