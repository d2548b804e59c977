package io.postern.analytics.fleet;

/**
 * How much a request and its answer weigh: about lognormal.
 *
 * @param up median bytes, device to world
 * @param down median bytes, world to device
 * @param spread deviation of the logarithm; 0 for always the same
 */
record Sizes(long up, long down, double spread) {

    /** Fewer bytes than this are no message. */
    private static final long LEAST = 20;

    long up(Dice dice) {
        return draw(up, dice);
    }

    long down(Dice dice) {
        return draw(down, dice);
    }

    private long draw(long median, Dice dice) {
        return median == 0 ? 0 : Math.max(Math.min(LEAST, median), (long) dice.spread((double) median, spread));
    }
}
