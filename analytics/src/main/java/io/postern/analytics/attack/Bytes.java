package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.instrument.ByteSample;
import io.postern.analytics.instrument.Entropy;

/** Whether what can be read of a flow looks random: of the family {@code cadence}, so that it is nothing without another. */
final class Bytes {

    static final String RANDOM = "payload-like-random";
    static final String BLOCKS = "payload-of-whole-blocks";

    /** Of AES and of what else is in use, bytes. */
    private static final int BLOCK = 16;

    private Bytes() {}

    /** @param threshold share of what as many random bytes come to */
    static void weigh(Payload one, Payload other, Scales scales, double threshold, int weight) {
        Payload more = Entropy.ofRandom(other) > Entropy.ofRandom(one) ? other : one;
        if (more.measured() && Entropy.ofRandom(more) >= threshold) {
            scales.supports(Family.CADENCE, RANDOM, more.bits(), threshold * Entropy.ofRandom(more.bytes()), weight);
        }
    }

    /**
     * Whether a message that looks random and was seen whole is as long as a block cipher's output would be. One in sixteen
     * is by chance; pieces of a larger thing are of a power of two however they are made, and say nothing.
     */
    static void blocks(Payload one, Scales scales, double threshold) {
        boolean whole = one.measured() && one.bytes() < ByteSample.MOST;
        boolean piece = Integer.bitCount(one.bytes()) == 1;
        if (whole && !piece && one.bytes() % BLOCK == 0 && Entropy.ofRandom(one) >= threshold) {
            scales.supports(Family.CADENCE, BLOCKS, one.bytes(), BLOCK, 2);
        }
    }
}
