package io.postern.analytics.evaluate;

import io.postern.analytics.detect.Finding.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What fleets without any implant came to, one after the other: how seldom benign apps would be blocked, and how sure that is.
 * Holds counts alone, however many fleets there are.
 */
public final class Benign {

    private static final double SURE = 0.95;
    private static final double DAYS = 100_000;

    private final Map<String, Integer> causes = new TreeMap<>();
    private long fleets;
    private long deviceDays;
    private long approvedDeviceDays;
    private long flowEvents;
    private long blocks;
    private long before;
    private long after;

    /** One more fleet. */
    public void add(Tally tally) {
        fleets++;
        deviceDays += tally.deviceDays;
        approvedDeviceDays += tally.approvedDeviceDays;
        flowEvents += tally.flowEvents;
        for (Alarm alarm : tally.alarms) {
            if (alarm.score() >= Severity.MEDIUM.from()) {
                blocks += alarm.mayBlock() ? 1 : 0;
                before += alarm.approved() ? 0 : 1;
                after += alarm.approved() ? 1 : 0;
                causes.merge(
                        alarm.analytic() + " " + alarm.cause().app() + " "
                                + alarm.cause().behaviour(),
                        1,
                        Integer::sum);
            }
        }
    }

    /** What they came to so far. */
    public Sum sum() {
        return new Sum(
                fleets,
                deviceDays,
                approvedDeviceDays,
                flowEvents,
                blocks,
                DAYS * mostLikely(blocks) / Math.max(1, deviceDays),
                before,
                after,
                causes);
    }

    /**
     * @param blocksAtMost of 100,000 device-days, at 95 % confidence
     * @param before findings of medium or more before baselines were approved
     * @param after the same after it
     * @param causes how many findings by analytic, app and behaviour
     */
    public record Sum(
            long fleets,
            long deviceDays,
            long approvedDeviceDays,
            long flowEvents,
            long blocks,
            double blocksAtMost,
            long before,
            long after,
            Map<String, Integer> causes) {

        public Sum {
            causes = Map.copyOf(causes);
        }

        /** A table of one row for each measure. */
        public String markdown() {
            List<String> rows = List.of(
                    "| benign fleets | |",
                    "|---|---|",
                    row("fleets", fleets, ""),
                    row("device-days", deviceDays, ", " + approvedDeviceDays + " of them after approval"),
                    row("flow events", flowEvents, ""),
                    row("false blocks", blocks, at("; at 95 %% less than %.2f per 100,000 device-days", blocksAtMost)),
                    row("medium or more before approval", before, per1000(before, deviceDays - approvedDeviceDays)),
                    row("medium or more after it", after, per1000(after, approvedDeviceDays)));
            StringBuilder text = new StringBuilder();
            rows.forEach(row -> text.append(row).append('\n'));
            new TreeMap<>(causes)
                    .forEach((cause, count) ->
                            text.append(row("of " + cause, count, "")).append('\n'));
            return text.toString();
        }

        private static String row(String name, long value, String more) {
            return "| " + name + " | " + value + more + " |";
        }

        private static String per1000(long count, long days) {
            return at(
                    "; %.3f per 1000 device-days, at 95 %% less than %.3f",
                    1_000.0 * count / Math.max(1, days), 1_000.0 * mostLikely(count) / Math.max(1, days));
        }

        private static String at(String format, Object... values) {
            return String.format(Locale.ROOT, format, values);
        }
    }

    /** The largest mean of which one counts so few events by chance once in twenty times (Poisson's upper bound). */
    static double mostLikely(long events) {
        double low = 0;
        double high = 10 + 3.0 * events;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (atMost(events, middle) > 1 - SURE) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static double atMost(long events, double mean) {
        double term = Math.exp(-mean);
        double sum = term;
        for (long i = 1; i <= events; i++) {
            term *= mean / i;
            sum += term;
        }
        return sum;
    }
}
