package io.postern.gateway.recognise;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.dns.message.DnsDatagramReader;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.tls.dtls.DtlsWatch;
import io.postern.tls.quic.QuicWatch;
import io.postern.tls.watch.Side;
import io.postern.wire.Parse;
import io.postern.wire.datagram.BitTorrentDatagramParser;
import io.postern.wire.datagram.DatagramParser;
import io.postern.wire.datagram.StunParser;
import io.postern.wire.datagram.WireGuardParser;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Everybody who can recognise a session by one datagram of its client. A datagram is whole, so nobody waits for more;
 * the order decides only between two that are both certain.
 */
public final class DatagramSniffers {

    static final int DNS_PORT = 53;

    /** Datagrams that everybody looks at while nobody recognises any. */
    private static final int LOOKS = 10;

    /** Of STUN, and where it ends. */
    private static final int COOKIE = 0x2112A442;

    private static final int COOKIE_END = 8;

    /** Long header and fixed bit: an Initial may stand behind another packet of the same datagram. */
    private static final int QUIC_LONG = 0xC0;

    private static final int FIRST_DTLS_TYPE = 20;
    private static final int LAST_DTLS_TYPE = 26;
    static final int WIREGUARD_INITIATION = 1;

    private record Sniffer(DatagramParser<?> parser, Recognised found) {
        Sniffer(DatagramParser<?> parser, Protocol protocol) {
            this(parser, Recognised.certain(protocol));
        }
    }

    // Made once: each session keeps what it was told.
    private static final Recognised NO_MATCH = Recognised.unknown(Basis.NO_MATCH);
    private static final Recognised MALFORMED = Recognised.unknown(Basis.MALFORMED);

    private static final List<Sniffer> SNIFFERS = List.of(
            new Sniffer(new StunParser(), Protocol.STUN),
            new Sniffer(new WireGuardParser(), Protocol.WIREGUARD),
            new Sniffer(new BitTorrentDatagramParser(), Protocol.BITTORRENT));

    private static final DnsDatagramReader DNS = DnsDatagramReader.onAnyPort();
    private static final DnsDatagramReader DNS_AT_HOME = DnsDatagramReader.onItsPort();

    private final MemoryBudget budget;
    private final Executor certificates;

    /** @param certificates where certificates are read, which takes too long for an event loop */
    public DatagramSniffers(MemoryBudget budget, Executor certificates) {
        this.budget = budget;
        this.certificates = certificates;
    }

    /**
     * For a session that begins, or one that may turn.
     *
     * @param port the server's
     * @param looks datagrams that were looked at before
     */
    public SessionHearing hear(Learner flow, int port, int looks) {
        return new SessionHearing(this, budget, certificates, flow, port, looks);
    }

    /** Whether a datagram that begins so may hold an Initial of QUIC. */
    static boolean longHeader(int first) {
        return (first & QUIC_LONG) == QUIC_LONG;
    }

    /**
     * Whether a client's datagram may begin a handshake of QUIC or DTLS. Hearing it costs the making of keys or the
     * reading of a hello, so there should be a bound to how many of them one client may send in a time.
     */
    public static boolean begins(ByteBuffer datagram) {
        int first = datagram.hasRemaining() ? datagram.get(datagram.position()) & 0xFF : 0;
        return longHeader(first) ? QuicWatch.hasInitial(datagram) : dtls(first) && DtlsWatch.begins(datagram);
    }

    /** Whether a datagram that begins so may be records of DTLS. */
    static boolean dtls(int first) {
        return first >= FIRST_DTLS_TYPE && first <= LAST_DTLS_TYPE;
    }

    /**
     * Whether a datagram of this side is worth a hearing: one of a session's first ones, while nobody recognises any, one of
     * DNS, or one that begins as a handshake does, which a client may hide behind something else that servers of datagrams
     * pass over.
     *
     * @param first its first byte
     * @param looks datagrams of its session that were looked at
     */
    public static boolean worthwhile(Side by, int first, int looks, Recognised known) {
        boolean handshake = longHeader(first) || dtls(first) || first == WIREGUARD_INITIATION;
        return (looks < LOOKS && known.protocol() == Protocol.UNKNOWN)
                || (by == Side.CLIENT && handshake)
                || speaksDns(known);
    }

    /** Each message of which says something: a tunnel asks all its questions from one port. */
    static boolean speaksDns(Recognised known) {
        return known.protocol() == Protocol.DNS && known.spoken().carrier().isEmpty();
    }

    /** Moves no index. */
    Optional<DnsFacts> dns(ByteBuffer datagram, boolean dnsPort) {
        return (dnsPort ? DNS_AT_HOME : DNS).parse(datagram) instanceof Parse.Done<DnsFacts> done
                ? Optional.of(done.value())
                : Optional.empty();
    }

    /** What a datagram shows of its session, QUIC and DTLS aside; moves no index. */
    Recognised ask(ByteBuffer datagram, boolean dnsPort) {
        // Without its cookie STUN shows little, and DNS is sound to the last byte.
        boolean cookie = datagram.remaining() >= COOKIE_END
                && datagram.getInt(datagram.position() + COOKIE_END - Integer.BYTES) == COOKIE;
        if (!cookie
                && (dnsPort ? DNS_AT_HOME : DNS).parse(datagram) instanceof Parse.Done<DnsFacts> done
                && done.value().relative() != DnsFacts.Relative.NETBIOS) {
            return Recognised.dns(done.value());
        }
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
