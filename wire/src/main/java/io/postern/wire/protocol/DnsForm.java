package io.postern.wire.protocol;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;

/**
 * Whether a message has the form of DNS, RFC 1035 section 4.1. What it says is for others.
 *
 * <pre>
 * id16 | QR opcode4 AA TC RD | RA Z AD CD rcode4 | QD16 AN16 NS16 AR16
 *   | questions: name type16 class16 | records: name type16 class16 ttl32 length16 data
 * </pre>
 *
 * <p>There is no magic number. {@link #sound} has it right to the last byte: opcode 0, 2, 4 or 5, one question (none or
 * many in multicast, RFC 6762), classes that exist, names of legal labels whose pointers point back, as many records as
 * counted, nothing behind them; with {@link #asks}, a question about a host's name can be read, whatever is behind it:
 * some pad with rubbish, some are cut. What passes either by chance is one in more than 2⁵⁰. {@link #damaged} and {@link
 * #mayAsk} ask less and are for DNS's own port only. A query's RCODE, TC and Z say nothing: servers answer whatever stands
 * there, so that one bit would hide it. Names are read without following their pointers, so all is linear in the message.
 */
public final class DnsForm {

    public static final int HEADER = 12;

    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x0F;
    private static final int RESPONSE_AND_OPCODE = 0xF8;
    private static final int RCODE = 0x0F;
    private static final int LAST_RCODE = 11;
    private static final int MOST_QUESTIONS = 64;
    private static final int SHORTEST_QUESTION = 5;
    private static final int SHORTEST_RECORD = 11;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_LABEL = 63;
    private static final int POINTER = 0xC0;
    private static final int OPT = 41;
    /** HTTPS is 65; 66 to 248 are rare or not assigned. */
    private static final int LAST_TYPE = 65;

    /** TKEY to CAA, among them what only questions have. */
    private static final int FIRST_META_TYPE = 249;

    private static final int LAST_META_TYPE = 257;
    private static final int FEW_RECORDS = 32;
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

    /**
     * Whether a question of the commonest form stands behind the header, two labels at least of letters, digits, hyphens
     * and underscores: then neither counts nor records need be right.
     */
    public static boolean asks(ByteBuffer bytes, int from, int length) {
        if (length < HEADER + SHORTEST_QUESTION || !soundFlags(bytes, from) || opcode(bytes, from) != 0) {
            return false;
        }
        ByteCursor question = ByteCursor.over(bytes, from + HEADER, length - HEADER);
        int labels = hostLabels(bytes, question, from + length);
        int type = question.u16();
        int recordClass = question.u16();
        return labels >= 2 && !question.ranShort() && commonType(type) && soundClass(recordClass);
    }

    /**
     * Whether what is left of a message that was damaged on its way is DNS where the port says so: flags as they should
     * be, one question, no answer to a query and few in a response. That is 40 bits, and too little elsewhere. What {@link
     * #mayAsk} is it too.
     */
    public static boolean damaged(ByteBuffer bytes, int from, int length) {
        if (length < HEADER + SHORTEST_QUESTION || !soundFlags(bytes, from)) {
            return false;
        }
        ByteCursor counts = ByteCursor.over(bytes, from + 4, 4);
        boolean one = counts.u16() == 1;
        int answers = counts.u16();
        boolean few = bytes.get(from + 2) < 0 ? answers <= FEW_RECORDS : answers == 0 && rcode(bytes, from) == 0;
        return (one && few) || mayAsk(bytes, from, length, length);
    }

    /**
     * Whether a message is a question where the port says that it should be: a query of opcode 0 with one question, which
     * can be read unless the header has neither error nor answers. Servers answer whatever RCODE, TC, Z and the other
     * counts say (unbound the first, BIND all of them). That is 40 bits either way.
     *
     * @param shown how many bytes of it are there; then false says that it is none whatever comes
     * @param length of all of it
     */
    public static boolean mayAsk(ByteBuffer bytes, int from, int shown, int length) {
        boolean other = length < HEADER + SHORTEST_QUESTION
                || (shown > 2 && (bytes.get(from + 2) & RESPONSE_AND_OPCODE) != 0)
                || (shown > 4 && bytes.get(from + 4) != 0)
                || (shown > 5 && bytes.get(from + 5) != 1);
        if (other) {
            return false;
        }
        boolean bare = (shown <= 3 || rcode(bytes, from) == 0)
                && (shown <= 6 || bytes.get(from + 6) == 0)
                && (shown <= 7 || bytes.get(from + 7) == 0);
        return bare || shown <= HEADER || question(bytes, from, shown, length);
    }

    private static boolean question(ByteBuffer bytes, int from, int shown, int length) {
        ByteCursor question = ByteCursor.over(bytes, from + HEADER, shown - HEADER);
        if (!name(question, shown)) {
            return question.ranShort() && shown < length;
        }
        int type = question.u16();
        int recordClass = question.u16();
        return question.ranShort() ? shown < length : type != 0 && soundClass(recordClass);
    }

    /** By the first four bytes, which are there. Z is zero by the RFC, as a query's RCODE is, and not with all. */
    private static boolean soundFlags(ByteBuffer bytes, int from) {
        int opcode = opcode(bytes, from);
        boolean known = opcode == 0 || opcode == 2 || opcode == 4 || opcode == 5;
        return known && (bytes.get(from + 2) >= 0 || rcode(bytes, from) <= LAST_RCODE);
    }

    private static int rcode(ByteBuffer bytes, int from) {
        return bytes.get(from + 3) & RCODE;
    }

    private static int opcode(ByteBuffer bytes, int from) {
        return bytes.get(from + 2) >> 3 & OPCODE;
    }

    private static boolean commonType(int type) {
        return (type >= 1 && type <= LAST_TYPE) || (type >= FIRST_META_TYPE && type <= LAST_META_TYPE);
    }

    /** How many labels up to the root, the cursor behind it; 0 when one is none of a host. */
    private static int hostLabels(ByteBuffer bytes, ByteCursor name, int end) {
        int labels = 0;
        for (int label = name.u8(); label != 0; label = name.u8()) {
            int at = end - name.remaining();
            name.skip(label);
            if (label > LONGEST_LABEL || name.ranShort() || !hostLabel(bytes, at, label)) {
                return 0;
            }
            labels++;
        }
        return labels;
    }

    private static boolean hostLabel(ByteBuffer bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            int octet = bytes.get(i);
            boolean letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
            if (!letter && (octet < '0' || octet > '9') && octet != '-' && octet != '_') {
                return false;
            }
        }
        return true;
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
            if (label > LONGEST_LABEL || read >= LONGEST_NAME) {
                return false;
            }
            message.skip(label);
        }
        return !message.ranShort();
    }
}
