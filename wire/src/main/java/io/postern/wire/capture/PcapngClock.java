package io.postern.wire.capture;

import java.math.BigInteger;

/**
 * What an interface's times mean, draft-ietf-opsawg-pcapng section 4.2: units of 10^-n s, or of 2^-n s where the first bit
 * is set, since 1970 and the offset. Finer than 10^-19 s or 2^-63 s a time is nearly 1970 for ever, and zero here.
 */
final class PcapngClock {

    static final int MICROS = 6;

    private static final int BINARY = 0x80;
    private static final int FINEST_DECIMAL = 19;
    private static final int FINEST_BINARY = 63;
    private static final long SECOND = 1_000_000;

    /** Bits of a fraction of a second that leave room to multiply it by a million. */
    private static final int FRACTION = 43;

    private final int exponent;
    private final boolean binary;
    private final long offset;
    private final long multiplier;
    private final long divisor;

    /** @param offset in seconds */
    PcapngClock(int resolution, long offset) {
        this.exponent = resolution & ~BINARY;
        this.binary = (resolution & BINARY) != 0;
        this.offset = offset * SECOND;
        this.multiplier = exponent < MICROS ? power(MICROS - exponent) : 1;
        this.divisor = exponent > MICROS && exponent <= FINEST_DECIMAL ? power(exponent - MICROS) : 1;
    }

    /** Unix time; {@code ticks} is unsigned. */
    long micros(long ticks) {
        return offset + (binary ? binary(ticks) : decimal(ticks));
    }

    private long decimal(long ticks) {
        return exponent > FINEST_DECIMAL ? 0 : divisor == 1 ? ticks * multiplier : Long.divideUnsigned(ticks, divisor);
    }

    private long binary(long ticks) {
        if (exponent > FINEST_BINARY) {
            return 0;
        }
        long fraction = ticks & (1L << exponent) - 1;
        int most = Math.min(exponent, FRACTION);
        long micros = ((fraction >>> (exponent - most)) * SECOND) >>> most;
        return (ticks >>> exponent) * SECOND + micros;
    }

    private static long power(int exponent) {
        return BigInteger.TEN.pow(exponent).longValueExact();
    }
}
