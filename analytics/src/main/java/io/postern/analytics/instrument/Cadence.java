package io.postern.analytics.instrument;

/**
 * Do check-ins come by a clock? A running likelihood ratio of "a clock with jitter" against "at any time", over the
 * logarithms of intervals around their running centre. Two further readings run beside it: intervals that grow by one
 * factor, and how long the clock has been silent.
 *
 * <p>Sleeping with jitter is a random walk in phase, so only intervals are looked at, never phases. Three widths of
 * jitter are tried at once. In each, an interval hits the band, is a multiple of the centre (missed beats), or misses.
 * The chance of a band under "at any time" is at least that of every exponential rate. Constants and what they give:
 * docs/analytics/instruments.md.
 *
 * <pre>
 * word 0: start of the last check-in, ms (44) | intervals seen (20)
 * word 1: centre of ln ms (16) | evidence for narrow, middle, wide jitter (3 x 16)
 * word 2: last ln ms (16) | centre of its growth (16) | evidence of growth (16) | a count of the owner's (16)
 * </pre>
 */
public final class Cadence {

    /** Longs of a key that one stream takes. */
    public static final int WORDS = 3;

    /** Evidence from which on it is a clock: one in 30,000 by chance, counted from any one start. */
    public static final double CLOCK = Math.log(30_000);

    private static final int COUNT_BITS = 20;
    private static final int TIME_BITS = 44;
    private static final int LOG_UNIT = 2048;
    private static final int EVIDENCE_UNIT = 1024;

    private static final double LEAST = -2;
    private static final double MOST = 30;

    /** Jitter of the middle and of the wide band: intervals so much off their centre are still of a clock. */
    private static final double MIDDLE_JITTER = 0.30;

    public static final double WIDEST_JITTER = 0.50;

    private static final Band NARROW = new Band(0.12, 0.12, 0.13, 0.75, 0.06, 0.06, 0.12);
    private static final Band MIDDLE = new Band(0.30, 0.30, 0.30, 0.75, 0.12, 0.05, 0.10);
    private static final Band WIDE = new Band(0.75, 0.50, 0.48, 0.90, 0.20, 0.10, 0.05);

    private static final int BEATS_MISSED_AT_MOST = 4;
    private static final double MISSED_WITHIN = 0.20;
    // Where the centre stands at half of the true period, every interval looks like a missed beat: it must drift up.
    private static final double MISSED_DRIFT = 0.1;
    private static final int INTERVALS_TO_SETTLE = 6;
    private static final double STEP_AT_MOST = 0.7;
    private static final double GAIN_AT_LEAST = 0.04;

    /** A clock that has shown itself is not set anew by two odd intervals. */
    private static final double SURE = 4;

    private static final double FAR = 0.6;
    private static final double ALIKE = 0.4;

    private static final double GROWTH_WITHIN = 0.25;
    private static final double GROWTH_AT_LEAST = Math.log(1.2);
    private static final double GROWTH_AT_MOST = Math.log(4);
    private static final double GROWTH_HIT = Math.log(0.75 / 0.14);
    private static final double GROWTH_MISS = Math.log((1 - 0.75) / (1 - 0.14));

    private static final long BURST_MILLIS = 4_000;
    private static final long LONGEST_BURST_MILLIS = 60_000;
    private static final int BURST_OF_PERIOD = 16;
    private static final long STEP_BACK_MILLIS = 3_600_000;
    private static final long DAY_MILLIS = 86_400_000;
    private static final int SILENT_PERIODS = 8;

    private Cadence() {}

    /**
     * A connect, or the start of an exchange.
     *
     * @param at index of the stream's first word
     * @return whether it is a check-in of its own, rather than one more of the same burst or one that comes out of order
     */
    public static boolean observe(long[] words, int at, long timeMillis) {
        long time = Math.max(1, timeMillis);
        long last = lastMillis(words, at);
        if (last == 0 || time < last - STEP_BACK_MILLIS) {
            // A clock that was set back leaves what was learnt of intervals as it is.
            words[at] = Packed.with(words[at], COUNT_BITS, TIME_BITS, time);
            return true;
        }
        long interval = time - last;
        if (interval < burstMillis(words, at)) {
            return false;
        }
        fade(words, at, interval);
        learn(words, at, Math.log((double) interval));
        words[at] = Packed.increment(Packed.with(words[at], COUNT_BITS, TIME_BITS, time), 0, COUNT_BITS);
        return true;
    }

