package io.postern.wire.packet;

/**
 * Bounds on what packets may make us do and hold.
 *
 * @param nesting IP headers inside each other
 * @param datagrams that wait for fragments at the same time
 * @param bytes of fragments that are held, all together
 * @param patienceMicros how long a datagram waits for its fragments, by the capture's clock (RFC 1122 section 3.3.2 and
 *     RFC 8200 section 4.5 say 60 s)
 */
public record PacketLimits(int nesting, int datagrams, int bytes, long patienceMicros) {

    public static final PacketLimits DEFAULTS = new PacketLimits(8, 1_024, 8 * 1024 * 1024, 60_000_000);

    public PacketLimits {
        if (nesting < 1 || datagrams < 1 || bytes < 65_535 || patienceMicros < 0) {
            throw new IllegalArgumentException("nesting and datagrams must be at least 1, bytes 65535, patience 0; are "
                    + nesting + ", " + datagrams + ", " + bytes + ", " + patienceMicros);
        }
    }
}
