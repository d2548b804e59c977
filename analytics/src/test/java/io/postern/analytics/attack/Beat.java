package io.postern.analytics.attack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * When something comes that comes again and again: it sleeps for a time, give or take.
 *
 * @param jitter share of the period by which a sleep may be shorter or longer
 * @param missing share of beats that do not come
 * @param burst connects of one beat, a second apart
 * @param growth by how much one sleep is longer than the last
 */
record Beat(Duration period, double jitter, double missing, int burst, double growth, long seed) {

    static Beat every(Duration period) {
        return new Beat(period, 0, 0, 1, 1, 1);
    }

    Beat jitter(double share) {
        return new Beat(period, share, missing, burst, growth, seed);
    }

    Beat missing(double share) {
        return new Beat(period, jitter, share, burst, growth, seed);
    }

    Beat bursts(int connects) {
        return new Beat(period, jitter, missing, connects, growth, seed);
    }

    Beat growing(double factor) {
        return new Beat(period, jitter, missing, burst, factor, seed);
    }

    /** Another one of the same kind. */
    Beat seed(long other) {
        return new Beat(period, jitter, missing, burst, growth, other);
    }

    List<Long> between(long from, long until) {
        Random random = new Random(seed);
        List<Long> times = new ArrayList<>();
        double sleep = period.toMillis();
        for (double at = from; at < until; at += sleep * (1 + jitter * (2 * random.nextDouble() - 1))) {
            boolean comes = random.nextDouble() >= missing;
            for (int i = 0; comes && i < burst; i++) {
                times.add((long) at + 1_000L * i);
            }
            sleep *= growth;
        }
        return times;
    }
}
