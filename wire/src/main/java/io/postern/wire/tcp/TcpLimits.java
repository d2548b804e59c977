package io.postern.wire.tcp;

/**
 * Bounds on what one direction may hold out of order.
 *
 * @param bytes of payload
 * @param segments apart from each other
 * @param patience packets of the connection that may follow on the acknowledgement of bytes that have not been seen, before
 *     they are given up: captures show packets in another order than they were sent, and acknowledgements before the bytes
 */
public record TcpLimits(int bytes, int segments, int patience) {

    public static final TcpLimits DEFAULTS = new TcpLimits(1024 * 1024, 512, 8);

    public TcpLimits {
        if (bytes < 0 || segments < 0 || patience < 0 || patience > Short.MAX_VALUE) {
            throw new IllegalArgumentException("bytes, segments and patience are " + bytes + ", " + segments + ", "
                    + patience + ", must be at least 0, and patience at most " + Short.MAX_VALUE);
        }
    }
}
