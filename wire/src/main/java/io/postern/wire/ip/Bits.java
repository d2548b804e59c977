package io.postern.wire.ip;

/**
 * An address as numbers. IPv4 sits at the top of {@code high}, so that bit 0 is the first bit of either family;
 * IPv4-mapped IPv6 is IPv4 from here on.
 */
record Bits(boolean ipv4, long high, long low) {

    /** {@code ::ffff:0:0/96} (RFC 4291 2.5.5.2): the low word's upper half. */
    private static final long MAPPED = 0xFFFFL;

    /**
     * From 4 or 16 bytes in network order.
     *
     * @throws IllegalArgumentException if there are other than 4 or 16
     */
    static Bits of(byte[] address) {
        if (address.length == 4) {
            return ofQuad((int) number(address, 0, 4));
        }
        if (address.length != 16) {
            throw new IllegalArgumentException("address has " + address.length + " bytes, must have 4 or 16");
        }
        long high = number(address, 0, 8);
        long low = number(address, 8, 8);
        return high == 0 && low >>> 32 == MAPPED ? ofQuad((int) low) : new Bits(false, high, low);
    }

    static Bits ofQuad(int address) {
        return new Bits(true, (long) address << 32, 0);
    }

    /** The IPv4 address as an int. */
    int quad() {
        return (int) (high >>> 32);
    }

    /** The bit at that place, 0 being the first. */
    boolean bit(int place) {
        return place < 64 ? high << place < 0 : low << (place - 64) < 0;
    }

    /** The first {@code length} bits, the others zero. */
    Bits first(int length) {
        return new Bits(ipv4, high & highMask(length), low & lowMask(length));
    }

    /** How many first bits both have in common, at most 128. */
    int common(Bits other) {
        long highDifference = high ^ other.high;
        return highDifference != 0
                ? Long.numberOfLeadingZeros(highDifference)
                : 64 + Long.numberOfLeadingZeros(low ^ other.low);
    }

    /** Whether {@code other} begins with the first {@code length} bits of this. */
    boolean begins(Bits other, int length) {
        return ((high ^ other.high) & highMask(length)) == 0 && ((low ^ other.low) & lowMask(length)) == 0;
    }

    byte[] bytes() {
        if (ipv4) {
            return Ipv4Text.bytes(quad());
        }
        byte[] bytes = new byte[16];
        for (int at = 0; at < 8; at++) {
            bytes[at] = (byte) (high >>> (56 - 8 * at));
            bytes[8 + at] = (byte) (low >>> (56 - 8 * at));
        }
        return bytes;
    }

    private static long highMask(int length) {
        return length >= 64 ? -1 : length == 0 ? 0 : -1L << (64 - length);
    }

    private static long lowMask(int length) {
        return length >= 128 ? -1 : length <= 64 ? 0 : -1L << (128 - length);
    }

    private static long number(byte[] bytes, int from, int count) {
        long number = 0;
        for (int at = from; at < from + count; at++) {
            number = number << 8 | (bytes[at] & 0xFF);
        }
        return number;
    }
}
