package io.postern.wire.protocol;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;

/**
 * Whether a message has the form of DNS to its last byte, RFC 1035 section 4.1. What it says is for others.
 *
 * <pre>
 * id16 | QR opcode4 AA TC RD | RA Z AD CD rcode4 | QD16 AN16 NS16 AR16
 *   | questions: name type16 class16 | records: name type16 class16 ttl32 length16 data
 * </pre>
 *
 * <p>There is no magic number: opcode 0, 2, 4 or 5, Z zero, one question (none or many in multicast, RFC 6762), classes
 * that exist, names of legal labels whose pointers point back, as many records as counted, and nothing behind them. What
 * passes by chance is one in more than 2⁶⁰. Reads each name's own labels only, so it is linear in the message.
 */
public final class DnsForm {

    public static final int HEADER = 12;

    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int Z = 0x0040;
    private static final int RCODE = 0x000F;
    private static final int LAST_RCODE = 11;
    private static final int MOST_QUESTIONS = 64;
    private static final int SHORTEST_QUESTION = 5;
    private static final int SHORTEST_RECORD = 11;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_LABEL = 63;
    private static final int POINTER = 0xC0;
    private static final int OPT = 41;
    /** Cache flush, or an answer by unicast wanted: RFC 6762 sections 5.4 and 10.2. */
    private static final int MULTICAST = 0x8000;

    private DnsForm() {}

    /** @param from absolute index of the message, all {@code length} bytes of which are there */
    public static boolean sound(ByteBuffer bytes, int from, int length) {
        if (length < HEADER + SHORTEST_QUESTION || !soundFlags(bytes, from)) {
            return false;
        }
        ByteCursor message = ByteCursor.over(bytes, from, length);
        message.skip(2);
        int flags = message.u16();
        int questions = message.u16();
        int records = message.u16() + message.u16();
        int additional = message.u16();
        if (!soundCounts(flags, questions, records + additional, length)) {
            return false;
        }
        for (int i = 0; i < questions; i++) {
            if (!name(message, length) || message.u16() == 0 || !soundClass(message.u16())) {
                return false;
            }
        }
        for (int i = 0; i < records + additional; i++) {
            if (!record(message, length)) {
                return false;
            }
        }
        return message.isEmpty() && !message.ranShort();
    }

    /** By the first four bytes, which are there. */
    private static boolean soundFlags(ByteBuffer bytes, int from) {
        int flags = (bytes.get(from + 2) & 0xFF) << 8 | (bytes.get(from + 3) & 0xFF);
        int opcode = (flags & OPCODE) >> 11;
        boolean known = opcode == 0 || opcode == 2 || opcode == 4 || opcode == 5;
        int rcode = flags & RCODE;
        return known && (flags & Z) == 0 && ((flags & RESPONSE) == 0 ? rcode == 0 : rcode <= LAST_RCODE);
    }

    private static boolean soundCounts(int flags, int questions, int records, int length) {
        if (HEADER + questions * SHORTEST_QUESTION + records * SHORTEST_RECORD > length || questions + records == 0) {
            return false;
        }
        // Only answers do without a question, and only multicast asks many.
        return questions == 1 || (questions <= MOST_QUESTIONS && ((flags & RESPONSE) != 0 || questions > 1));
    }

    private static boolean soundClass(int recordClass) {
        int plain = recordClass & ~MULTICAST;
        return (plain >= 1 && plain <= 4) || recordClass == 254 || plain == 255;
    }

    private static boolean record(ByteCursor message, int length) {
        if (!name(message, length)) {
            return false;
        }
        int type = message.u16();
        int recordClass = message.u16();
        message.skip(4);
        message.vector16();
        return type != 0 && !message.ranShort() && (type == OPT || soundClass(recordClass));
    }

    /** Labels up to the root or a pointer to what stands before. */
    private static boolean name(ByteCursor message, int length) {
        int start = length - message.remaining();
        int read = 0;
        for (int label = message.u8(); label != 0; label = message.u8()) {
            if (label >= POINTER) {
                int target = (label & ~POINTER) << 8 | message.u8();
                return !message.ranShort() && target >= HEADER && target < start + read;
            }
            read += 1 + label;
            message.skip(label);
            if (label > LONGEST_LABEL || read >= LONGEST_NAME || message.ranShort()) {
                return false;
            }
        }
        return !message.ranShort();
    }
}
