package io.postern.tls.quic;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The header of one packet of a handshake.
 *
 * <pre>
 * 1, fixed 1, type 2, protected 4 | version32 | length8, destination id | length8, source id
 *   | Initial: token length, token | length, packet number and payload
 *   | 0-RTT, Handshake:              length, packet number and payload
 *   | Retry:                         token, integrity tag 16
 * </pre>
 *
 * <p>RFC 9000 section 17.2; the fixed bit may be greased (RFC 9287). The ids' lengths and the version are where they are in any version (RFC 8999 section 5.1).
 *
 * @param start where the packet begins, an absolute index like the others
 * @param destination where the destination id begins
 * @param source where the source id begins
 * @param rest where the packet number begins; of a Retry or version negotiation, what follows the ids
 * @param end behind the packet's last byte
 */
record LongHeader(
        Type type,
        int version,
        int start,
        int destination,
        int destinationLength,
        int source,
        int sourceLength,
        int rest,
        int end) {

    enum Type {
        INITIAL,
        EARLY,
        HANDSHAKE,
        RETRY,
        NEGOTIATION,
        /** Long, and of a version whose packets are not known further. */
        OTHER
    }

    private static final Type[] FIRST = {Type.INITIAL, Type.EARLY, Type.HANDSHAKE, Type.RETRY};
    /** RFC 9369 section 3.2. */
    private static final Type[] SECOND = {Type.RETRY, Type.INITIAL, Type.EARLY, Type.HANDSHAKE};

    private static final int LONG = 0x80;
    private static final int LONGEST_ID = 20;
    private static final int IDS = 6;

    /** Null when there is no long header or its packet is longer than the datagram. */
    static @Nullable LongHeader read(ByteBuffer datagram, int start, int limit) {
        ByteCursor header = ByteCursor.over(datagram, start, limit - start);
        int first = header.u8();
        int version = header.u16() << 16 | header.u16();
        int destination = start + IDS;
        int destinationLength = header.vector8().remaining();
        int source = destination + destinationLength + 1;
        int sourceLength = header.vector8().remaining();
        if ((first & LONG) == 0 || header.ranShort()) {
            return null;
        }
        Type type = type(first, version);
        int rest = limit - header.remaining();
        if (type == Type.NEGOTIATION || type == Type.OTHER) {
            return new LongHeader(
                    type, version, start, destination, destinationLength, source, sourceLength, rest, limit);
        }
        boolean fits = destinationLength <= LONGEST_ID && sourceLength <= LONGEST_ID;
        int end = limit;
        if (fits && type != Type.RETRY) {
            fits = type != Type.INITIAL || skipped(header, integer(header));
            long length = integer(header);
            rest = limit - header.remaining();
            fits &= skipped(header, length);
            end = limit - header.remaining();
        }
        return fits
                ? new LongHeader(type, version, start, destination, destinationLength, source, sourceLength, rest, end)
                : null;
    }

    private static Type type(int first, int version) {
        if (version == QuicVersions.NEGOTIATION) {
            return Type.NEGOTIATION;
        }
        if (!QuicVersions.opens(version)) {
            return Type.OTHER;
        }
        return (QuicVersions.second(version) ? SECOND : FIRST)[first >> 4 & 3];
    }

    private static boolean skipped(ByteCursor header, long length) {
        if (length > header.remaining()) {
            return false;
        }
        header.skip((int) length);
        return !header.ranShort();
    }

    /** A variable-length integer, RFC 9000 section 16. */
    static long integer(ByteCursor bytes) {
        int first = bytes.u8();
        long value = first & 0x3F;
        for (int more = (1 << (first >> 6)) - 1; more > 0; more--) {
            value = value << 8 | bytes.u8();
        }
        return value;
    }
}
