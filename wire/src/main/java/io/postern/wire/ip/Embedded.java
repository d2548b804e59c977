package io.postern.wire.ip;

/**
 * IPv4 addresses inside IPv6 ones: where a packet to such an address ends, whoever translates or relays it.
 *
 * <pre>
 * 64:ff9b::/96  NAT64   prefix(96)                          | IPv4(32)              RFC 6052 2.1
 * 2002::/16     6to4    2002 | IPv4(32) | subnet, interface(80)                     RFC 3056 2
 * 2001::/32     Teredo  prefix(32) | server(32) | flags, port(32) | ~client(32)     RFC 4380 4
 * </pre>
 *
 * IPv4-mapped addresses are IPv4 already, see {@link Bits}.
 */
enum Embedded {
    NONE,
    NAT64,
    SIX_TO_FOUR,
    TEREDO;

    private static final long NAT64_HIGH = 0x0064_FF9B_0000_0000L;

    static Embedded in(Bits address) {
        if (address.ipv4()) {
            return NONE;
        }
        if (address.high() == NAT64_HIGH && address.low() >>> 32 == 0) {
            return NAT64;
        }
        if (address.high() >>> 48 == 0x2002) {
            return SIX_TO_FOUR;
        }
        return address.high() >>> 32 == 0x2001_0000L ? TEREDO : NONE;
    }

    /** The IPv4 address that receives the packets in the end. */
    Bits destination(Bits address) {
        return switch (this) {
            case NONE -> address;
            case NAT64 -> Bits.ofQuad((int) address.low());
            case SIX_TO_FOUR -> Bits.ofQuad((int) (address.high() >>> 16));
            case TEREDO -> Bits.ofQuad(~(int) address.low());
        };
    }

    /** The IPv4 address that receives them first: a Teredo server; of the others, the same. */
    Bits relay(Bits address) {
        return this == TEREDO ? Bits.ofQuad((int) address.high()) : destination(address);
    }
}
