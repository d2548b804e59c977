package io.postern.wire.http;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass over the lines of a head.
 *
 * <p>Every octet is judged once and in order, so the first fault decides however the bytes were cut. A step that answers
 * null or false has met the end of the bytes or a fault; {@link #stopped()} says which.
 */
final class HeadScanner {

    static final String BARE_LF = "LF without CR, RFC 9112 section 2.2";
    static final String BARE_CR = "CR without LF, RFC 9112 section 2.2";
    static final String FOLDED = "field line starts with whitespace, RFC 9112 section 5.2";
    static final String FIELD_NAME = "field name is not a token followed by a colon, RFC 9112 section 5.1";
    static final String FIELD_VALUE = "control byte in field value, RFC 9110 section 5.5";

    private final ByteBuffer bytes;
    private final int start;
    private final int end;
    private int at;
    private int cap = Integer.MAX_VALUE;
    private String tooLong = "";
    private @Nullable String fault;

    HeadScanner(ByteBuffer bytes) {
        this.bytes = bytes;
        this.start = bytes.position();
        this.end = bytes.limit();
        this.at = start;
    }

    /** From here on {@code room} octets at most; needing one more is this fault, whether or not it is there. */
    void atMost(int room, String rule) {
        cap = (int) Math.min(Integer.MAX_VALUE, (long) at + room);
        tooLong = rule;
    }

    /** One or more octets of the class up to the stop octet, which is read too. */
    @Nullable
    String word(boolean[] allowed, int stop, String rule) {
        int from = at;
        for (int octet = next(); octet >= 0; octet = next()) {
            if (octet == stop && at - 1 > from) {
                return ByteCursor.latin1(bytes, from, at - 1);
            }
            if (!allowed[octet]) {
                fail(octet, rule);
                return null;
            }
        }
        return null;
    }

    /** Exactly these octets. */
    boolean literal(String text, String rule) {
        for (int i = 0; i < text.length(); i++) {
            int octet = next();
            if (octet != text.charAt(i)) {
                fail(octet, rule);
                return false;
            }
        }
        return true;
    }

    /** One octet that is one of these, or -1. */
    int oneOf(String octets, String rule) {
        int octet = next();
        if (octet >= 0 && octets.indexOf(octet) < 0) {
            fail(octet, rule);
            return -1;
        }
        return octet;
    }

    /** Octets of text to the end of the line, which is read too; without whitespace at their ends. */
    @Nullable
    String text(String rule) {
        int from = at;
        for (int octet = next(); octet >= 0; octet = next()) {
            if (octet == '\r') {
                int to = at - 1;
                return lineFeed() ? trimmed(from, to) : null;
            }
            if (!Octets.TEXT[octet]) {
                fail(octet, rule);
                return null;
            }
        }
        return null;
    }

    boolean endOfLine(String rule) {
        int octet = oneOf("\r", rule);
        return octet >= 0 && lineFeed();
    }

    /** Whether the next octet, not yet read, is this one; false at the end of the bytes too. */
    boolean sees(int octet) {
        return readable() && (bytes.get(at) & 0xFF) == octet;
    }

    /** Field lines up to and with the empty line. */
    @Nullable
    List<Field> fields(int most, String tooMany) {
        List<Field> fields = new ArrayList<>(Math.min(most, 12));
        while (!sees('\r')) {
            if (sees(' ') || sees('\t')) {
                fault = FOLDED;
                return null;
            }
            if (readable() && fields.size() == most) {
                fault = tooMany;
                return null;
            }
            String name = word(Octets.TOKEN, ':', FIELD_NAME);
            String value = name == null ? null : text(FIELD_VALUE);
            if (name == null || value == null) {
                return null;
            }
            fields.add(new Field(name, value));
        }
        return endOfLine(FIELD_NAME) ? fields : null;
    }

    int consumed() {
        return at - start;
    }

    /** Why the last step did not come to its end. */
    <T> Parse<T> stopped() {
        return fault == null ? new Parse.NeedMore<>(end - start + 1) : new Parse.Malformed<>(fault);
    }

    private int next() {
        if (at >= cap) {
            fault = tooLong;
            return -1;
        }
        return at < end ? bytes.get(at++) & 0xFF : -1;
    }

    private boolean lineFeed() {
        return oneOf("\n", BARE_CR) >= 0;
    }

    private boolean readable() {
        return at < end && at < cap;
    }

    private String trimmed(int from, int to) {
        int first = from;
        int last = to;
        while (first < last && Octets.blank(bytes.get(first))) {
            first++;
        }
        while (last > first && Octets.blank(bytes.get(last - 1))) {
            last--;
        }
        return ByteCursor.latin1(bytes, first, last);
    }

    /** The end of the bytes, a negative octet, is no fault. */
    private void fail(int octet, String rule) {
        if (octet >= 0) {
            fault = octet == '\n' ? BARE_LF : rule;
        }
    }
}
