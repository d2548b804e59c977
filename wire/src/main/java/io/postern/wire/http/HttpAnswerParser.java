package io.postern.wire.http;

import io.postern.wire.Magic;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;

/**
 * Recognises HTTP/1.x in somebody else's stream by a response's status line, RFC 9112 section 4.
 *
 * <pre>
 * HTTP/1.DIGIT SP 3DIGIT, the first not 0 | SP, CR or LF
 * </pre>
 *
 * <p>RTSP, SIP and ICAP begin with their own names, Shoutcast with ICY. Never answers {@link Parse.Malformed}.
 */
public final class HttpAnswerParser implements Parser<HttpAnswer> {

    private static final Magic VERSION = Magic.of("HTTP/1.");
    private static final int MINOR = 7;
    private static final int STATUS = 9;
    private static final int LENGTH = 13;
    private static final Parse<HttpAnswer> MORE = new Parse.NeedMore<>(LENGTH);

    @Override
    public Parse<HttpAnswer> parse(ByteBuffer bytes) {
        int from = bytes.position();
        if (!VERSION.mayStand(bytes, from)) {
            return Parse.notThis();
        }
        int status = 0;
        for (int i = MINOR; i < Math.min(LENGTH, bytes.remaining()); i++) {
            int octet = bytes.get(from + i);
            boolean digit = octet >= '0' && octet <= '9';
            boolean may =
                    switch (i) {
                        case MINOR -> digit;
                        case MINOR + 1 -> octet == ' ';
                        case STATUS -> digit && octet != '0';
                        case LENGTH - 1 -> octet == ' ' || octet == '\r' || octet == '\n';
                        default -> digit;
                    };
            if (!may) {
                return Parse.notThis();
            }
            status = i >= STATUS && digit ? status * 10 + octet - '0' : status;
        }
        return bytes.remaining() < LENGTH ? MORE : new Parse.Done<>(new HttpAnswer(status), LENGTH);
    }
}
