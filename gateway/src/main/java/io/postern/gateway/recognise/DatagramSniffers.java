package io.postern.gateway.recognise;

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

    private record Sniffer(DatagramParser<?> parser, Recognised found) {
        Sniffer(DatagramParser<?> parser, Protocol protocol) {
            this(parser, Recognised.certain(protocol));
        }
    }

    // Made once: each session keeps what it was told.
    private static final Recognised NO_MATCH = Recognised.unknown(Basis.NO_MATCH);
    private static final Recognised MALFORMED = Recognised.unknown(Basis.MALFORMED);

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
        Recognised nobody = NO_MATCH;
        for (Sniffer sniffer : SNIFFERS) {
            Parse<?> parse = sniffer.parser().parse(datagram);
            if (parse instanceof Parse.Done<?>) {
                return sniffer.found();
            }
            if (parse instanceof Parse.Malformed<?>) {
                nobody = MALFORMED;
            }
        }
        return nobody;
    }
}
