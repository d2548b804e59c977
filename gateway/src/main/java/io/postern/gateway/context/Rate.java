package io.postern.gateway.context;

/**
 * Events a source may tell: so many a second, {@value #BURST} seconds' worth at once. What is in a body is counted when it has
 * been read, so one body may go beyond, and the next waits the longer. For one thread.
 */
final class Rate {

    static final int BURST = 10;

    private final double perNano;
    private final double most;
    private double left;
    private long asOf;

    Rate(int perSecond, long nanos) {
        perNano = perSecond / 1e9;
        most = (double) perSecond * BURST;
        left = most;
        asOf = nanos;
    }

    /** Seconds to wait before anything is taken; 0 for none. */
    long delaySeconds(long nanos) {
        left = Math.min(most, left + (nanos - asOf) * perNano);
        asOf = nanos;
        return left > 0 ? 0 : 1 + (long) (-left / perNano / 1e9);
    }

    void spend(int events) {
        left -= events;
    }
}
