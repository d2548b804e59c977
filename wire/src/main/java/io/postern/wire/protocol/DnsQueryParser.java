package io.postern.wire.protocol;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Recognises DNS by the client's first query, RFC 1035 sections 4.1 and 4.2.2, RFC 7766.
 *
 * <pre>
 * length16 | id16 | QR 0, opcode 0, AA 0, TC 0, RD | RA 0, Z 0, AD, CD, rcode 0 | QD 1 | AN 0 | NS | AR
 *          | name | type16 | class16 | records
 * </pre>
 *
 * <p>There is no magic number, so every field must be as a resolver writes it and the records must end where the
 * length says: what passes by chance is one in more than 2⁸⁰. Never answers {@link Parse.Malformed}.
 */
public final class DnsQueryParser implements Parser<DnsQuery> {

    /** Queries are short, padded ones too (RFC 8467: blocks of 128 bytes); and no text begins with a length like that. */
    private static final int LONGEST = 2048;

    private static final int LENGTH = 2;
    private static final int HEADER = 12;
    /** The root's name, type and class. */
    private static final int SHORTEST = HEADER + 5;
    /**
     * Bits of length and header that differ between queries: RD, AD and CD (RFC 4035 section 3.2); one record of
     * authority (an IXFR's, RFC 1995 section 3), up to three additional ones (OPT, a signature).
     */
    private static final int[] FREE = {0x0F, 0xFF, 0xFF, 0xFF, 0x01, 0x30, 0, 0, 0, 0, 0, 1, 0, 3};

    /** The others; but for the one question all are zero. */
    private static final int[] FIXED = {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_LABEL = 63;
    private static final int POINTER = 0xC0;
    private static final int IXFR = 251;
    /** IN, CH, HS, NONE, ANY. */
    private static final Set<Integer> CLASSES = Set.of(1, 3, 4, 254, 255);

    @Override
    public Parse<DnsQuery> parse(ByteBuffer bytes) {
        int shown = bytes.remaining();
        if (!mayBegin(bytes, Math.min(shown, LENGTH + HEADER))) {
            return Parse.notThis();
        }
        if (shown < LENGTH + HEADER) {
            return new Parse.NeedMore<>(LENGTH + SHORTEST);
        }
        int length = ByteCursor.over(bytes).u16();
        return shown < LENGTH + length
                ? new Parse.NeedMore<>(LENGTH + length)
                : message(ByteCursor.over(bytes, bytes.position() + LENGTH, length), LENGTH + length);
    }

    /** A query without its length, which is all there is: as a datagram carries it. */
    public static Parse<DnsQuery> alone(ByteBuffer bytes) {
        int length = bytes.remaining();
        return length >= SHORTEST && length <= LONGEST && fits(bytes, HEADER, LENGTH)
                ? message(ByteCursor.over(bytes), length)
                : Parse.notThis();
    }

    /** As far as it is there: what others begin with a zero must not wait for twelve more bytes. */
    private static boolean mayBegin(ByteBuffer bytes, int shown) {
        if (!fits(bytes, shown, 0)) {
            return false;
        }
        int length = shown < LENGTH ? SHORTEST : ByteCursor.over(bytes).u16();
        return length >= SHORTEST && length <= LONGEST;
    }

    /** @param skipped of length and header before the first byte */
    private static boolean fits(ByteBuffer bytes, int shown, int skipped) {
        int from = bytes.position();
        for (int i = 0; i < shown; i++) {
            if ((bytes.get(from + i) & 0xFF & ~FREE[skipped + i]) != FIXED[skipped + i]) {
                return false;
            }
        }
        return true;
    }

    private static Parse<DnsQuery> message(ByteCursor message, int whole) {
        message.skip(8);
        int authority = message.u16();
        int additional = message.u16();
        boolean sound = name(message, false);
        DnsQuery query = new DnsQuery(message.u16(), message.u16());
        // Only an incremental transfer says what its asker has.
        sound &= query.type() != 0 && CLASSES.contains(query.recordClass()) && (authority == 0 || query.type() == IXFR);
        for (int i = 0; i < authority + additional && sound; i++) {
            sound = record(message);
        }
        return sound && !message.ranShort() && message.isEmpty() ? new Parse.Done<>(query, whole) : Parse.notThis();
    }

    private static boolean record(ByteCursor message) {
        boolean sound = name(message, true);
        message.skip(8);
        message.vector16();
        return sound && !message.ranShort();
    }

    /** Labels up to the root, or to a pointer where one may stand. */
    private static boolean name(ByteCursor message, boolean pointers) {
        int length = 0;
        for (int label = message.u8(); label != 0; label = message.u8()) {
            if (label >= POINTER && pointers) {
                message.skip(1);
                return true;
            }
            length += 1 + label;
            message.skip(label);
            if (label > LONGEST_LABEL || length >= LONGEST_NAME || message.ranShort()) {
                return false;
            }
        }
        return !message.ranShort();
    }
}
