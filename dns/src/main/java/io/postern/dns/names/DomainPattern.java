package io.postern.dns.names;

import java.util.Locale;
import java.util.Optional;

/**
 * One way to name domains in a list:
 *
 * <pre>
 * acme.example      this name
 * *.acme.example    every name below it, not itself
 * .acme.example     itself and every name below it
 * </pre>
 *
 * @param suffix lower case, without a leading or trailing dot
 */
public record DomainPattern(String suffix, Reach reach) {

    /** RFC 1035 section 2.3.4, less the root's own length octet and the final dot's. */
    public static final int MAX_NAME = 253;

    private static final int MAX_LABEL = 63;

    /** How far a pattern reaches from its suffix. */
    public enum Reach {
        EXACT,
        BELOW,
        EXACT_AND_BELOW
    }

    /**
     * Reads a pattern; upper case is folded and one trailing dot dropped.
     *
     * @return empty when the text is not a pattern: labels of 1–63 letters, digits, {@code -} and {@code _}, together
     *     at most {@value #MAX_NAME} characters, and not an IPv4 literal
     */
    public static Optional<DomainPattern> parse(String text) {
        if (text.startsWith("*.")) {
            return suffix(text.substring(2)).map(suffix -> new DomainPattern(suffix, Reach.BELOW));
        }
        if (text.startsWith(".")) {
            return suffix(text.substring(1)).map(suffix -> new DomainPattern(suffix, Reach.EXACT_AND_BELOW));
        }
        return suffix(text).map(suffix -> new DomainPattern(suffix, Reach.EXACT));
    }

    private static Optional<String> suffix(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return wellFormed(name) ? Optional.of(name.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    private static boolean wellFormed(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return false;
        }
        int label = 0;
        boolean onlyDigits = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                if (label == 0) {
                    return false;
                }
                label = 0;
                onlyDigits = true;
            } else if (!inLabel(c) || ++label > MAX_LABEL) {
                return false;
            } else {
                onlyDigits &= c >= '0' && c <= '9';
            }
        }
        // No top-level domain is a number (RFC 3696 section 2), so this is an address or a mistake.
        return label > 0 && !onlyDigits;
    }

    private static boolean inLabel(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return switch (reach) {
            case EXACT -> suffix;
            case BELOW -> "*." + suffix;
            case EXACT_AND_BELOW -> "." + suffix;
        };
    }
}
