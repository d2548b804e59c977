package io.postern.wire.http;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's head as strictly as RFC 9112 allows a server to.
 *
 * <pre>
 * [CRLF]                                       one empty line is forgiven, section 2.2
 * method SP request-target SP HTTP/1.0|1 CRLF  section 3
 * *( name ":" OWS value OWS CRLF )             section 5
 * CRLF
 * </pre>
 *
 * <p>Never answers {@link Parse.NotThis}, and is decided after {@link HttpLimits#head()} bytes at the latest. A head
 * that can be read may still have to be refused: ask {@link RequestHead#conformance()}.
 */
public final class RequestHeadParser implements Parser<RequestHead> {

    /** Answer 414. */
    public static final String LINE_TOO_LONG = "request line longer than the limit, RFC 9112 section 3";

    /** Answer 431. */
    public static final String FIELDS_TOO_LARGE = "fields longer than the limit, RFC 6585 section 5";

    /** Answer 431. */
    public static final String FIELDS_TOO_MANY = "more fields than the limit, RFC 6585 section 5";

    /** Answer 505. */
    public static final String VERSION = "version is not HTTP/1.0 or HTTP/1.1, RFC 9112 section 2.3";

    static final String METHOD = "method is not a token and one space, RFC 9112 section 3";
    static final String TARGET = "request target is not visible ASCII and one space, RFC 9112 section 3.2";

    private final HttpLimits limits;

    public RequestHeadParser(HttpLimits limits) {
        this.limits = limits;
    }

    @Override
    public Parse<RequestHead> parse(ByteBuffer bytes) {
        HeadScanner scan = new HeadScanner(bytes);
        RequestHead head = head(scan);
        return head == null ? scan.stopped() : new Parse.Done<>(head, scan.consumed());
    }

    private @Nullable RequestHead head(HeadScanner scan) {
        if (scan.sees('\r') && !scan.endOfLine(METHOD)) {
            return null;
        }
        scan.atMost(limits.requestLine() + 2, LINE_TOO_LONG);
        String method = scan.word(Octets.TOKEN, ' ', METHOD);
        String target = method == null ? null : scan.word(Octets.VISIBLE, ' ', TARGET);
        if (method == null || target == null || !scan.literal("HTTP/1.", VERSION)) {
            return null;
        }
        int minor = scan.oneOf("01", VERSION);
        if (minor < 0 || !scan.endOfLine(VERSION)) {
            return null;
        }
        scan.atMost(limits.headers(), FIELDS_TOO_LARGE);
        List<Field> fields = scan.fields(limits.fields(), FIELDS_TOO_MANY);
        return fields == null ? null : new RequestHead(method, target, minor - '0', fields);
    }
}
