package io.postern.gateway.sniff;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Recognised;
import io.postern.wire.Parse;
import io.postern.wire.datagram.DatagramParser;
import io.postern.wire.datagram.DnsDatagramParser;
import io.postern.wire.datagram.DtlsParser;
import io.postern.wire.datagram.QuicOpeningParser;
import io.postern.wire.datagram.StunParser;
import io.postern.wire.datagram.WireGuardParser;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Everybody who can recognise a session by one datagram of its client. A datagram is whole, so nobody waits for more;
 * the order decides only between two that are both certain. Stateless.
 */
public final class DatagramSniffers {

    private static final int QUIC_LONG = 0xC0;
    private static final int DTLS_HANDSHAKE = 22;
    private static final int WIREGUARD_INITIATION = 1;

    private record Sniffer(DatagramParser<?> parser, Protocol protocol) {}

    private static final List<Sniffer> SNIFFERS = List.of(
            new Sniffer(new QuicOpeningParser(), Protocol.QUIC),
            new Sniffer(new StunParser(), Protocol.STUN),
            new Sniffer(new DtlsParser(), Protocol.DTLS),
            new Sniffer(new WireGuardParser(), Protocol.WIREGUARD),
            new Sniffer(new DnsDatagramParser(), Protocol.DNS));

    /**
     * Whether a datagram that begins so may turn its session into another: a handshake that a client may hide behind a
     * first datagram of something else, which servers of datagrams pass over.
     */
    public static boolean mayTurn(int first) {
        return first >= QUIC_LONG || first == DTLS_HANDSHAKE || first == WIREGUARD_INITIATION;
    }

    /** What a datagram shows of its session; moves no index. */
    public Recognised ask(ByteBuffer datagram) {
        Basis nobody = Basis.NO_MATCH;
        for (Sniffer sniffer : SNIFFERS) {
            Parse<?> parse = sniffer.parser().parse(datagram);
            if (parse instanceof Parse.Done<?>) {
                return Recognised.certain(sniffer.protocol());
            }
            if (parse instanceof Parse.Malformed<?>) {
                nobody = Basis.MALFORMED;
            }
        }
        return Recognised.unknown(nobody);
    }
}
