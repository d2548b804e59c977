package io.postern.analytics.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CadenceTest {

    private static final long START = 1_795_000_000_000L;
    private static final int RUNS = 200;

    @ParameterizedTest(name = "period {0} s, jitter {1}, missed {2}: called a clock by {3} check-ins")
    @CsvSource({
        "300, 0.1, 0, 16",
        "300, 0.2, 0, 20",
        "300, 0.3, 0, 32",
        "300, 0.5, 0, 48",
        "300, 0.2, 0.3, 64",
        "300, 0.3, 0.3, 96",
        "10, 0.3, 0, 32",
        "86400, 0.2, 0, 20",
        "86400, 0.3, 0, 30",
    })
    void callsAClockAClock(double period, double jitter, double missed, int by) {
        assertThat(share(by, random -> clock(random, period, jitter, missed))).isGreaterThan(0.95);
    }

    @Test
    void looksForNoMoreJitterThanItIsAskedFor() {
        long[] words = new long[Cadence.WORDS];
        IntToDoubleFunction loose = clock(new Random(3), 300, 0.45, 0);
        long at = START;
        for (int i = 0; i < 120; i++) {
            Cadence.observe(words, 0, at += (long) (1000 * loose.applyAsDouble(i)));
        }
        assertThat(Cadence.clock(words, 0, at)).isGreaterThan(Cadence.CLOCK);
        assertThat(Cadence.clock(words, 0, at, 0.5)).isEqualTo(Cadence.clock(words, 0, at));
        assertThat(Cadence.clock(words, 0, at, 0.12)).isLessThan(Cadence.CLOCK);
        assertThat(Cadence.clock(words, 0, at, 0)).isEqualTo(Cadence.narrowClock(words, 0, at));
    }

    @Test
    void doesNotCallChanceAClock() {
        assertThat(share(500, random -> i -> -300 * Math.log(1 - random.nextDouble())))
                .isLessThan(0.02);
    }

    @Test
    void doesNotCallSomebodyAtTheDeviceAClock() {
        assertThat(share(
                        500,
                        random -> i -> i % 12 == 0
                                ? 1800 * Math.exp(random.nextGaussian())
                                : 8 * Math.exp(1.2 * random.nextGaussian())))
                .isZero();
    }

    @Test
    void seesIntervalsThatGrow() {
        long[] words = new long[Cadence.WORDS];
        long at = START;
        double sleep = 10;
        for (int i = 0; i < 15; i++) {
            Cadence.observe(words, 0, at += (long) (1000 * sleep));
            sleep *= 1.6;
        }
        assertThat(Cadence.growing(words, 0, at)).isGreaterThan(Cadence.CLOCK);
        assertThat(Cadence.growthFactor(words, 0)).isBetween(1.5, 1.7);
        assertThat(Cadence.clock(words, 0, at)).isLessThan(Cadence.CLOCK);
    }

    /** What sleeps longer on command is not hidden by how it began. */
    @Test
    void followsAClockThatIsSetAnew() {
        int found = 0;
        for (int run = 0; run < RUNS; run++) {
            long[] words = new long[Cadence.WORDS];
            long at = START;
            Random random = new Random(run);
            IntToDoubleFunction fast = clock(random, 30, 0.2, 0);
            for (int i = 0; i < 10; i++) {
                Cadence.observe(words, 0, at += (long) (1000 * fast.applyAsDouble(i)));
            }
            IntToDoubleFunction slow = clock(random, 600, 0.2, 0);
            for (int i = 0; i < 40; i++) {
                Cadence.observe(words, 0, at += (long) (1000 * slow.applyAsDouble(i)));
            }
            found += Cadence.clock(words, 0, at) >= Cadence.CLOCK ? 1 : 0;
        }
        assertThat(found).isGreaterThan(RUNS * 9 / 10);
    }

    @Test
    void countsABurstOnce() {
        long[] words = new long[Cadence.WORDS];
        for (int i = 0; i < 20; i++) {
            for (int connect = 0; connect < 3; connect++) {
                Cadence.observe(words, 0, START + i * 300_000L + connect * 900L);
            }
        }
        assertThat(Cadence.checkIns(words, 0)).isEqualTo(20);
        assertThat(Cadence.periodMillis(words, 0)).isBetween(295_000.0, 305_000.0);
    }

    @Test
    void knowsThePeriodInSpiteOfMissedBeats() {
        long[] words = run(200, clock(new Random(5), 300, 0.2, 0.3));
        assertThat(Cadence.periodMillis(words, 0)).isBetween(270_000.0, 390_000.0);
    }

    @Test
    void fadesWhenItFallsSilent() {
        long[] words = run(64, clock(new Random(1), 300, 0.1, 0));
        long last = Cadence.lastMillis(words, 0);
        double now = Cadence.clock(words, 0, last);
        assertThat(Cadence.clock(words, 0, last + 7 * 300_000)).isEqualTo(now);
        assertThat(Cadence.clock(words, 0, last + 86_400_000L)).isLessThan(0.6 * now);
        assertThat(Cadence.clock(words, 0, last + 30 * 86_400_000L)).isLessThan(0.01);
    }

    @Test
    void keepsADailyClockOverAMissedWeekend() {
        long[] words = run(25, clock(new Random(1), 86_400, 0.1, 0));
        long last = Cadence.lastMillis(words, 0);
        assertThat(Cadence.clock(words, 0, last + 3 * 86_400_000L)).isEqualTo(Cadence.clock(words, 0, last));
    }

    @Test
    void bearsEventsOutOfOrderAndAClockSetBack() {
        long[] words = run(64, clock(new Random(1), 300, 0.1, 0));
        long last = Cadence.lastMillis(words, 0);
        double before = Cadence.clock(words, 0, last);
        assertThat(Cadence.observe(words, 0, last - 5_000)).isFalse();
        assertThat(Cadence.lastMillis(words, 0)).isEqualTo(last);
        assertThat(Cadence.observe(words, 0, last - 10 * 86_400_000L)).isTrue();
        assertThat(Cadence.clock(words, 0, last - 10 * 86_400_000L)).isEqualTo(before);
        assertThat(Cadence.observe(words, 0, last - 10 * 86_400_000L + 300_000)).isTrue();
    }

    @Test
    void joinsToTheOneThatSawMoreAndOnlyOnce() {
        long[] much = run(64, clock(new Random(1), 300, 0.1, 0));
        long[] little = run(5, clock(new Random(2), 300, 0.1, 0));
        Cadence.count(little, 0);
        long[] joined = little.clone();
        Cadence.join(joined, 0, much, 0);
        long[] other = much.clone();
        Cadence.join(other, 0, little, 0);
        assertThat(joined).isEqualTo(other);
        assertThat(Cadence.checkIns(joined, 0)).isEqualTo(64);
        assertThat(Cadence.counted(joined, 0)).isEqualTo(1);
        Cadence.join(other, 0, other, 0);
        assertThat(other).isEqualTo(joined);
    }

    @Test
    void staysInItsBoundsWhateverComes() {
        Random random = new Random(9);
        long[] words = new long[Cadence.WORDS];
        for (int i = 0; i < 100_000; i++) {
            long at = random.nextInt(10) == 0 ? random.nextLong() : START + random.nextInt();
            Cadence.observe(words, 0, at);
            assertThat(Cadence.evidence(words, 0, START)).isBetween(-2.0, 30.0);
            assertThat(Cadence.periodMillis(words, 0)).isFinite().isNotNegative();
        }
    }

    private static double share(int events, Function<Random, IntToDoubleFunction> rhythm) {
        int fired = 0;
        for (int run = 0; run < RUNS; run++) {
            long[] words = run(events, rhythm.apply(new Random(run)));
            fired += Cadence.clock(words, 0, Cadence.lastMillis(words, 0)) >= Cadence.CLOCK ? 1 : 0;
        }
        return (double) fired / RUNS;
    }

    private static long[] run(int events, IntToDoubleFunction seconds) {
        long[] words = new long[Cadence.WORDS];
        double at = 0;
        for (int i = 0; i < events; i++) {
            at += seconds.applyAsDouble(i);
            Cadence.observe(words, 0, START + (long) (1000 * at));
        }
        return words;
    }

    private static IntToDoubleFunction clock(Random random, double period, double jitter, double missed) {
        return i -> {
            double sleep = 0;
            do {
                sleep += period * (1 + jitter * (2 * random.nextDouble() - 1));
            } while (random.nextDouble() < missed);
            return sleep;
        };
    }
}
