package io.postern.wire.http;

import io.postern.wire.Parse;
import io.postern.wire.protocol.DnsQueryParser;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;

/**
 * Which messages of HTTP carry one of DNS, RFC 8484: by their content's type (section 6), or by a GET whose query has one
 * as base64url without padding in the variable {@code dns} (section 4.1).
 */
public final class DnsOverHttps {

    private static final String TYPE = "application/dns-message";
    private static final String VARIABLE = "dns=";

    /** Of text: the longest query that anybody makes, padding to blocks (RFC 8467) and all. */
    private static final int LONGEST = 4096;

    private DnsOverHttps() {}

    /** Whether a request carries a question. */
    public static boolean in(RequestHead request) {
        return request.field("content-type").filter(DnsOverHttps::type).isPresent()
                || (request.method().equals("GET") && asks(request.target()));
    }

    /** Whether a Content-Type is that of a message; parameters may follow. */
    public static boolean type(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith(TYPE)
                && (type.length() == TYPE.length() || " ;\t".indexOf(type.charAt(TYPE.length())) >= 0);
    }

    /** Whether a target's query holds a sound question; a variable of that name alone is nobody's mark. */
    public static boolean asks(String target) {
        int at = target.indexOf('?');
        while (at >= 0) {
            int next = target.indexOf('&', at + 1);
            if (target.startsWith(VARIABLE, at + 1)) {
                int end = next < 0 ? target.length() : next;
                return question(target.substring(at + 1 + VARIABLE.length(), end));
            }
            at = next;
        }
        return false;
    }

    private static boolean question(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        try {
            ByteBuffer message = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            return DnsQueryParser.alone(message) instanceof Parse.Done<?>;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
