package io.postern.analytics.flow;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;

/**
 * The ports a protocol is expected on: IANA's assignments and those that Android's own services use (FCM, private DNS). Settings
 * add to them ({@code AllowedProtocolPortMappings}), roles and approved baselines refine them by app.
 *
 * <p>Not here, and so usual everywhere: STUN and DTLS, since calls try whatever port their peer has (RFC 8445 section 7), and
 * protocols that have no port by custom (WireGuard, BitTorrent). IKE of VoWiFi (500, 4500) is no protocol of ours.
 */
public final class StandardPorts {

    private static final Map<Protocol, BitSet> PORTS = new EnumMap<>(Protocol.class);

    static {
        PORTS.put(
                Protocol.TLS,
                ports(443, 465, 587, 636, 853, 989, 990, 993, 995, 5061, 5223, 5228, 5229, 5230, 5349, 8883));
        PORTS.put(Protocol.QUIC, ports(80, 443, 853, 8853));
        PORTS.put(Protocol.HTTP, ports(80, 8080));
        PORTS.put(Protocol.HTTP2, ports(80, 443, 8080));
        PORTS.put(Protocol.WEBSOCKET, ports(80, 443, 8080));
        PORTS.put(Protocol.GRPC, ports(80, 443, 8080));
        PORTS.put(Protocol.MTALK, ports(443, 5228, 5229, 5230));
        PORTS.put(Protocol.XMPP, ports(5222, 5223, 5269));
        PORTS.put(Protocol.MQTT, ports(1883, 8883));
        PORTS.put(Protocol.DNS, ports(53, 853, 5353, 5355));
        PORTS.put(Protocol.SMTP, ports(25, 465, 587));
        PORTS.put(Protocol.IMAP, ports(143, 993));
        PORTS.put(Protocol.POP3, ports(110, 995));
        PORTS.put(Protocol.SSH, ports(22));
        PORTS.put(Protocol.FTP, ports(21));
    }

    private StandardPorts() {}

    private static BitSet ports(int... numbers) {
        BitSet ports = new BitSet();
        for (int number : numbers) {
            ports.set(number);
        }
        return ports;
    }

    /** Whether this protocol is usual here; also true of protocols nobody has written a port for. */
    public static boolean usual(Protocol protocol, int port) {
        BitSet ports = PORTS.get(protocol);
        return ports == null || ports.get(port);
    }
}
