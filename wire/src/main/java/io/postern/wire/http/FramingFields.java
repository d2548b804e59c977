package io.postern.wire.http;

import java.util.List;
import java.util.Locale;

/**
 * What Content-Length and Transfer-Encoding say together (RFC 9112 section 6.3).
 *
 * @param length bytes, or -1 when there is no Content-Length; meaningless when severe
 */
record FramingFields(Conformance conformance, boolean chunked, long length) {

    private static final FramingFields ABSENT = new FramingFields(Conformance.COMPLIANT, false, -1);

    static FramingFields of(List<Field> fields, int minorVersion) {
        List<String> lengths = Field.values(fields, "content-length");
        List<String> encodings = Field.values(fields, "transfer-encoding");
        if (encodings.isEmpty()) {
            return lengths.isEmpty() ? ABSENT : length(lengths);
        }
        if (minorVersion == 0) {
            return severe("Transfer-Encoding in HTTP/1.0, RFC 9112 section 6.1");
        }
        if (!lengths.isEmpty()) {
            return severe("both Transfer-Encoding and Content-Length, RFC 9112 section 6.1");
        }
        if (!Field.members(fields, "transfer-encoding").equals(List.of("chunked"))) {
            return severe("transfer coding other than chunked, once, RFC 9112 section 6.1");
        }
        boolean plain = encodings.size() == 1 && encodings.get(0).length() == "chunked".length();
        return new FramingFields(
                plain
                        ? Conformance.COMPLIANT
                        : Conformance.ambiguous("empty member in Transfer-Encoding, RFC 9110 section 5.6.1.2"),
                true,
                -1);
    }

    /** Whether a name would pass for a framing or routing field once a server has folded its punctuation, as CGI does. */
    static boolean lookAlike(String name) {
        StringBuilder letters = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (Character.isLetterOrDigit(name.charAt(i))) {
                letters.append(name.charAt(i));
            }
        }
        return switch (letters.toString().toLowerCase(Locale.ROOT)) {
            case "contentlength" -> !name.equalsIgnoreCase("content-length");
            case "transferencoding" -> !name.equalsIgnoreCase("transfer-encoding");
            case "host" -> !name.equalsIgnoreCase("host");
            default -> false;
        };
    }

    private static FramingFields length(List<String> lengths) {
        if (lengths.size() > 1) {
            return severe("more than one Content-Length, RFC 9112 section 6.3");
        }
        long length = decimal(lengths.get(0));
        return length < 0
                ? severe("Content-Length is not one decimal number, RFC 9110 section 8.6")
                : new FramingFields(Conformance.COMPLIANT, false, length);
    }

    /** -1 for anything but 1 to 18 digits, which always fit; what does not is nobody's body. */
    private static long decimal(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static FramingFields severe(String rule) {
        return new FramingFields(Conformance.severe(rule), false, -1);
    }
}
