package io.postern.wire.http;

/** The character classes of RFC 9110, by octet. */
final class Octets {

    /** {@code tchar}, RFC 9110 section 5.6.2: methods, field names, options, codings. */
    static final boolean[] TOKEN = new boolean[256];

    /** {@code VCHAR}: all a request target may be made of. */
    static final boolean[] VISIBLE = new boolean[256];

    /** What a field value or reason phrase may hold, RFC 9110 section 5.5: visible, obs-text, SP, HTAB. */
    static final boolean[] TEXT = new boolean[256];

    static {
        for (int octet = 0; octet < 256; octet++) {
            boolean alphanumeric =
                    (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z');
            TOKEN[octet] = alphanumeric || "!#$%&'*+-.^_`|~".indexOf(octet) >= 0;
            VISIBLE[octet] = octet > ' ' && octet < 0x7F;
            TEXT[octet] = octet == '\t' || (octet >= ' ' && octet != 0x7F);
        }
    }

    /** Whether every char is an octet of the class; true of the empty text. */
    static boolean all(boolean[] allowed, CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF || !allowed[text.charAt(i)]) {
                return false;
            }
        }
        return true;
    }

    static boolean token(String text) {
        return !text.isEmpty() && all(TOKEN, text);
    }

    /** Without optional whitespace (SP and HTAB, nothing else) at its ends. */
    static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && blank(text.charAt(from))) {
            from++;
        }
        while (to > from && blank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static boolean blank(int octet) {
        return octet == ' ' || octet == '\t';
    }

    private Octets() {}
}
