package io.postern.gateway.meters;

/**
 * Counters of one metric, one for each constant of an enum that lives with the stage that knows the reasons.
 * Counting allocates nothing and never blocks; any thread may.
 */
public final class Counters<E extends Enum<E>> {
    private final CounterGrid grid;

    Counters(CounterGrid grid) {
        this.grid = grid;
    }

    public void count(E constant) {
        grid.add(constant, 1);
    }

    public void count(E constant, long times) {
        grid.add(constant, times);
    }
}
