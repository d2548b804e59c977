package io.postern.wire.ip;

import java.util.Optional;

/** The rules of {@link HostText}, each with its source; every refusal is one of these constants. */
final class HostGrammar {

    /** 253 octets and one trailing dot; longer text is refused unread. */
    static final int MAX_TEXT = 254;

    static final String TOO_LONG = "name over 253 octets (RFC 1035 2.3.4)";
    static final String EMPTY = "empty name or label (RFC 1035 2.3.1)";
    static final String LABEL = "label over 63 octets (RFC 1035 2.3.4)";
    static final String HYPHEN = "label begins or ends with a hyphen (RFC 1123 2.1)";
    static final String LDH = "not a letter, digit or hyphen (RFC 1123 2.1)";
    static final String NUL = "NUL in a host";
    static final String NOT_ASCII = "not ASCII, an international name is sent as A-labels (RFC 5891 4.4)";
    static final String USERINFO = "user information before a host (RFC 9110 4.2.4)";
    static final String ZONE = "zone id or percent-encoding in a host";
    static final String BRACKETS = "brackets belong around an IPv6 address (RFC 3986 3.2.2)";
    static final String BARE_IPV6 = "IPv6 address or port without brackets (RFC 3986 3.2.2)";
    static final String NOT_IPV4 = "numeric and not four decimal parts without leading zeros (RFC 3986 3.2.2)";
    static final String NOT_IPV6 = "not an IPv6 address (RFC 4291 2.2)";

    private HostGrammar() {}

    /** The rule a name without its trailing dot breaks, in any case of letters; empty if it keeps them all. */
    static Optional<String> broken(String name) {
        int length = name.length();
        if (length == 0) {
            return Optional.of(EMPTY);
        }
        if (length >= MAX_TEXT) {
            return Optional.of(TOO_LONG);
        }
        int start = 0;
        for (int at = 0; at < length; at++) {
            char c = name.charAt(at);
            if (c == '.') {
                Optional<String> broken = brokenLabel(name, start, at);
                if (broken.isPresent()) {
                    return broken;
                }
                start = at + 1;
            } else if (!letterDigitHyphen(c)) {
                return Optional.of(rule(c));
            }
        }
        Optional<String> broken = brokenLabel(name, start, length);
        return broken.isEmpty() && lastLabelIsNumeric(name) ? Optional.of(NOT_IPV4) : broken;
    }

    private static Optional<String> brokenLabel(String name, int start, int end) {
        if (start == end) {
            return Optional.of(EMPTY);
        }
        if (end - start > 63) {
            return Optional.of(LABEL);
        }
        // Hyphens in third and fourth place are left alone: r3---sn-4g5e.googlevideo.com is a name in use.
        boolean hyphen = name.charAt(start) == '-' || name.charAt(end - 1) == '-';
        return hyphen ? Optional.of(HYPHEN) : Optional.empty();
    }

    /**
     * Whether the last label is all digits, or {@code 0x} and hexadecimal digits: then libraries that read
     * addresses as {@code inet_aton} does take the whole for one. A trailing dot does not hide it.
     */
    static boolean lastLabelIsNumeric(String text) {
        int end = text.endsWith(".") ? text.length() - 1 : text.length();
        int start = text.lastIndexOf('.', end - 1) + 1;
        if (start >= end || !digit(text.charAt(start))) {
            return false;
        }
        boolean hexadecimal = end - start >= 2 && text.charAt(start) == '0' && (text.charAt(start + 1) | 0x20) == 'x';
        for (int at = hexadecimal ? start + 2 : start; at < end; at++) {
            char c = text.charAt(at);
            if (!digit(c) && !(hexadecimal && Ipv6Text.hexadecimal(c) >= 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean letterDigitHyphen(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || c == '-';
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String rule(char c) {
        if (c > 0x7F) {
            return NOT_ASCII;
        }
        return switch (c) {
            case 0 -> NUL;
            case '@' -> USERINFO;
            case '%' -> ZONE;
            case '[', ']' -> BRACKETS;
            default -> LDH;
        };
    }
}
