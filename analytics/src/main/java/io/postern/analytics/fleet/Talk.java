package io.postern.analytics.fleet;

import java.util.Arrays;

/** The exchanges of one flow, being gathered: in order, by offset from its start. Used again and again. */
final class Talk {

    private long[] triples = new long[3 * 64];
    private int count;
    private long ends;

    Talk begin() {
        count = 0;
        ends = 0;
        return this;
    }

    Talk exchange(long offset, long bytesOut, long bytesIn) {
        if (3 * count == triples.length) {
            triples = Arrays.copyOf(triples, 2 * triples.length);
        }
        triples[3 * count] = offset;
        triples[3 * count + 1] = bytesOut;
        triples[3 * count + 2] = bytesIn;
        count++;
        ends = Math.max(ends, offset);
        return this;
    }

    /** A handshake of TLS or QUIC: a whole one, or a shorter one of a session that is known. */
    Talk handshake(Dice dice) {
        return dice.chance(0.4)
                ? exchange(0, 750 + dice.upTo(120), 280 + dice.upTo(60))
                : exchange(0, 560 + dice.upTo(120), 3_200 + dice.upTo(2_400));
    }

    Talk ends(long offset) {
        ends = Math.max(ends, offset);
        return this;
    }

    int count() {
        return count;
    }

    long offset(int exchange) {
        return triples[3 * exchange];
    }

    long bytesOut(int exchange) {
        return triples[3 * exchange + 1];
    }

    long bytesIn(int exchange) {
        return triples[3 * exchange + 2];
    }

    long end() {
        return ends;
    }
}