    private static void learn(long[] words, int at, double interval) {
        long seen = intervals(words, at);
        if (seen == 0) {
            words[at + 1] = Packed.withUnsigned(words[at + 1], 48, LOG_UNIT, interval);
        } else {
            learnGrowth(words, at, interval, seen);
            learnClock(words, at, interval, seen);
        }
        words[at + 2] = Packed.withUnsigned(words[at + 2], 48, LOG_UNIT, interval);
    }

    private static void learnClock(long[] words, int at, double interval, long seen) {
        double centre = centre(words, at);
        double off = interval - centre;
        double missed = offMissed(off);
        long word = words[at + 1];
        word = weigh(word, 32, NARROW, off, missed);
        word = weigh(word, 16, MIDDLE, off, missed);
        word = weigh(word, 0, WIDE, off, missed);
        boolean beatsMissed = seen >= INTERVALS_TO_SETTLE && Math.abs(missed) <= MISSED_WITHIN;
        double step = clip(beatsMissed ? missed + MISSED_DRIFT : off, STEP_AT_MOST);
        double gain = Math.max(1.0 / (seen + 1), GAIN_AT_LEAST);
        double last = Packed.unsigned(words[at + 2], 48, LOG_UNIT);
        // Two alike that are both far from the centre: the clock was set anew, or its first intervals were none of its
        // own.
        boolean anew = !beatsMissed
                && most(words[at + 1], WIDEST_JITTER) < SURE
                && Math.abs(off) > FAR
                && Math.abs(last - centre) > FAR
                && Math.abs(offMissed(last - centre)) > MISSED_WITHIN
                && seen >= 2
                && Math.abs(interval - last) <= ALIKE;
        words[at + 1] = Packed.withUnsigned(word, 48, LOG_UNIT, anew ? (interval + last) / 2 : centre + step * gain);
    }

    /** The evidence of the band that has most, of those up to that jitter. */
    private static double most(long word, double jitter) {
        double most = Packed.signed(word, 32, EVIDENCE_UNIT);
        if (jitter >= MIDDLE_JITTER) {
            most = Math.max(most, Packed.signed(word, 16, EVIDENCE_UNIT));
        }
        return jitter >= WIDEST_JITTER ? Math.max(most, Packed.signed(word, 0, EVIDENCE_UNIT)) : most;
    }

    private static long weigh(long word, int shift, Band band, double off, double missed) {
        double evidence = Packed.signed(word, shift, EVIDENCE_UNIT) + band.weight(off, missed);
        return Packed.withSigned(word, shift, EVIDENCE_UNIT, Math.max(LEAST, Math.min(MOST, evidence)));
    }

    /** How far an interval is from the nearest multiple of the centre; infinite for the centre itself and for too many. */
    private static double offMissed(double off) {
        if (off < 0.4) {
            return Double.POSITIVE_INFINITY;
        }
        long beats = Math.min(BEATS_MISSED_AT_MOST, Math.round(Math.exp(off)));
        return beats < 2 ? Double.POSITIVE_INFINITY : off - Math.log((double) beats);
    }

