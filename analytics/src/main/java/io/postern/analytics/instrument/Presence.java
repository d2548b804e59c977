package io.postern.analytics.instrument;

/**
 * In which hours and on which days was it there? The last 24 hours, the last 30 days, and the hours of the day ever.
 * UTC; a day later than that is forgotten. And how often was it there because the device woke for several apps?
 *
 * <pre>
 * word 0: days, the last one lowest (30) | the last hour, since 1970 (24) | free (10)
 * word 1: hours, the last one lowest (24) | hours of the day (24) | common wakes (8) | check-ins judged for it (8)
 * </pre>
 */
public final class Presence {

    /** Longs of a key. */
    public static final int WORDS = 2;

    /** Days that are remembered. */
    public static final int DAYS = 30;

    private static final int HOURS = 24;
    private static final int DAYS_SHIFT = 34;
    private static final int HOUR_SHIFT = 10;
    private static final int HOURS_SHIFT = 40;
    private static final int CLOCK_SHIFT = 16;
    private static final int WAKES_SHIFT = 8;
    private static final int WAKES_BITS = 8;
    private static final long HOUR_MILLIS = 3_600_000;

    private Presence() {}

    public static void observe(long[] words, int at, long timeMillis) {
        long hour = hour(timeMillis);
        long last = lastHour(words, at);
        boolean first = hours(words, at) == 0;
        long later = first ? 0 : Math.max(0, hour - last);
        long daysLater = first ? 0 : Math.max(0, hour / HOURS - last / HOURS);
        long end = first ? hour : Math.max(hour, last);
        long hours = moved(hours(words, at), later, HOURS) | bit(end - hour, HOURS);
        long days = moved(days(words, at), daysLater, DAYS) | bit(end / HOURS - hour / HOURS, DAYS);
        long clock = Packed.field(words[at + 1], CLOCK_SHIFT, HOURS) | (1L << (hour % HOURS));
        set(words, at, end, hours, days, clock);
    }

    /** On how many of the last 30 days, today's and the last one's included. */
    public static int daysActive(long[] words, int at, long nowMillis) {
        long later = hour(nowMillis) / HOURS - lastHour(words, at) / HOURS;
        return Long.bitCount(moved(days(words, at), Math.max(0, later), DAYS));
    }

    /** In how many of the last 24 hours. */
    public static int hoursActive(long[] words, int at, long nowMillis) {
        return Long.bitCount(moved(hours(words, at), Math.max(0, hour(nowMillis) - lastHour(words, at)), HOURS));
    }

    /** The longest run of hours without a pause within the last 24. */
    public static int longestRun(long[] words, int at, long nowMillis) {
        long left = moved(hours(words, at), Math.max(0, hour(nowMillis) - lastHour(words, at)), HOURS);
        int longest = 0;
        while (left != 0) {
            left &= left << 1;
            longest++;
        }
        return longest;
    }

    /** In how many hours of the day it has ever been there. */
    public static int hoursOfDay(long[] words, int at) {
        return Long.bitCount(Packed.field(words[at + 1], CLOCK_SHIFT, HOURS));
    }

    /** Whether it was there in more than one hour: what came once is not protected. */
    public static boolean returned(long[] words, int at) {
        return Long.bitCount(hours(words, at)) > 1 || Long.bitCount(days(words, at)) > 1;
    }

    /** On how many of the 30 days that end with its last. */
    public static int daysSeen(long[] words, int at) {
        return Long.bitCount(days(words, at));
    }

    /** One more check-in of which it is known whether it came when the device woke for several apps. */
    public static void woke(long[] words, int at, boolean common) {
        long word = words[at + 1];
        long wakes = Packed.field(word, WAKES_SHIFT, WAKES_BITS);
        long judged = Packed.field(word, 0, WAKES_BITS);
        if (judged == (1L << WAKES_BITS) - 1) {
            wakes >>>= 1;
            judged >>>= 1;
        }
        word = Packed.with(word, WAKES_SHIFT, WAKES_BITS, wakes + (common ? 1 : 0));
        words[at + 1] = Packed.with(word, 0, WAKES_BITS, judged + 1);
    }

    /** Share of check-ins that came when the device woke for several apps, rather than by a clock of their own. */
    public static double wakeShare(long[] words, int at) {
        int judged = wakesJudged(words, at);
        return judged == 0 ? 0 : (double) Packed.field(words[at + 1], WAKES_SHIFT, WAKES_BITS) / judged;
    }

    /** How many of the last check-ins {@link #wakeShare} rests on, up to 255. */
    public static int wakesJudged(long[] words, int at) {
        return (int) Packed.field(words[at + 1], 0, WAKES_BITS);
    }

    /** What two have seen, into the first. */
    public static void join(long[] words, int at, long[] other, int otherAt) {
        if (hours(other, otherAt) == 0) {
            return;
        }
        boolean none = hours(words, at) == 0;
        long mine = none ? lastHour(other, otherAt) : lastHour(words, at);
        long theirs = lastHour(other, otherAt);
        long end = Math.max(mine, theirs);
        long hours = moved(hours(words, at), end - mine, HOURS) | moved(hours(other, otherAt), end - theirs, HOURS);
        long days = moved(days(words, at), end / HOURS - mine / HOURS, DAYS)
                | moved(days(other, otherAt), end / HOURS - theirs / HOURS, DAYS);
        long clock =
                Packed.field(words[at + 1], CLOCK_SHIFT, HOURS) | Packed.field(other[otherAt + 1], CLOCK_SHIFT, HOURS);
        set(words, at, end, hours, days, clock);
        if (wakesJudged(other, otherAt) > wakesJudged(words, at)) {
            words[at + 1] =
                    Packed.with(words[at + 1], 0, CLOCK_SHIFT, Packed.field(other[otherAt + 1], 0, CLOCK_SHIFT));
        }
    }

    private static void set(long[] words, int at, long hour, long hours, long days, long clock) {
        words[at] = Packed.with(Packed.with(words[at], DAYS_SHIFT, DAYS, days), HOUR_SHIFT, HOURS, hour);
        words[at + 1] = Packed.with(Packed.with(words[at + 1], HOURS_SHIFT, HOURS, hours), CLOCK_SHIFT, HOURS, clock);
    }

    private static long hour(long timeMillis) {
        return Math.max(0, timeMillis) / HOUR_MILLIS;
    }

    private static long lastHour(long[] words, int at) {
        return Packed.field(words[at], HOUR_SHIFT, HOURS);
    }

    private static long hours(long[] words, int at) {
        return Packed.field(words[at + 1], HOURS_SHIFT, HOURS);
    }

    private static long days(long[] words, int at) {
        return Packed.field(words[at], DAYS_SHIFT, DAYS);
    }

    private static long moved(long bits, long by, int width) {
        return by >= width ? 0 : (bits << by) & ((1L << width) - 1);
    }

    private static long bit(long ago, int width) {
        return ago >= width ? 0 : 1L << ago;
    }
}
