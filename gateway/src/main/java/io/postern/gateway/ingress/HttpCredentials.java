package io.postern.gateway.ingress;

import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Reads {@code Proxy-Authorization} (RFC 9110 section 11.7.2): Basic (RFC 7617) carries a compact tag,
 * Bearer (RFC 6750 section 2.1) a JWT.
 */
final class HttpCredentials {

    private static final String BASIC = "basic ";
    private static final String BEARER = "bearer ";
    /** Both halves of a compact tag, the colon, in base64. */
    private static final int MAX_BASIC = 700;

    private HttpCredentials() {}

    /** @param values of the field, as sent; more than one is nobody's */
    static Credentials of(List<String> values) {
        if (values.isEmpty()) {
            return Credentials.NONE;
        }
        if (values.size() > 1) {
            return Credentials.MALFORMED;
        }
        String value = values.get(0);
        if (begins(value, BASIC) && value.length() <= MAX_BASIC) {
            return basic(value);
        }
        return begins(value, BEARER)
                ? new Credentials.Token(value.substring(BEARER.length()).trim())
                : Credentials.MALFORMED;
    }

    private static boolean begins(String value, String scheme) {
        return value.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static Credentials basic(String value) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(value.substring(BASIC.length()).trim());
        } catch (IllegalArgumentException notBase64) {
            return Credentials.MALFORMED;
        }
        String pair = new String(decoded, StandardCharsets.ISO_8859_1);
        int colon = pair.indexOf(':');
        return colon < 0
                ? Credentials.MALFORMED
                : new Credentials.Tag(new CompactTag(pair.substring(0, colon), pair.substring(colon + 1)));
    }
}
