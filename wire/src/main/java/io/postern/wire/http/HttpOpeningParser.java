package io.postern.wire.http;

import io.postern.wire.ByteCursor;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/**
 * Recognises HTTP/1.x in somebody else's stream by its request line.
 *
 * <pre>
 * *( [CR] LF ) method SP target SP HTTP/1.DIGIT [CR] LF     the line makes it certain
 * *( field [CR] LF ) [CR] LF                          read leniently for four names
 * </pre>
 *
 * <p>Any method will do, so protocols with other words at the end of their line (HTTP/2's preface, RTSP, SIP, ICAP) are
 * refused there, and everything else at the first octet that cannot be part of such a line. Never answers
 * {@link Parse.Malformed}. Looks at {@code maxBytes} at most and is decided there.
 */
public final class HttpOpeningParser implements Parser<HttpOpening> {

    private static final int LONGEST_METHOD = 32;
    private static final String VERSION = " HTTP/1.";

    private final int maxBytes;

    /**
     * @param maxBytes at least 64
     */
    public HttpOpeningParser(int maxBytes) {
        if (maxBytes < 64) {
            throw new IllegalArgumentException("max-bytes is " + maxBytes + ", must be at least 64");
        }
        this.maxBytes = maxBytes;
    }

    @Override
    public Parse<HttpOpening> parse(ByteBuffer bytes) {
        return parse(bytes, bytes.remaining() >= maxBytes);
    }

    /** When no more can come: a whole request line is enough, and nothing is waited for. */
    public Parse<HttpOpening> last(ByteBuffer bytes) {
        return parse(bytes, true);
    }

    /** @param full whether to be decided with what is there */
    private Parse<HttpOpening> parse(ByteBuffer bytes, boolean full) {
        int start = bytes.position();
        int end = start + Math.min(bytes.remaining(), maxBytes);
        int method = afterEmptyLines(bytes, start, end);
        int space = method < 0 ? -1 : methodEnd(bytes, method, end);
        int feed = space < 0 ? -1 : lineFeed(bytes, space, end);
        if (feed < 0 || feed >= end) {
            return feed < 0 || full ? Parse.notThis() : new Parse.NeedMore<>(end - start + 1);
        }
        int target = versionStart(bytes, space, feed);
        if (target < 0) {
            return Parse.notThis();
        }
        OpeningFields fields = new OpeningFields(bytes, feed + 1, end);
        if (!fields.complete() && !full) {
            return new Parse.NeedMore<>(end - start + 1);
        }
        HttpOpening opening = new HttpOpening(
                ByteCursor.latin1(bytes, method, space),
                host(bytes, space + 1, target).or(fields::host),
                fields.userAgent(),
                fields.websocketUpgrade(),
                fields.complete());
        return new Parse.Done<>(opening, fields.end() - start);
    }

    /**
     * Servers read over an empty line, some clients send one after the body before (RFC 9112 section 2.2), and many read
     * over any number: what stands behind them is a request all the same. -1 when something else is there.
     */
    private static int afterEmptyLines(ByteBuffer bytes, int start, int end) {
        int at = start;
        while (at < end && (bytes.get(at) == '\r' || bytes.get(at) == '\n')) {
            if (bytes.get(at) == '\r' && at + 1 < end && bytes.get(at + 1) != '\n') {
                return -1;
            }
            at++;
        }
        return at;
    }

    /** Where the space is, {@code end} while it may still come, -1 when this is no method. */
    private static int methodEnd(ByteBuffer bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            int octet = bytes.get(i) & 0xFF;
            if (octet == ' ' && i > from) {
                return i;
            }
            if (!Octets.TOKEN[octet] || i - from == LONGEST_METHOD) {
                return -1;
            }
        }
        return end;
    }

    /** Where the line feed is, {@code end} while it may still come, -1 when this is no line of text. */
    private static int lineFeed(ByteBuffer bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            int octet = bytes.get(i) & 0xFF;
            if (octet == '\n') {
                return i;
            }
            if (!Octets.TEXT[octet] && (octet != '\r' || (i + 1 < end && bytes.get(i + 1) != '\n'))) {
                return -1;
            }
        }
        return end;
    }

    /** Where the space before the version is, -1 when the line does not end in one. */
    private static int versionStart(ByteBuffer bytes, int space, int feed) {
        int lineEnd = bytes.get(feed - 1) == '\r' ? feed - 1 : feed;
        int start = lineEnd - VERSION.length() - 1;
        // At least one octet of target between the two spaces.
        if (start < space + 2 || bytes.get(lineEnd - 1) < '0' || bytes.get(lineEnd - 1) > '9') {
            return -1;
        }
        return ByteCursor.latin1(bytes, start, lineEnd - 1).equals(VERSION) ? start : -1;
    }

    private static Optional<String> host(ByteBuffer bytes, int from, int to) {
        String target = ByteCursor.latin1(bytes, from, to);
        int authority = target.indexOf("://") + 3;
        if (authority < 3
                || !target.substring(0, authority).toLowerCase(Locale.ROOT).equals("http://")) {
            return Optional.empty();
        }
        int path = authority;
        while (path < target.length() && "/?#".indexOf(target.charAt(path)) < 0) {
            path++;
        }
        return path == authority ? Optional.empty() : Optional.of(target.substring(authority, path));
    }
}
