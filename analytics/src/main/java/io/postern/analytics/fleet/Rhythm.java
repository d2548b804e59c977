package io.postern.analytics.fleet;

import java.time.Duration;

/** How long an implant sleeps between two calls. */
sealed interface Rhythm {

    /** @param calls it has made */
    long sleep(int calls, Dice dice);

    /**
     * The usual: each sleep is a length, give or take. Each is counted from the call before, so the phase wanders.
     *
     * @param jitter the most by which a sleep is shorter or longer, as a share of it
     */
    record Sleep(Duration length, double jitter) implements Rhythm {
        @Override
        public long sleep(int calls, Dice dice) {
            return (long) (length.toMillis() * (1 + jitter * (2 * dice.uniform() - 1)));
        }
    }

    /** Each sleep is as long as the two before together, up to a cap; then it begins again. */
    record Growing(Duration unit, Duration most) implements Rhythm {
        @Override
        public long sleep(int calls, Dice dice) {
            long before = unit.toMillis();
            long length = before;
            for (int i = 1; i < calls % steps(); i++) {
                long next = before + length;
                before = length;
                length = next;
            }
            return (long) (length * (0.97 + 0.06 * dice.uniform()));
        }

        /** Sleeps until it begins again. */
        private int steps() {
            int steps = 2;
            long before = unit.toMillis();
            for (long length = before; before + length <= most.toMillis(); steps++) {
                long next = before + length;
                before = length;
                length = next;
            }
            return steps;
        }
    }
}