    private static void learnGrowth(long[] words, int at, double interval, long seen) {
        long word = words[at + 2];
        double growth = interval - Packed.unsigned(word, 48, LOG_UNIT);
        double usual = Packed.signed(word, 32, LOG_UNIT);
        if (seen == 1) {
            words[at + 2] = Packed.withSigned(word, 32, LOG_UNIT, growth);
            return;
        }
        boolean hit = Math.abs(growth - usual) <= GROWTH_WITHIN && usual >= GROWTH_AT_LEAST && usual <= GROWTH_AT_MOST;
        double evidence = Packed.signed(word, 16, EVIDENCE_UNIT) + (hit ? GROWTH_HIT : GROWTH_MISS);
        word = Packed.withSigned(word, 16, EVIDENCE_UNIT, Math.max(LEAST, Math.min(MOST, evidence)));
        double step = clip(growth - usual, 0.5) * Math.max(1.0 / seen, 0.1);
        words[at + 2] = Packed.withSigned(word, 32, LOG_UNIT, usual + step);
    }

    /** Lets evidence fade that has been silent for longer than a few missed beats. */
    private static void fade(long[] words, int at, long silentMillis) {
        double kept = kept(words, at, silentMillis);
        if (kept < 1) {
            words[at + 1] = faded(faded(faded(words[at + 1], 32, kept), 16, kept), 0, kept);
            words[at + 2] = faded(words[at + 2], 16, kept);
        }
    }

    private static long faded(long word, int shift, double kept) {
        double evidence = Packed.signed(word, shift, EVIDENCE_UNIT);
        return evidence <= 0 ? word : Packed.withSigned(word, shift, EVIDENCE_UNIT, evidence * kept);
    }

    /** Half for each day, or each 16 periods of slow clocks, beyond eight missed beats. */
    private static double kept(long[] words, int at, long silentMillis) {
        double period = periodMillis(words, at);
        double beyond = silentMillis - SILENT_PERIODS * period;
        return beyond <= 0 ? 1 : Math.exp(-Math.log(2) * beyond / Math.max(DAY_MILLIS, 16 * period));
    }

    /** What comes so soon after a check-in's start is of the same check-in. */
    private static long burstMillis(long[] words, int at) {
        long seen = intervals(words, at);
        if (seen == 0) {
            return BURST_MILLIS;
        }
        // Before there is a period, what comes soon after a long pause is of the check-in that ended the pause.
        double pause = Math.exp(Packed.unsigned(words[at + 2], 48, LOG_UNIT));
        long share =
                (long) (Math.max(seen < INTERVALS_TO_SETTLE ? 0 : periodMillis(words, at), pause) / BURST_OF_PERIOD);
        return Math.max(BURST_MILLIS, Math.min(LONGEST_BURST_MILLIS, share));
    }

    /** Evidence that it is a clock of any jitter, by that time: natural logarithm of a likelihood ratio, -2 to 30. */
    public static double clock(long[] words, int at, long nowMillis) {
        return clock(words, at, nowMillis, WIDEST_JITTER);
    }

    /**
     * The same of a clock of so much jitter at most.
     *
     * @param jitter share of the interval; bands of 0.12, 0.30 and 0.50 are asked up to it, the first one always
     */
    public static double clock(long[] words, int at, long nowMillis, double jitter) {
        double most = most(words[at + 1], jitter);
        return stillWorth(words, at, nowMillis, most);
    }

    /** Evidence that its jitter is at most about 12 %, likewise. */
    public static double narrowClock(long[] words, int at, long nowMillis) {
        return stillWorth(words, at, nowMillis, Packed.signed(words[at + 1], 32, EVIDENCE_UNIT));
    }

    /** Evidence that its intervals grow by one factor, likewise. */
    public static double growing(long[] words, int at, long nowMillis) {
        return stillWorth(words, at, nowMillis, Packed.signed(words[at + 2], 16, EVIDENCE_UNIT));
    }

    /** The most that speaks for a schedule of either kind. */
    public static double evidence(long[] words, int at, long nowMillis) {
        return evidence(words, at, nowMillis, WIDEST_JITTER);
    }

    /** The same, of clocks of so much jitter at most. */
    public static double evidence(long[] words, int at, long nowMillis, double jitter) {
        return Math.max(clock(words, at, nowMillis, jitter), growing(words, at, nowMillis));
    }

    private static double stillWorth(long[] words, int at, long nowMillis, double evidence) {
        long silent = nowMillis - lastMillis(words, at);
        return evidence <= 0 || silent <= 0 ? evidence : evidence * kept(words, at, silent);
    }

