package io.postern.config.grammar;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Address literals, prefixes and ports, without ever asking a resolver. IPv4 is four decimal numbers without leading
 * zeros; IPv6 has no zone (a zone names an interface of one machine) and is not a mapped IPv4 address.
 */
public final class Addresses {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET);
    private static final Pattern V6_LETTERS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final int MAX_PORT = 65_535;
    private static final int V4_BYTES = 4;

    private Addresses() {}

    /** An address; IPv6 without brackets. */
    public static Optional<InetAddress> address(String text) {
        Matcher v4 = V4.matcher(text);
        if (!v4.matches() && !(text.contains(":") && V6_LETTERS.matcher(text).matches())) {
            return Optional.empty();
        }
        try {
            // Only a literal gets here, and one with a colon is never looked up.
            InetAddress address = InetAddress.getByName(text);
            boolean mapped = text.contains(":") && address.getAddress().length == V4_BYTES;
            return mapped ? Optional.empty() : Optional.of(address);
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** A port, 0 included. */
    public static Optional<Integer> port(String text) {
        return PORT.matcher(text).matches()
                ? Optional.of(Integer.parseInt(text)).filter(port -> port <= MAX_PORT)
                : Optional.empty();
    }

    /** {@code address/length}, or an address as a prefix of its whole length. */
    public static Optional<Prefix> prefix(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return address(text).map(address -> new Prefix(address, address.getAddress().length * 8));
        }
        return address(text.substring(0, slash))
                .flatMap(address -> port(text.substring(slash + 1))
                        .filter(length -> length <= address.getAddress().length * 8)
                        .map(length -> new Prefix(address, length)));
    }

    /**
     * A network.
     *
     * @param length in bits
     */
    public record Prefix(InetAddress address, int length) {

        /** Without the bits beyond the length; the same when there are none. */
        public Prefix network() {
            byte[] bytes = address.getAddress();
            for (int bit = length; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >>> (bit % 8));
            }
            try {
                return new Prefix(InetAddress.getByAddress(bytes), length);
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String toString() {
            return address.getHostAddress() + "/" + length;
        }
    }
}
