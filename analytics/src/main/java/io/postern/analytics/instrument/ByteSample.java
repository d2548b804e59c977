package io.postern.analytics.instrument;

import io.postern.analytics.flow.InClear.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The beginning of one message after another, as how often each byte comes: {@value #MOST} bytes of each at most, and the
 * first {@value Magic#LONGEST} as they are until it ends, to know what says that it is compressed. Some 600 bytes; makes no
 * garbage but for what it says. Not for several threads.
 */
public final class ByteSample {

    /** Bytes: enough to tell random from nearly random, and a few microseconds. */
    public static final int MOST = 4096;

    /** Of a count, itself times its logarithm to base 2. */
    private static final double[] TIMES_LOG = timesLog();

    private final short[] counts = new short[256];
    private final byte[] first = new byte[Magic.LONGEST];
    private int length;
    private boolean compressed;

    private static double[] timesLog() {
        double[] all = new double[MOST + 1];
        for (int i = 2; i <= MOST; i++) {
            all[i] = i * Math.log(i) / Math.log(2);
        }
        return all;
    }

    /**
     * Another message begins.
     *
     * @param saysCompressed whether its head says that it is
     */
    public void begin(boolean saysCompressed) {
        Arrays.fill(counts, (short) 0);
        Arrays.fill(first, (byte) 0);
        length = 0;
        compressed = saysCompressed;
    }

    /** Whether no more of this message is looked at. */
    public boolean full() {
        return length == MOST;
    }

    /** The next bytes of it, between these positions. */
    public void add(ByteBuffer bytes, int from, int to) {
        add(bytes, from, to, 0, 0);
    }

    /**
     * The same, masked as a WebSocket's client does it (RFC 6455 section 5.3).
     *
     * @param key its first octet the highest
     * @param at how many bytes of the frame came before
     */
    public void add(ByteBuffer bytes, int from, int to, int key, long at) {
        int some = Math.min(to - from, MOST - length);
        for (int i = 0; i < some; i++) {
            int octet = (bytes.get(from + i) ^ key >>> (24 - 8 * (int) (at + i & 3))) & 0xFF;
            counts[octet]++;
            if (length + i < first.length) {
                first[length + i] = (byte) octet;
            }
        }
        length += Math.max(0, some);
    }

    /** What there is of the message; {@link Payload#NONE} where that is too little to say anything. */
    public Payload take() {
        if (length < Entropy.LEAST_BYTES) {
            return Payload.NONE;
        }
        double sum = 0;
        for (short count : counts) {
            sum += TIMES_LOG[count];
        }
        double bits = Math.max(0, Math.log(length) / Math.log(2) - sum / length);
        boolean packed = compressed || Magic.compressed(first);
        return new Payload(packed, length, Math.rint(bits * 1000) / 1000);
    }
}
