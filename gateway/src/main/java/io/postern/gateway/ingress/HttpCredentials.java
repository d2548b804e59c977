package io.postern.gateway.ingress;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Reads {@code Proxy-Authorization} (RFC 9110 section 11.7.2): Basic (RFC 7617) carries a compact tag. */
final class HttpCredentials {

    private static final String BASIC = "basic ";
    /** Both halves of a compact tag, the colon, in base64. */
    private static final int MAX_BASIC = 700;

    private HttpCredentials() {}

    /** @param values of the field, as sent; more than one is nobody's */
    static Credentials of(List<String> values) {
        if (values.isEmpty()) {
            return Credentials.NONE;
        }
        return values.size() == 1 ? basic(values.get(0)) : Credentials.MALFORMED;
    }

    private static Credentials basic(String value) {
        if (value.length() > MAX_BASIC || !value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Credentials.MALFORMED;
        }
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
