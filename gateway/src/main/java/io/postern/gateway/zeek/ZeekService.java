package io.postern.gateway.zeek;

import io.postern.analytics.flow.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What Zeek calls a service, in our words. It names all it saw in a connection; we call it by what it began as. */
final class ZeekService {

    private static final String TLS = "ssl";

    /** What turned to something more goes first: a WebSocket was HTTP. */
    private static final Map<String, Protocol> NAMES = Map.ofEntries(
            Map.entry("websocket", Protocol.WEBSOCKET),
            Map.entry("quic", Protocol.QUIC),
            Map.entry("http2", Protocol.HTTP2),
            Map.entry("smtp", Protocol.SMTP),
            Map.entry("imap", Protocol.IMAP),
            Map.entry("pop3", Protocol.POP3),
            Map.entry("ftp", Protocol.FTP),
            Map.entry("ssh", Protocol.SSH),
            Map.entry("mqtt", Protocol.MQTT),
            Map.entry("xmpp", Protocol.XMPP),
            Map.entry("socks", Protocol.SOCKS),
            Map.entry("rdp", Protocol.RDP),
            Map.entry("stun", Protocol.STUN),
            Map.entry("wireguard", Protocol.WIREGUARD),
            Map.entry("bittorrent", Protocol.BITTORRENT),
            Map.entry("http", Protocol.HTTP),
            Map.entry("dns", Protocol.DNS));

    private ZeekService() {}

    /** @param services between commas; one with a minus before it was given up */
    static Protocol of(String services, boolean tcp) {
        if (services.isEmpty()) {
            return Protocol.UNKNOWN;
        }
        List<String> names = Arrays.asList(services.split(","));
        if (names.contains("websocket")) {
            return Protocol.WEBSOCKET;
        }
        for (String name : names) {
            Protocol known = NAMES.get(name);
            if (known != null) {
                return known;
            }
        }
        return names.contains(TLS) ? tcp ? Protocol.TLS : Protocol.DTLS : Protocol.UNKNOWN;
    }
}
