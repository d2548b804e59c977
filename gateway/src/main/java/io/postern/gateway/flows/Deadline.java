package io.postern.gateway.flows;

/**
 * The time by which something must have happened; belongs to one event loop and is moved only there.
 *
 * <p>One deadline serves a connection for life: each stage moves it. Moving is an assignment, because
 * {@link LoopClock} looks at all of its deadlines at every tick instead of keeping them sorted.
 */
public final class Deadline {

    private static final long NEVER = Long.MAX_VALUE;

    private final LoopClock clock;
    private final Runnable missed;
    private long at = NEVER;

    /** Position in the clock's table; negative once cancelled. */
    int index;

    Deadline(LoopClock clock, Runnable missed) {
        this.clock = clock;
        this.missed = missed;
    }

    /** Due after this many nanoseconds, whatever was set before. The clock's tick is added at most. */
    public void in(long nanos) {
        at = clock.now() + nanos;
    }

    /** Nothing is awaited until the next {@link #in}. */
    public void lift() {
        at = NEVER;
    }

    public void cancel() {
        clock.remove(this);
    }

    boolean due(long now) {
        return at != NEVER && now - at >= 0;
    }

    void miss() {
        lift();
        missed.run();
    }
}
