package io.postern.gateway.records;

import java.util.Arrays;

/**
 * When a flow's bytes moved: triples of milliseconds since its start, bytes out, bytes in, in order of time.
 * Immutable; at most {@value #MAX} triples, what is beyond is left out.
 */
public final class Exchanges {
    public static final int MAX = 128;
    public static final Exchanges NONE = new Exchanges(new long[0]);

    private static final int FIELDS = 3;

    private final long[] triples;

    private Exchanges(long[] triples) {
        this.triples = triples;
    }

    /**
     * Copies the first triples of a tape.
     *
     * @param tape offset in milliseconds, bytes out, bytes in, and again
     * @param count triples to take
     * @throws IllegalArgumentException if the tape is shorter than that
     */
    public static Exchanges of(long[] tape, int count) {
        if (count < 0 || (long) count * FIELDS > tape.length) {
            throw new IllegalArgumentException(count + " exchanges do not fit " + tape.length + " numbers");
        }
        long[] triples = new long[Math.min(count, MAX) * FIELDS];
        System.arraycopy(tape, 0, triples, 0, triples.length);
        return new Exchanges(triples);
    }

    public int count() {
        return triples.length / FIELDS;
    }

    /** Since the flow's start. */
    public long offsetMillis(int exchange) {
        return triples[exchange * FIELDS];
    }

    public long bytesOut(int exchange) {
        return triples[exchange * FIELDS + 1];
    }

    public long bytesIn(int exchange) {
        return triples[exchange * FIELDS + 2];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Exchanges same && Arrays.equals(triples, same.triples);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(triples);
    }

    @Override
    public String toString() {
        return Arrays.toString(triples);
    }
}
