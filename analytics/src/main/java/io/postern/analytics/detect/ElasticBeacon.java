package io.postern.analytics.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.FlowEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The tests of Elastic's beaconing transform (1.3), written anew from its published constants, to be compared with: each hour
 * over the last six, in buckets of a minute, of each app and destination. Elastic goes by host and process, which for phones
 * would mix all an app does.
 *
 * <pre>
 * score = (counts alike, or counts that repeat) + bytes up alike + bytes down alike        0 to 3
 * alike:  deviation at most 0.05 (counts: 0.1) of the mean, of what lies between the 10th and the 80th percentile
 * repeat: correlation of counts one period apart, averaged over the multiples of the period, at least 0.7
 * </pre>
 *
 * <p>One test is low, two are medium, three are high: ours, Elastic's own rule calls every one low.
 */
public final class ElasticBeacon implements Detection {

    public static final String NAME = "elastic";

    private static final int BUCKETS = 360;
    private static final long BUCKET = Duration.ofMinutes(1).toMillis();
    private static final int LEAST_PERIODS = 6;
    private static final double LOWER = 0.1;
    private static final double UPPER = 0.8;
    private static final double BYTES_VARY = 0.05;
    private static final double COUNTS_VARY = 0.1;
    private static final double FULL = 0.5;
    private static final double REPEATS = 0.7;
    private static final double[] SEVERITIES = {0, 30, 50, 75};

    private final ByTheHour hourly =
            new ByTheHour(NAME, Duration.ofMillis(BUCKETS * BUCKET), SEVERITIES[1], ElasticBeacon::score);

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
        if (connections.count() <= LEAST_PERIODS) {
            return 0;
        }
        double[] counts = new double[BUCKETS];
        double[] up = new double[BUCKETS];
        double[] down = new double[BUCKETS];
        for (int i = 0; i < connections.count(); i++) {
            int bucket = BUCKETS - 1 - (int) Math.min(BUCKETS - 1L, (toMillis - 1 - connections.atMillis(i)) / BUCKET);
            counts[bucket]++;
            up[bucket] += connections.bytesOut(i);
            down[bucket] += connections.bytesIn(i);
        }
        for (int i = 0; i < BUCKETS; i++) {
            up[i] /= Math.max(1, counts[i]);
            down[i] /= Math.max(1, counts[i]);
        }
        return SEVERITIES[of(counts, up, down)];
    }

    /**
     * 0 to 3.
     *
     * @param counts of connections, by bucket
     * @param up mean bytes of each, by bucket
     * @param down as {@code up}
     */
    static int of(double[] counts, double[] up, double[] down) {
        int from = 0;
        while (from < counts.length && counts[from] == 0) {
            from++;
        }
        int to = counts.length;
        while (to > from && counts[to - 1] == 0) {
            to--;
        }
        long present = Arrays.stream(counts, from, to).filter(each -> each > 0).count();
        if (to - from < 2 * LEAST_PERIODS || present < LEAST_PERIODS + 1) {
            return 0;
        }
        boolean steady = present > (int) (FULL * (to - from)) && alike(counts, COUNTS_VARY);
        int score = steady || repeats(counts, from, to) ? 1 : 0;
        score += alike(up, BYTES_VARY) ? 1 : 0;
        score += alike(down, BYTES_VARY) ? 1 : 0;
        return score;
    }

    /** Of those that are not zero. */
    static boolean alike(double[] values, double most) {
        double[] sorted =
                Arrays.stream(values).filter(value -> value != 0).sorted().toArray();
        if (sorted.length <= LEAST_PERIODS) {
            return false;
        }
        double lowest = sorted[Math.min((int) (LOWER * sorted.length + 0.5), sorted.length - 1)];
        double highest = sorted[Math.min((int) (UPPER * sorted.length + 0.5), sorted.length - 1)];
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (double value : sorted) {
            if (value >= lowest && value <= highest) {
                sum += value;
                squares += value * value;
                count++;
            }
        }
        double mean = sum / count;
        return Math.sqrt(Math.max(0, squares / count - mean * mean)) <= most * mean;
    }

    static boolean repeats(double[] counts, int from, int to) {
        int longest = (to - from) / LEAST_PERIODS;
        double[] correlation = new double[longest + 1];
        for (int period = 2; period <= longest; period++) {
            correlation[period] = correlation(counts, from, to, period);
        }
        for (int period = 2; period <= longest; period++) {
            double sum = correlation[period];
            int multiples = 1;
            for (int other = 2 * period + period; other <= longest; other += period) {
                sum += correlation[other];
                multiples++;
            }
            if (sum / multiples >= REPEATS) {
                return true;
            }
        }
        return false;
    }

    /** Of every bucket and the one a period before it. */
    private static double correlation(double[] counts, int from, int to, int period) {
        int cycles = (to - 2 * period + 1 - from) / period;
        int ends = from + period * cycles;
        double mean = 0;
        for (int i = from + period; i < ends; i++) {
            mean += counts[i] / (ends - from - period);
        }
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int cycle = from; cycle <= to - 2 * period; cycle += period) {
            for (int i = cycle + period; i < cycle + 2 * period; i++) {
                double x = counts[i] - mean;
                double y = counts[i - period] - mean;
                xx += x * x;
                yy += y * y;
                xy += x * y;
            }
        }
        double scale = Math.sqrt(xx * yy);
        return scale == 0 ? 1 : xy / scale;
    }
}
