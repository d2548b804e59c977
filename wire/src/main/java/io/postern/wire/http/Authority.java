package io.postern.wire.http;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code uri-host [":" port]}, strictly split (RFC 9110 section 4.2.3). Whether the host is a name or address that may
 * be used at all is not judged here.
 *
 * @param host as sent; letters, digits, {@code - . _}, or an IPv6 literal without its brackets, known by its colons
 * @param port 1 to 65535, absent when none was given
 */
public record Authority(String host, OptionalInt port) {

    private static final String DIGITS = "0123456789";
    private static final String NAME = DIGITS + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._";
    private static final String IPV6 = DIGITS + "abcdefABCDEF.";

    /** Nothing when it is anything else: userinfo, empty host or port, signs, leading zeros, brackets around a name. */
    public static Optional<Authority> parse(String text) {
        boolean bracketed = text.startsWith("[");
        int hostEnd = bracketed ? text.indexOf(']') : text.indexOf(':');
        if (hostEnd < 0) {
            hostEnd = text.length();
        }
        String host = text.substring(bracketed ? 1 : 0, hostEnd);
        if (bracketed ? hostEnd == text.length() || !ipv6(host) : !name(host)) {
            return Optional.empty();
        }
        int hostNext = bracketed ? hostEnd + 1 : hostEnd;
        if (hostNext == text.length()) {
            return Optional.of(new Authority(host, OptionalInt.empty()));
        }
        int port = text.charAt(hostNext) == ':' ? port(text.substring(hostNext + 1)) : 0;
        return port == 0 ? Optional.empty() : Optional.of(new Authority(host, OptionalInt.of(port)));
    }

    /** With brackets where they belong, and the port if there is one. */
    public String text() {
        String bracketed = host.indexOf(':') < 0 ? host : '[' + host + ']';
        return port.isPresent() ? bracketed + ':' + port.getAsInt() : bracketed;
    }

    private static boolean name(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (NAME.indexOf(host.charAt(i)) < 0) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    /** Only by its letters, two colons at least: no name, IPv4 address or zone id passes. */
    private static boolean ipv6(String host) {
        int colons = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == ':') {
                colons++;
            } else if (IPV6.indexOf(c) < 0) {
                return false;
            }
        }
        return colons >= 2;
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || digits.charAt(0) == '0') {
            return 0;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port <= 0xFFFF ? port : 0;
    }
}
