package io.postern.tls.quic;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a datagram of QUIC that cannot be opened, because the client's first one was missed or nobody has the key:
 * by a version that is known and by lengths that add up, or by a handshake of Google's in clear. A short header shows
 * nothing. Stateless.
 */
public final class QuicShape {

    /** What a version negotiation has in the place of a version. */
    public static final int NEGOTIATION = QuicVersions.NEGOTIATION;

    /** Google QUIC's public header: a version and a connection id of eight bytes are there, no reset, no multipath. */
    private static final int GOOGLE_FLAGS = 0x09;

    private static final int GOOGLE_OTHER_FLAGS = 0xC2;
    private static final int GOOGLE_ID = 8;

    private static final int LONG_AND_FIXED = 0xC0;
    private static final int SHORTEST_CHOSEN_ID = 8;
    private static final int LONGEST_ID = 20;
    private static final int SHORTEST_FIRST = 1200;

    /** The shortest number and payload header protection can be taken from, RFC 9001 section 5.4.2. */
    private static final int SHORTEST_REST = 20;

    /** The version it shows, {@link #NEGOTIATION} of a negotiation; null when it need not be QUIC. */
    public static @Nullable Integer version(ByteBuffer datagram) {
        LongHeader header = LongHeader.read(datagram, datagram.position(), datagram.limit());
        if (header == null || header.type() == LongHeader.Type.OTHER) {
            Integer google = google(datagram);
            if (header == null || google != null) {
                return google;
            }
        }
        boolean fixed = (datagram.get(header.start()) & LONG_AND_FIXED) == LONG_AND_FIXED;
        boolean shown =
                switch (header.type()) {
                    case INITIAL, EARLY, HANDSHAKE ->
                        fixed && header.end() - header.rest() >= SHORTEST_REST && goesOn(datagram, header);
                    case NEGOTIATION -> offers(datagram, header);
                    // A Retry has no length to check.
                    case RETRY -> false;
                    case OTHER -> fixed && refused(datagram, header);
                };
        return shown ? Integer.valueOf(header.version()) : null;
    }

    /** Whether what follows is another packet of the version, a short one, padding, or nothing. */
    private static boolean goesOn(ByteBuffer datagram, LongHeader first) {
        int at = first.end();
        while (at < datagram.limit()) {
            LongHeader next = LongHeader.read(datagram, at, datagram.limit());
            int octet = datagram.get(at) & 0xFF;
            if (next == null) {
                return octet == 0 || (octet & LONG_AND_FIXED) == (LONG_AND_FIXED & ~0x80);
            }
            if (next.version() != first.version()) {
                return false;
            }
            at = next.end();
        }
        return true;
    }

    private static boolean offers(ByteBuffer datagram, LongHeader header) {
        int length = header.end() - header.rest();
        ByteCursor versions = ByteCursor.over(datagram, header.rest(), length);
        boolean known = false;
        while (length % 4 == 0 && !versions.isEmpty()) {
            int version = versions.u16() << 16 | versions.u16();
            known |= QuicVersions.opens(version) || QuicVersions.google(version);
        }
        return known;
    }

    private static boolean refused(ByteBuffer datagram, LongHeader header) {
        return QuicVersions.reserved(header.version())
                && header.destinationLength() >= SHORTEST_CHOSEN_ID
                && header.destinationLength() <= LONGEST_ID
                && header.sourceLength() <= LONGEST_ID
                && datagram.remaining() >= SHORTEST_FIRST;
    }

    /**
     * {@code flags | connection id 8 | version32 | packet number …} up to Q043, then {@code flags | version32 | …}, where
     * lengths of ids are not as the IETF has them.
     */
    private static @Nullable Integer google(ByteBuffer datagram) {
        ByteCursor header = ByteCursor.over(datagram);
        int flags = header.u8();
        boolean old = (flags & GOOGLE_FLAGS) == GOOGLE_FLAGS && (flags & GOOGLE_OTHER_FLAGS) == 0;
        header.skip(old ? GOOGLE_ID : 0);
        int version = header.u16() << 16 | header.u16();
        boolean fits = old || (flags & LONG_AND_FIXED) == LONG_AND_FIXED;
        if (fits && !header.ranShort() && QuicVersions.google(version)) {
            return version;
        }
        return GoogleHandshake.in(datagram) ? Integer.valueOf(QuicVersions.GOOGLE_UNSAID) : null;
    }

    private QuicShape() {}
}
