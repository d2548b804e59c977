package io.postern.bench;

import java.util.Arrays;
import java.util.Random;

/** When check-ins come, in seconds: clocks that jitter, miss beats and grow, and what is no clock. By a seed. */
final class Rhythms {

    static final double PERIOD = 300;

    private final Random random;

    Rhythms(long seed) {
        random = new Random(seed);
    }

    /** Sleeps of a period, each off by up to that share. */
    double[] clock(int events, double jitter, double missed) {
        double[] times = new double[events];
        double at = 0;
        for (int i = 0; i < events; ) {
            at += PERIOD * (1 + jitter * (2 * random.nextDouble() - 1));
            if (random.nextDouble() >= missed) {
                times[i++] = at;
            }
        }
        return times;
    }

    /** A clock of which each check-in is several connects, within a few seconds. */
    double[] bursts(int events, double jitter, int each) {
        double[] clock = clock((events + each - 1) / each, jitter, 0);
        double[] times = new double[events];
        for (int i = 0; i < events; i++) {
            times[i] = clock[i / each] + i % each * (0.2 + random.nextDouble());
        }
        Arrays.sort(times);
        return times;
    }

    /** A clock once a day. */
    double[] daily(int events, double jitter) {
        double[] times = clock(events, jitter, 0);
        for (int i = 0; i < events; i++) {
            times[i] *= 86_400 / PERIOD;
        }
        return times;
    }

    /** Sleeps that grow by one factor, from ten seconds. */
    double[] growing(int events, double factor, double jitter) {
        double[] times = new double[events];
        double sleep = 10;
        double at = 0;
        for (int i = 0; i < events; i++) {
            at += sleep * (1 + jitter * (2 * random.nextDouble() - 1));
            times[i] = at;
            sleep *= factor;
        }
        return times;
    }

    double[] fibonacci(int events) {
        double[] times = new double[events];
        double before = 10;
        double sleep = 10;
        double at = 0;
        for (int i = 0; i < events; i++) {
            at += before;
            times[i] = at;
            double next = before + sleep;
            before = sleep;
            sleep = next;
        }
        return times;
    }

    /** At any time. */
    double[] poisson(int events) {
        double[] times = new double[events];
        double at = 0;
        for (int i = 0; i < events; i++) {
            at += exponential(PERIOD);
            times[i] = at;
        }
        return times;
    }

    /** Somebody at the device: some minutes of requests seconds apart, then nothing for half an hour or so. */
    double[] human(int events) {
        double[] times = new double[events];
        double at = 0;
        int left = 0;
        for (int i = 0; i < events; i++) {
            if (left-- == 0) {
                left = 3 + random.nextInt(17);
                at += lognormal(1800, 1.0);
            } else {
                at += lognormal(8, 1.2);
            }
            times[i] = at;
        }
        return times;
    }

    /** A clock, and somebody who uses the same destination: so many of a hundred events are theirs. */
    double[] underUse(int events, double jitter, double share) {
        int theirs = (int) (events * share);
        double[] times = Arrays.copyOf(clock(events - theirs, jitter, 0), events);
        double end = times[events - theirs - 1];
        for (int i = events - theirs; i < events; ) {
            double at = random.nextDouble() * end;
            for (int left = 1 + random.nextInt(5); left > 0 && i < events; left--) {
                times[i++] = at;
                at += lognormal(8, 1.2);
            }
        }
        Arrays.sort(times);
        return times;
    }

    /** WorkManager's every 15 minutes with a flexible third: once in the last five of each. */
    double[] workManager(int events) {
        double[] times = new double[events];
        for (int i = 0; i < events; i++) {
            times[i] = i * 900.0 + 600 + 300 * random.nextDouble();
        }
        return times;
    }

    /** A sync held back by Doze: at each wake of a sleeping device, further and further apart, until somebody uses it. */
    double[] doze(int events) {
        double[] gaps = {900, 900, 900, 3600, 7200, 14_400, 21_600};
        double[] times = new double[events];
        double at = 0;
        int depth = 0;
        for (int i = 0; i < events; ) {
            double gap = gaps[Math.min(depth, gaps.length - 1)] * (1 + 0.1 * random.nextDouble());
            double use = exponential(5400);
            if (use < gap) {
                at += use;
                depth = 0;
                double until = at + exponential(900);
                while (at < until && i < events) {
                    at += 600 + 300 * random.nextDouble();
                    times[i++] = at;
                }
            } else {
                at += gap;
                depth++;
                times[i++] = at;
            }
        }
        return times;
    }

    private double exponential(double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private double lognormal(double median, double spread) {
        return median * Math.exp(spread * random.nextGaussian());
    }
}
