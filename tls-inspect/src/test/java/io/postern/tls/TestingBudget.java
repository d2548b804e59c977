package io.postern.tls;

import io.postern.tls.watch.Budget;

/** Counts, and may refuse. */
public final class TestingBudget implements Budget {

    private final int most;
    private int taken;
    private int peak;

    public TestingBudget(int most) {
        this.most = most;
    }

    @Override
    public boolean take(int bytes) {
        if (taken + bytes > most) {
            return false;
        }
        taken += bytes;
        peak = Math.max(peak, taken);
        return true;
    }

    @Override
    public void giveBack(int bytes) {
        taken -= bytes;
    }

    public int taken() {
        return taken;
    }

    public int peak() {
        return peak;
    }
}
