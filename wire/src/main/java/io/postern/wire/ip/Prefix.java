package io.postern.wire.ip;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Optional;

/**
 * A CIDR block (RFC 4632, RFC 4291 2.3). A block inside {@code ::ffff:0:0/96} is the IPv4 block it maps. IPv4 comes before
 * IPv6, then blocks go by their first address, and one around others comes before them.
 *
 * @param length bits that count, 0 to 32 or 128; the others of the address are zero
 */
public record Prefix(InetAddress address, int length) implements Comparable<Prefix> {

    private static final Comparator<Prefix> ORDER =
            Comparator.<Prefix, Bits>comparing(Prefix::bits, Prefix::compare).thenComparingInt(Prefix::length);

    /** @throws IllegalArgumentException if the length does not fit the family, or bits beyond it are set */
    public Prefix {
        Bits bits = Bits.of(address.getAddress());
        int most = bits.ipv4() ? 32 : 128;
        if (length < 0 || length > most) {
            throw new IllegalArgumentException("prefix length is " + length + ", must be 0 to " + most);
        }
        if (!bits.equals(bits.first(length))) {
            throw new IllegalArgumentException(AddressText.of(address) + "/" + length
                    + " has bits beyond its length, must be " + text(bits.first(length), length));
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException says what the text is and what it must be
     */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = bytes(address)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is not a prefix, must be an IP address or ADDRESS/LENGTH"));
        int length = slash < 0 ? 8 * bytes.length : length(text, text.substring(slash + 1), 8 * bytes.length);
        Bits bits = Bits.of(bytes);
        if (bits.ipv4() && bytes.length == 16) {
            if (length < 96) {
                throw new IllegalArgumentException(
                        "'" + text + "' cuts through ::ffff:0:0/96, must be an IPv4 prefix or be within it");
            }
            length -= 96;
        }
        return new Prefix(inet(bits), length);
    }

    /** The block of that length around an address. */
    public static Prefix around(InetAddress address, int length) {
        return new Prefix(inet(Bits.of(address.getAddress()).first(length)), length);
    }

    /** Whether the address is in the block; an IPv4-mapped address is its IPv4. */
    public boolean contains(InetAddress other) {
        Bits mine = bits();
        Bits theirs = Bits.of(other.getAddress());
        return mine.ipv4() == theirs.ipv4() && mine.begins(theirs, length);
    }

    @Override
    public int compareTo(Prefix other) {
        return ORDER.compare(this, other);
    }

    private static int compare(Bits one, Bits other) {
        if (one.ipv4() != other.ipv4()) {
            return one.ipv4() ? -1 : 1;
        }
        int high = Long.compareUnsigned(one.high(), other.high());
        return high != 0 ? high : Long.compareUnsigned(one.low(), other.low());
    }

    @Override
    public String toString() {
        return text(bits(), length);
    }

    Bits bits() {
        return Bits.of(address.getAddress());
    }

    private static Optional<byte[]> bytes(String address) {
        if (address.indexOf(':') >= 0) {
            return Ipv6Text.parse(address);
        }
        long quad = Ipv4Text.parse(address, 0);
        return quad < 0 ? Optional.empty() : Optional.of(Ipv4Text.bytes((int) quad));
    }

    private static int length(String text, String digits, int most) {
        boolean plain =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int length = plain ? Integer.parseInt(digits) : -1;
        if (length < 0 || length > most) {
            throw new IllegalArgumentException("'" + text + "' has no length after the slash from 0 to " + most);
        }
        return length;
    }

    private static String text(Bits bits, int length) {
        return AddressText.of(inet(bits)) + "/" + length;
    }

    private static InetAddress inet(Bits bits) {
        try {
            return InetAddress.getByAddress(bits.bytes());
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }
}
