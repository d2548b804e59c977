package io.postern.wire.ip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/**
 * What a peer wrote where a host belongs, in one canonical form or refused.
 *
 * <p>The grammar is narrower than what resolvers take: {@code inet_aton} reads {@code 127.1}, {@code 0x7f.1} and
 * {@code 2130706433} as 127.0.0.1, and a check that reads them as names lets them through. Whatever could be taken
 * for an address and is not written as exactly one is refused. No lookup is ever made.
 */
public sealed interface HostText {

    /**
     * A DNS name: ASCII letters, digits and hyphens, lower case, at most 253 octets, no trailing dot. A-labels
     * ({@code xn--…}) stay as they are: names are compared as DNS compares them.
     */
    record Name(String name) implements HostText {

        /** @throws IllegalArgumentException if the name is not in that form */
        public Name {
            if (HostGrammar.broken(name).isPresent() || !name.equals(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("name is not canonical, take it from HostText.of");
            }
        }
    }

    /** An address. IPv4-mapped IPv6 text is the IPv4 address it maps (RFC 4291 2.5.5.2). */
    record Literal(InetAddress address) implements HostText {}

    /**
     * Neither.
     *
     * @param rule the rule broken, one of a fixed set, without any of the peer's text
     */
    record Refused(String rule) implements HostText {}

    /**
     * Reads a host as SOCKS, configuration and tags carry it: IPv6 without brackets. One trailing dot of a name is
     * dropped.
     */
    static HostText of(String text) {
        if (text.length() > HostGrammar.MAX_TEXT) {
            return new Refused(HostGrammar.TOO_LONG);
        }
        if (text.indexOf(':') >= 0) {
            return ipv6(text);
        }
        if (HostGrammar.lastLabelIsNumeric(text)) {
            return ipv4(text);
        }
        return name(text);
    }

    /** Reads a host as a URI authority carries it: IPv6 in brackets, nothing else in brackets (RFC 3986 3.2.2). */
    static HostText inAuthority(String text) {
        int last = text.length() - 1;
        if (last > 0 && text.charAt(0) == '[' && text.charAt(last) == ']') {
            String inner = text.substring(1, last);
            return inner.indexOf(':') >= 0 ? of(inner) : new Refused(HostGrammar.BRACKETS);
        }
        return text.indexOf(':') >= 0 ? new Refused(HostGrammar.BARE_IPV6) : of(text);
    }

    private static HostText name(String text) {
        String undotted = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        Optional<String> broken = HostGrammar.broken(undotted);
        // Lower case only what is known to be ASCII: the Kelvin sign would become a k.
        return broken.isPresent() ? new Refused(broken.get()) : new Name(undotted.toLowerCase(Locale.ROOT));
    }

    private static HostText ipv4(String text) {
        long address = Ipv4Text.parse(text, 0);
        return address < 0 ? new Refused(HostGrammar.NOT_IPV4) : literal(Ipv4Text.bytes((int) address));
    }

    private static HostText ipv6(String text) {
        if (text.indexOf('%') >= 0) {
            return new Refused(HostGrammar.ZONE);
        }
        if (text.indexOf('[') >= 0 || text.indexOf(']') >= 0) {
            return new Refused(HostGrammar.BRACKETS);
        }
        return Ipv6Text.parse(text).map(HostText::literal).orElse(new Refused(HostGrammar.NOT_IPV6));
    }

    private static HostText literal(byte[] address) {
        try {
            return new Literal(InetAddress.getByAddress(address));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }
}