    /** Its usual interval; 0 before there are two check-ins. */
    public static double periodMillis(long[] words, int at) {
        return intervals(words, at) == 0 ? 0 : Math.exp(centre(words, at));
    }

    /** By what intervals grow, 1 for those that do not. */
    public static double growthFactor(long[] words, int at) {
        return Math.exp(Packed.signed(words[at + 2], 32, LOG_UNIT));
    }

    /** Intervals between check-ins seen, up to about a million. */
    public static long intervals(long[] words, int at) {
        return Packed.field(words[at], 0, COUNT_BITS);
    }

    /** Check-ins seen; bursts count once. */
    public static long checkIns(long[] words, int at) {
        return lastMillis(words, at) == 0 ? 0 : intervals(words, at) + 1;
    }

    /** When the last check-in began, Unix time; 0 if there was none. */
    public static long lastMillis(long[] words, int at) {
        return Packed.field(words[at], COUNT_BITS, TIME_BITS);
    }

    /**
     * What two have seen of one stream, into the first: the one that saw more is believed, and the later check-in is the
     * last. Joining again changes nothing.
     */
    public static void join(long[] words, int at, long[] other, int otherAt) {
        long last = Math.max(lastMillis(words, at), lastMillis(other, otherAt));
        int counted = Math.max(counted(words, at), counted(other, otherAt));
        if (sawMore(other, otherAt, words, at)) {
            System.arraycopy(other, otherAt, words, at, WORDS);
        }
        words[at + 2] = Packed.with(words[at + 2], 0, 16, counted);
        words[at] = Packed.with(words[at], COUNT_BITS, TIME_BITS, last);
    }

    /** Another's readings in place of these, but for what the owner counts. */
    public static void take(long[] words, int at, long[] other, int otherAt) {
        int counted = Math.max(counted(words, at), counted(other, otherAt));
        System.arraycopy(other, otherAt, words, at, WORDS);
        words[at + 2] = Packed.with(words[at + 2], 0, 16, counted);
    }

    private static boolean sawMore(long[] one, int at, long[] other, int otherAt) {
        int more = Long.compare(intervals(one, at), intervals(other, otherAt));
        if (more == 0) {
            more = Long.compare(lastMillis(one, at), lastMillis(other, otherAt));
        }
        if (more == 0) {
            more = Long.compare(one[at + 1], other[otherAt + 1]);
        }
        return more == 0 ? one[at + 2] >>> 16 > other[otherAt + 2] >>> 16 : more > 0;
    }

    /** Counts one of whatever its owner counts, up to 65,535. */
    public static void count(long[] words, int at) {
        words[at + 2] = Packed.increment(words[at + 2], 0, 16);
    }

    public static int counted(long[] words, int at) {
        return (int) Packed.field(words[at + 2], 0, 16);
    }

    private static double centre(long[] words, int at) {
        return Packed.unsigned(words[at + 1], 48, LOG_UNIT);
    }

    private static double clip(double value, double most) {
        return Math.max(-most, Math.min(most, value));
    }

    /**
     * One width of jitter: an interval so much shorter or longer hits. What hit, missed beat and miss are worth by
     * themselves follows from how likely each is by chance and by a clock.
     */
    private record Band(double shorter, double longer, double missedWithin, double hit, double beat, double miss) {

        Band(
                double shorter,
                double longer,
                double hitByChance,
                double hitByClock,
                double missedWithin,
                double missedByChance,
                double missedByClock) {
            this(
                    shorter,
                    longer,
                    missedWithin,
                    Math.log(hitByClock / hitByChance),
                    Math.log(missedByClock / missedByChance),
                    Math.log((1 - hitByClock - missedByClock) / (1 - hitByChance - missedByChance)));
        }

        double weight(double off, double missed) {
            if (off >= -shorter && off <= longer) {
                return hit;
            }
            return Math.abs(missed) <= missedWithin ? beat : miss;
        }
    }
}
