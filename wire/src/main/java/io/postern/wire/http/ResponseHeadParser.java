package io.postern.wire.http;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response's head as strictly as {@link RequestHeadParser} reads a request's.
 *
 * <pre>
 * HTTP/1.0|1 SP 3DIGIT [SP reason] CRLF        RFC 9112 section 4
 * *( name ":" OWS value OWS CRLF )             RFC 9112 section 5
 * CRLF
 * </pre>
 *
 * <p>The space before a missing reason may be missing too, as many servers have it; {@link ResponseHead#bytes()}
 * restores it. Never answers {@link Parse.NotThis}, and is decided after {@link HttpLimits#head()} bytes at the latest.
 */
public final class ResponseHeadParser implements Parser<ResponseHead> {

    public static final String LINE_TOO_LONG = "status line longer than the limit, RFC 9112 section 4";
    public static final String FIELDS_TOO_LARGE = "response fields longer than the limit, RFC 9110 section 5.4";
    public static final String FIELDS_TOO_MANY = "more response fields than the limit, RFC 9110 section 5.4";

    static final String VERSION = "status line does not start with HTTP/1.0 or HTTP/1.1, RFC 9112 section 4";
    static final String STATUS = "status is not three digits from 100 to 599, RFC 9110 section 15";
    static final String REASON = "control byte in reason, RFC 9112 section 4";

    private static final String DIGITS = "0123456789";

    private final HttpLimits limits;

    public ResponseHeadParser(HttpLimits limits) {
        this.limits = limits;
    }

    @Override
    public Parse<ResponseHead> parse(ByteBuffer bytes) {
        HeadScanner scan = new HeadScanner(bytes);
        ResponseHead head = head(scan);
        return head == null ? scan.stopped() : new Parse.Done<>(head, scan.consumed());
    }

    private @Nullable ResponseHead head(HeadScanner scan) {
        scan.atMost(limits.requestLine() + 2, LINE_TOO_LONG);
        if (!scan.literal("HTTP/1.", VERSION)) {
            return null;
        }
        int minor = scan.oneOf("01", VERSION);
        if (minor < 0 || !scan.literal(" ", VERSION)) {
            return null;
        }
        int status = status(scan);
        String reason = status < 0 ? null : reason(scan);
        if (reason == null) {
            return null;
        }
        scan.atMost(limits.headers(), FIELDS_TOO_LARGE);
        List<Field> fields = scan.fields(limits.fields(), FIELDS_TOO_MANY);
        return fields == null ? null : new ResponseHead(minor - '0', status, reason, fields);
    }

    private static int status(HeadScanner scan) {
        int hundreds = scan.oneOf("12345", STATUS);
        int tens = hundreds < 0 ? -1 : scan.oneOf(DIGITS, STATUS);
        int ones = tens < 0 ? -1 : scan.oneOf(DIGITS, STATUS);
        return ones < 0 ? -1 : (hundreds - '0') * 100 + (tens - '0') * 10 + ones - '0';
    }

    private static @Nullable String reason(HeadScanner scan) {
        if (scan.sees('\r')) {
            return scan.endOfLine(REASON) ? "" : null;
        }
        return scan.literal(" ", STATUS) ? scan.text(REASON) : null;
    }
}
