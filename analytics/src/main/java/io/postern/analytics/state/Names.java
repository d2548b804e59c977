package io.postern.analytics.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names of a table's entries, one behind the other. What is dropped leaves a hole; when there is no room the holes are
 * closed in place, and only if that gives little it grows.
 *
 * <pre>
 * slot (24) | length (8) | the name, a byte for each letter       slot is all ones where a name was dropped
 * </pre>
 */
final class Names {

    /** Longest name, that of DNS. What is longer is cut, and letters beyond Latin-1 are one letter. */
    static final int LONGEST = 253;

    private static final int HEAD = 4;
    private static final int DROPPED = 0xFFFFFF;
    private static final int SMALLEST = 64;

    private byte[] bytes = new byte[0];
    private int end;
    private int dropped;

    /** Is told where a name has gone. */
    interface Moved {
        void moved(int slot, int offset);
    }

    int add(int slot, String prefix, String name, Moved moved) {
        int length = length(prefix, name);
        makeRoom(HEAD + length, moved);
        int offset = end;
        writeSlot(offset, slot);
        bytes[offset + 3] = (byte) length;
        for (int i = 0; i < length; i++) {
            bytes[offset + HEAD + i] = letter(prefix, name, i);
        }
        end = offset + HEAD + length;
        return offset;
    }

    void drop(int offset) {
        writeSlot(offset, DROPPED);
        dropped += HEAD + length(offset);
    }

    String get(int offset) {
        return new String(bytes, offset + HEAD, length(offset), StandardCharsets.ISO_8859_1);
    }

    boolean equal(int offset, String prefix, String name) {
        int length = length(prefix, name);
        return length(offset) == length
                && equal(offset, 0, prefix, Math.min(length, prefix.length()))
                && equal(offset, prefix.length(), name, length - prefix.length());
    }

    private boolean equal(int offset, int from, String part, int letters) {
        byte[] kept = bytes;
        int at = offset + HEAD + from;
        for (int i = 0; i < letters; i++) {
            if (kept[at + i] != letter(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    long bytes() {
        return 16L + bytes.length;
    }

    private void makeRoom(int wanted, Moved moved) {
        if (end + wanted <= bytes.length) {
            return;
        }
        if (dropped > bytes.length / 4) {
            close(moved);
        }
        if (end + wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(SMALLEST, end + wanted + end / 12));
        }
    }

    private void close(Moved moved) {
        int to = 0;
        for (int from = 0; from < end; ) {
            int slot = readSlot(from);
            int length = HEAD + length(from);
            if (slot != DROPPED) {
                System.arraycopy(bytes, from, bytes, to, length);
                moved.moved(slot, to);
                to += length;
            }
            from += length;
        }
        end = to;
        dropped = 0;
    }

    int length(int offset) {
        return bytes[offset + 3] & 0xFF;
    }

    byte letter(int offset, int i) {
        return bytes[offset + HEAD + i];
    }

    static int length(String prefix, String name) {
        return Math.min(LONGEST, prefix.length() + name.length());
    }

    static byte letter(String prefix, String name, int i) {
        return letter(i < prefix.length() ? prefix.charAt(i) : name.charAt(i - prefix.length()));
    }

    private static byte letter(char letter) {
        return (byte) (letter > 0xFF ? '?' : letter);
    }

    private void writeSlot(int offset, int slot) {
        bytes[offset] = (byte) (slot >>> 16);
        bytes[offset + 1] = (byte) (slot >>> 8);
        bytes[offset + 2] = (byte) slot;
    }

    private int readSlot(int offset) {
        return ((bytes[offset] & 0xFF) << 16) | ((bytes[offset + 1] & 0xFF) << 8) | (bytes[offset + 2] & 0xFF);
    }
}
