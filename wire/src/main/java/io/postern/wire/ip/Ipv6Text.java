package io.postern.wire.ip;

import java.util.Optional;

/** IPv6 text: read as RFC 4291 2.2 allows, without zone id; written as RFC 5952 wants it. */
final class Ipv6Text {

    /** Six full groups and a full dotted quad. */
    private static final int MAX_TEXT = 45;

    private static final int BYTES = 16;

    private Ipv6Text() {}

    /** The 16 bytes, in network order; empty if the text is not an address. */
    static Optional<byte[]> parse(String text) {
        int length = text.length();
        if (length > MAX_TEXT) {
            return Optional.empty();
        }
        byte[] address = new byte[BYTES];
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, 0, length, address) == BYTES ? Optional.of(address) : Optional.empty();
        }
        byte[] tail = new byte[BYTES];
        int before = gap == 0 ? 0 : groups(text, 0, gap, address);
        int after = gap + 2 == length ? 0 : groups(text, gap + 2, length, tail);
        // The gap stands for at least one group of zeros.
        if (before < 0 || after < 0 || before + after > BYTES - 2) {
            return Optional.empty();
        }
        System.arraycopy(tail, 0, address, BYTES - after, after);
        return Optional.of(address);
    }

    /** Reads groups between colons, the last perhaps a dotted quad. Answers how many bytes they are, -1 if broken. */
    private static int groups(String text, int from, int to, byte[] address) {
        int written = 0;
        for (int start = from; start <= to; ) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 || colon > to ? to : colon;
            int read = end == to && text.lastIndexOf('.', end - 1) >= start
                    ? quad(text, start, end, address, written)
                    : group(text, start, end, address, written);
            if (read == 0) {
                return -1;
            }
            written += read;
            start = end + 1;
        }
        return written;
    }

    private static int quad(String text, int start, int end, byte[] address, int at) {
        long quad = end == text.length() ? Ipv4Text.parse(text, start) : -1;
        if (quad < 0 || at > BYTES - 4) {
            return 0;
        }
        System.arraycopy(Ipv4Text.bytes((int) quad), 0, address, at, 4);
        return 4;
    }

    private static int group(String text, int start, int end, byte[] address, int at) {
        if (end == start || end - start > 4 || at == BYTES) {
            return 0;
        }
        int group = 0;
        for (int digit = start; digit < end; digit++) {
            int value = hexadecimal(text.charAt(digit));
            if (value < 0) {
                return 0;
            }
            group = group << 4 | value;
        }
        address[at] = (byte) (group >>> 8);
        address[at + 1] = (byte) group;
        return 2;
    }

    /** Lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as ::. */
    static String write(byte[] address) {
        int runStart = -1;
        int runLength = 1;
        for (int group = 0; group < 8; group++) {
            int end = group;
            while (end < 8 && group(address, end) == 0) {
                end++;
            }
            if (end - group > runLength) {
                runStart = group;
                runLength = end - group;
            }
            group = Math.max(group, end - 1);
        }
        StringBuilder text = new StringBuilder(MAX_TEXT);
        for (int group = 0; group < 8; group++) {
            if (group == runStart) {
                text.append("::");
                group += runLength - 1;
            } else {
                if (group > 0 && group != runStart + runLength) {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(address, group)));
            }
        }
        return text.toString();
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xFF) << 8 | (address[2 * index + 1] & 0xFF);
    }

    /** The value of a hexadecimal digit in ASCII, or -1. */
    static int hexadecimal(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' && c < 0x80 ? lower - 'a' + 10 : -1;
    }
}
