package io.postern.tls.hello;

import io.postern.wire.ByteCursor;

/**
 * Whom a client says it wants to speak to (RFC 6066 section 3).
 *
 * @param text ASCII letters in lower case, else as sent, one char per byte: {@link Form#INVALID} may hold any byte.
 *     Never empty; at most 255 chars, the rest is cut
 */
public record ServerName(String text, Form form) {

    /** What kind of text it is; anything but {@code NAME} breaks RFC 6066 and is a finding of its own. */
    public enum Form {
        /** Labels of letters, digits, hyphens and underscores, 1 to 63 each, 253 in all, without a trailing dot. */
        NAME,
        /** An IP address, or what an address parser might take for one: two colons, or a last label that is a number. */
        ADDRESS,
        INVALID
    }

    private static final int LONGEST_KEPT = 255;
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    static ServerName read(ByteCursor hostName) {
        String text = hostName.latin1(LONGEST_KEPT);
        return of(lowerCase(text));
    }

    private static ServerName of(String text) {
        if (text.indexOf(':') != text.lastIndexOf(':')) {
            return new ServerName(text, hexAndPunctuation(text) ? Form.ADDRESS : Form.INVALID);
        }
        if (!labels(text)) {
            return new ServerName(text, Form.INVALID);
        }
        return new ServerName(text, number(text.substring(text.lastIndexOf('.') + 1)) ? Form.ADDRESS : Form.NAME);
    }

    /** Nearly always there is nothing to do, and only ASCII may change: {@code toLowerCase} would touch Latin-1 too. */
    private static String lowerCase(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 'A' && text.charAt(i) <= 'Z') {
                return lowered(text);
            }
        }
        return text;
    }

    private static String lowered(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = chars[i] >= 'A' && chars[i] <= 'Z' ? (char) (chars[i] + 'a' - 'A') : chars[i];
        }
        return new String(chars);
    }

    private static boolean labels(String text) {
        int label = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
            } else if (!labelChar(c) || ++label > LONGEST_LABEL) {
                return false;
            }
        }
        return label > 0 && text.length() <= LONGEST_NAME;
    }

    private static boolean labelChar(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static boolean number(String label) {
        return label.chars().allMatch(c -> c >= '0' && c <= '9')
                || (label.startsWith("0x") && label.substring(2).chars().allMatch(c -> Character.digit(c, 16) >= 0));
    }

    private static boolean hexAndPunctuation(String text) {
        return text.chars().allMatch(c -> "0123456789abcdef:.[]%".indexOf(c) >= 0);
    }
}
