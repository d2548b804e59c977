package io.postern.analytics.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.FlowEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * RITA v5's beacon score, written anew from its published constants, to be compared with: over the last day, by the hour, of
 * each app and destination. Times are whole seconds.
 *
 * <pre>
 * score     = (ts + ds + duration + histogram) / 4
 * ts, ds    = (1 - |Bowley skewness| + (median - MAD) / median) / 2      of the intervals, of the bytes going up
 * histogram = max(1 - variation of the 24 bars, share of the two commonest heights of bars)
 * duration  = max(covered share of the day, longest run of hours / 12)   from 6 hours on
 * </pre>
 *
 * <p>Its bands are ours: medium begins at 40 where RITA's does at 0.7.
 */
public final class RitaScore implements Detection {

    public static final String NAME = "rita";

    private static final Duration WINDOW = Duration.ofHours(24);
    private static final double LOW_BAND = 20;
    private static final int LEAST_TIMES = 4;
    private static final int LEAST_INTERVALS = 3;
    private static final int LEAST_SIZES = 3;
    private static final int STROBE = 86_400;
    private static final int BARS = 24;
    private static final int LEAST_BARS_OF_DURATION = 6;
    private static final int IDEAL_RUN = 12;
    private static final int LEAST_BARS_OF_HEIGHTS = 11;
    private static final double HEIGHT_WIDTH = 0.05;
    private static final double LEAST_QUARTILES_APART = 10;

    /** RITA's bands 0.5, 0.7, 0.9 and 1, and the severities that begin there. */
    private static final double[][] BANDS = {{0, 0}, {0.5, 20}, {0.7, 40}, {0.9, 70}, {1, 100}};

    private final ByTheHour hourly = new ByTheHour(NAME, WINDOW, LOW_BAND, RitaScore::score);

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        hourly.observe(event, findings);
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        hourly.told(event, findings);
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        hourly.reached(atMillis, findings);
    }

    @Override
    public void scores(Consumer<Score> scores) {
        hourly.scores(scores);
    }

    private static double score(Connections connections, long fromMillis, long toMillis) {
        return connections.count() >= STROBE ? 0 : severity(of(connections, fromMillis / 1_000, toMillis / 1_000));
    }

    /** From RITA's 0 to 1 to our 0 to 100, band by band. */
    static double severity(double score) {
        for (int band = 1; band < BANDS.length; band++) {
            double[] from = BANDS[band - 1];
            double[] to = BANDS[band];
            if (score <= to[0]) {
                return from[1] + (score - from[0]) / (to[0] - from[0]) * (to[1] - from[1]);
            }
        }
        return 100;
    }

    /** 0 to 1 as RITA has it; 0 for what is too little to be judged. */
    static double of(Connections connections, long fromSecond, long toSecond) {
        int count = connections.count();
        long[] seconds = new long[count];
        double[] sizes = new double[count];
        for (int i = 0; i < count; i++) {
            seconds[i] = connections.atMillis(i) / 1_000;
            sizes[i] = connections.bytesOut(i);
        }
        double[] intervals = intervals(seconds);
        if (intervals.length < Math.max(LEAST_INTERVALS, LEAST_TIMES - 1) || count < LEAST_SIZES) {
            return 0;
        }
        Arrays.sort(sizes);
        int[] bars = bars(seconds, fromSecond, toSecond);
        double sum = statistic(intervals, 1)
                + statistic(sizes, 0)
                + duration(bars, (double) (seconds[count - 1] - seconds[0]) / (toSecond - fromSecond))
                + Math.max(evenness(bars), heights(bars));
        return thousandths(sum / 4);
    }

    /** Those above zero, sorted. */
    private static double[] intervals(long[] seconds) {
        double[] intervals = new double[seconds.length];
        int count = 0;
        for (int i = 1; i < seconds.length; i++) {
            if (seconds[i] > seconds[i - 1]) {
                intervals[count++] = seconds[i] - seconds[i - 1];
            }
        }
        double[] found = Arrays.copyOf(intervals, count);
        Arrays.sort(found);
        return found;
    }

    /** @param ofNone what stands for the spread when the median is below 1 */
    static double statistic(double[] sorted, double ofNone) {
        double median = median(sorted, 0, sorted.length);
        double[] deviations = new double[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            deviations[i] = Math.abs(sorted[i] - median);
        }
        Arrays.sort(deviations);
        double mad = median(deviations, 0, deviations.length);
        double spread = median >= 1 ? Math.max(0, (median - mad) / median) : ofNone;
        return thousandths((1 - Math.abs(skewness(sorted, median)) + spread) / 2);
    }

    private static double skewness(double[] sorted, double median) {
        int half = sorted.length / 2;
        double lower = median(sorted, 0, half);
        double upper = median(sorted, sorted.length - half, sorted.length);
        if (upper - lower < LEAST_QUARTILES_APART || median == lower || median == upper) {
            return 0;
        }
        return (lower + upper - 2 * median) / (upper - lower);
    }

    private static double median(double[] sorted, int from, int to) {
        int middle = (from + to) / 2;
        return (to - from) % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static int[] bars(long[] seconds, long from, long to) {
        int[] bars = new int[BARS];
        for (long second : seconds) {
            int bar = (int) ((second - from) * BARS / Math.max(1, to - from));
            bars[Math.max(0, Math.min(BARS - 1, bar))]++;
        }
        return bars;
    }

    static double evenness(int[] bars) {
        double mean = Arrays.stream(bars).average().orElse(0);
        double variance = 0;
        for (int bar : bars) {
            variance += (bar - mean) * (bar - mean) / bars.length;
        }
        double variation = Math.sqrt(variance) / mean;
        return variation > 1 ? 0 : thousandths(1 - variation);
    }

    static double heights(int[] bars) {
        int present = (int) Arrays.stream(bars).filter(bar -> bar > 0).count();
        if (present < LEAST_BARS_OF_HEIGHTS) {
            return 0;
        }
        int highest = Arrays.stream(bars).max().orElse(0);
        int width = (int) Math.ceil(HEIGHT_WIDTH * highest);
        int[] counts = new int[highest / width + 1];
        for (int bar : bars) {
            if (bar > 0) {
                counts[bar / width]++;
            }
        }
        Arrays.sort(counts);
        int most = counts[counts.length - 1] + (counts.length > 1 ? counts[counts.length - 2] : 0);
        return Math.min(1, thousandths((double) most / Math.max(present - 1, 1)));
    }

    /** @param covered share of the data's time between the first and the last */
    static double duration(int[] bars, double covered) {
        int present = 0;
        int run = 0;
        int longest = 0;
        for (int i = 0; i < 2 * bars.length; i++) {
            boolean there = bars[i % bars.length] > 0;
            present += there && i < bars.length ? 1 : 0;
            run = there ? run + 1 : 0;
            longest = Math.max(longest, Math.min(run, bars.length));
        }
        if (present < LEAST_BARS_OF_DURATION) {
            return 0;
        }
        double share = Math.ceil(covered * 1_000) / 1_000;
        double steadiness = Math.ceil((double) longest / IDEAL_RUN * 1_000) / 1_000;
        return Math.min(1, Math.max(share, steadiness));
    }

    private static double thousandths(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
