package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.instrument.Entropy;

/** Whether what can be read of a flow looks random: of the family {@code cadence}, so that it is nothing without another. */
final class Bytes {

    static final String RANDOM = "payload-like-random";

    private Bytes() {}

    /** @param threshold share of what as many random bytes come to */
    static void weigh(Payload one, Payload other, Scales scales, double threshold, int weight) {
        Payload more = Entropy.ofRandom(other) > Entropy.ofRandom(one) ? other : one;
        if (more.measured() && Entropy.ofRandom(more) >= threshold) {
            scales.supports(Family.CADENCE, RANDOM, more.bits(), threshold * Entropy.ofRandom(more.bytes()), weight);
        }
    }
}
