package io.postern.wire.dialogue;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.Collection;

/** One line of text somewhere in a stream; ends in CRLF, or in LF alone as some old peers have it. */
final class Line {

    private Line() {}

    /**
     * The line from the absolute index {@code from}, without its end; {@code consumed} counts from there too.
     *
     * @param most bytes it may take, its end included; must be more than what a peer honestly says
     * @return {@code NotThis} for control bytes, {@code Malformed} by {@code tooLong} when it does not end in time
     */
    static Parse<String> read(ByteBuffer bytes, int from, int most, String tooLong) {
        int end = Math.min(bytes.limit(), from + most);
        for (int i = from; i < end; i++) {
            int octet = bytes.get(i) & 0xFF;
            if (octet == '\n') {
                int to = i > from && bytes.get(i - 1) == '\r' ? i - 1 : i;
                return new Parse.Done<>(ByteCursor.latin1(bytes, from, to), i + 1 - from);
            }
            boolean text = octet >= ' ' && octet != 0x7F;
            boolean endsNext = octet == '\r' && (i + 1 == end || bytes.get(i + 1) == '\n');
            if (!text && !endsNext && octet != '\t') {
                return Parse.notThis();
            }
        }
        return end - from == most
                ? new Parse.Malformed<>(tooLong)
                : new Parse.NeedMore<>(bytes.limit() - bytes.position() + 1);
    }

    /** Whether what is there from {@code from} on begins with one of these, or may yet; letters in any case. */
    static boolean mayBegin(ByteBuffer bytes, int from, Collection<String> upperCase) {
        for (String start : upperCase) {
            if (mayBegin(bytes, from, start)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayBegin(ByteBuffer bytes, int from, String start) {
        int shown = Math.min(bytes.limit() - from, start.length());
        for (int i = 0; i < shown; i++) {
            int octet = bytes.get(from + i);
            if ((octet >= 'a' && octet <= 'z' ? octet - 32 : octet) != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
