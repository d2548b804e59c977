package io.postern.dns.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Names as messages hold them, RFC 1035 section 4.1.4: labels of 1 to 63 bytes up to the root, or up to a pointer to what
 * stands before. A name whose pointers do not point back, or that is longer than {@value #LONGEST} bytes, is none.
 */
public final class WireName {

    /** Bytes with all lengths and the root's. */
    public static final int LONGEST = 255;

    private static final int LONGEST_LABEL = 63;
    private static final int POINTER = 0xC0;
    private static final byte[] NONE = {};

    private WireName() {}

    /** Where the name that begins there ends, its pointer not followed; -1 when it is none. */
    public static int end(byte[] message, int from, int length) {
        int at = from;
        while (at < length) {
            int label = message[at] & 0xFF;
            if (label == 0) {
                return at + 1;
            }
            if (label >= POINTER) {
                return at + 2 <= length ? at + 2 : -1;
            }
            at += 1 + label;
            if (label > LONGEST_LABEL || at - from >= LONGEST) {
                return -1;
            }
        }
        return -1;
    }

    /** The name in full, in lower case; nothing when it is none. */
    public static byte[] canonical(byte[] message, int from, int length) {
        byte[] name = new byte[LONGEST];
        int written = 0;
        int at = from;
        // Each pointer leads further to the front than all before it, so there is an end.
        int before = from;
        while (at < length) {
            int label = message[at] & 0xFF;
            if (label >= POINTER) {
                int target = at + 1 < length ? (label & ~POINTER) << 8 | (message[at + 1] & 0xFF) : before;
                if (target >= before || target < DnsHead.LENGTH) {
                    return NONE;
                }
                at = target;
                before = target;
                continue;
            }
            if (label > LONGEST_LABEL || at + 1 + label > length || written + 1 + label > LONGEST) {
                return NONE;
            }
            name[written++] = (byte) label;
            for (int i = 1; i <= label; i++) {
                name[written++] = lower(message[at + i]);
            }
            if (label == 0) {
                return Arrays.copyOf(name, written);
            }
            at += 1 + label;
        }
        return NONE;
    }

    /**
     * Whether none of a name that {@link #canonical} reads stands in those bytes, and what its pointers lead to stands
     * wholly before them: a prior occurrence of a name, RFC 1035 section 4.1.4. The question's name is taken for that.
     */
    static boolean avoids(byte[] message, int from, BitSet bytes) {
        int at = from;
        int before = from;
        int limit = message.length;
        while (at < message.length) {
            int label = message[at] & 0xFF;
            int length = label >= POINTER ? 2 : 1 + label;
            int taken = bytes.nextSetBit(at);
            if ((taken >= 0 && taken < at + length) || at + length > limit) {
                return false;
            }
            if (label == 0) {
                return true;
            }
            if (label < POINTER) {
                at += length;
                continue;
            }
            limit = at;
            at = at + 1 < message.length ? (label & ~POINTER) << 8 | (message[at + 1] & 0xFF) : before;
            // A pointer that does not lead to the front makes it no name at all.
            if (at <= DnsHead.LENGTH || at >= before) {
                return true;
            }
            before = at;
        }
        return true;
    }

    static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 0x20) : octet;
    }

    /** As lists and people write a canonical name: no last dot, RFC 1035's escapes, {@code .} of the root. */
    public static String text(byte[] canonical) {
        byte[] letters = new byte[Math.max(0, canonical.length - 2)];
        int label = 0;
        for (int at = 0; at < letters.length; at++) {
            byte octet = canonical[at + 1];
            boolean dot = at == label + canonical[label];
            if (dot) {
                label = at + 1;
            } else if (octet <= ' ' || octet == 0x7F || octet == '.' || octet == '\\') {
                return escaped(canonical);
            }
            letters[at] = dot ? (byte) '.' : octet;
        }
        return letters.length == 0 ? "." : new String(letters, StandardCharsets.ISO_8859_1);
    }

    /** Whether a name stands below a zone, both as {@link #text}: a dot behind an escape is a letter. */
    static boolean within(String name, String zone) {
        int dot = name.length() - zone.length() - 1;
        if (dot < 1 || name.charAt(dot) != '.' || !name.endsWith(zone)) {
            return false;
        }
        int before = dot;
        while (before > 0 && name.charAt(before - 1) == '\\') {
            before--;
        }
        // Two are one that is a letter.
        return (dot - before) % 2 == 0;
    }

    private static String escaped(byte[] canonical) {
        StringBuilder text = new StringBuilder(canonical.length);
        for (int at = 0; at < canonical.length && canonical[at] != 0; at += 1 + canonical[at]) {
            if (at > 0) {
                text.append('.');
            }
            for (int i = at + 1; i <= at + canonical[at]; i++) {
                octet(text, canonical[i] & 0xFF);
            }
        }
        return text.toString();
    }

    private static void octet(StringBuilder text, int octet) {
        if (octet == '.' || octet == '\\') {
            text.append('\\').append((char) octet);
        } else if (octet > ' ' && octet < 0x7F) {
            text.append((char) octet);
        } else {
            text.append('\\')
                    .append((char) ('0' + octet / 100))
                    .append((char) ('0' + octet / 10 % 10))
                    .append((char) ('0' + octet % 10));
        }
    }
}
