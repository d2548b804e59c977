package io.postern.analytics.evaluate;

import io.postern.analytics.detect.Finding.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What one analytic came to.
 *
 * @param implants that it is expected to see
 * @param caught of those, by a finding of medium or more
 * @param precision of its findings of medium or more, one for each app and destination, the share that is an implant's; 1
 *     when there are none
 * @param falsePer1000 findings of medium or more on what means no harm, per 1000 device-days, before any approval
 * @param falseApproved the same after it; NaN where nothing was approved
 * @param falseBlocks those that would have been enough to block, as a count
 * @param checkIns of those caught, until they were
 * @param minutes as for {@code checkIns}
 * @param bytesOut as for {@code checkIns}
 * @param blocked of those caught, by a finding that was enough to block
 * @param minutesToBlock of those, until they were
 * @param bytesToBlock as for {@code minutesToBlock}
 * @param falseByCause as {@code falsePer1000}, by app and behaviour, the most frequent first
 * @param curve what other thresholds would have given
 */
public record Figures(
        String analytic,
        int implants,
        int caught,
        double recall,
        double precision,
        double falsePer1000,
        double falseApproved,
        int falseBlocks,
        Quantiles checkIns,
        Quantiles minutes,
        Quantiles bytesOut,
        int blocked,
        Quantiles minutesToBlock,
        Quantiles bytesToBlock,
        Map<String, Share> byKind,
        Map<Integer, Share> byJitter,
        Map<Integer, Share> byMissed,
        List<ByCause> falseByCause,
        List<Point> curve) {

    private static final double[] THRESHOLDS = {20, 30, 40, 50, 60, 70, 80, 90};

    public Figures {
        byKind = Collections.unmodifiableSortedMap(new TreeMap<>(byKind));
        byJitter = Collections.unmodifiableSortedMap(new TreeMap<>(byJitter));
        byMissed = Collections.unmodifiableSortedMap(new TreeMap<>(byMissed));
        falseByCause = List.copyOf(falseByCause);
        curve = List.copyOf(curve);
    }

    /** So many of so many. */
    public record Share(int caught, int of) {
        public double value() {
            return of == 0 ? 0 : (double) caught / of;
        }
    }

    /** @param cause app and behaviour */
    public record ByCause(String cause, int findings, double per1000) {}

    public record Point(double threshold, double recall, double falsePer1000) {}

    /**
     * @param values sorted
     */
    public record Quantiles(List<Double> values) {
        public Quantiles {
            values = values.stream().sorted().toList();
        }

        /** The nearest rank; NaN of none. */
        public double at(double share) {
            return values.isEmpty()
                    ? Double.NaN
                    : values.get((int) Math.min(values.size() - 1, Math.max(0, Math.ceil(share * values.size()) - 1)));
        }

        public double median() {
            return at(0.5);
        }
    }

    static Figures of(String analytic, Tally tally) {
        List<Case> cases = tally.cases.stream()
                .filter(each -> each.analytic().equals(analytic))
                .toList();
        List<Case> expected = cases.stream()
                .filter(each -> Subject.expected(analytic, each.implant()))
                .toList();
        List<Case> caught = expected.stream().filter(Case::caught).toList();
        List<Case> blocked = caught.stream().filter(Case::mayBlock).toList();
        double medium = Severity.MEDIUM.from();
        List<Alarm> alarms = tally.alarms.stream()
                .filter(each -> each.analytic().equals(analytic) && each.score() >= medium)
                .toList();
        long right = cases.stream().filter(Case::caught).count();
        return new Figures(
                analytic,
                expected.size(),
                caught.size(),
                share(caught.size(), expected.size()),
                right + alarms.size() == 0 ? 1 : (double) right / (right + alarms.size()),
                per1000(
                        alarms.stream().filter(each -> !each.approved()).count(),
                        tally.deviceDays - tally.approvedDeviceDays),
                tally.approvedDeviceDays == 0
                        ? Double.NaN
                        : per1000(alarms.stream().filter(Alarm::approved).count(), tally.approvedDeviceDays),
                (int) alarms.stream().filter(Alarm::mayBlock).count(),
                quantiles(caught, each -> (double) each.checkIns()),
                quantiles(caught, each -> each.caughtMillis() / 60_000.0),
                quantiles(caught, each -> (double) each.bytesOut()),
                blocked.size(),
                quantiles(blocked, each -> each.blockMillis() / 60_000.0),
                quantiles(blocked, each -> (double) each.blockBytes()),
                shares(expected, each -> each.implant().kind()),
                shares(
                        expected.stream()
                                .filter(each -> each.implant().jitterPercent() >= 0)
                                .toList(),
                        each -> each.implant().jitterPercent()),
                shares(expected, each -> each.implant().missedPercent()),
                byCause(alarms, tally),
                curve(analytic, expected, tally));
    }

    private static double share(long part, long all) {
        return all == 0 ? 0 : (double) part / all;
    }

    private static double per1000(long count, long deviceDays) {
        return deviceDays == 0 ? 0 : 1_000.0 * count / deviceDays;
    }

    private static Quantiles quantiles(List<Case> cases, Function<Case, Double> value) {
        return new Quantiles(cases.stream().map(value).toList());
    }

    private static <K extends Comparable<K>> Map<K, Share> shares(List<Case> cases, Function<Case, K> key) {
        Map<K, Share> shares = new TreeMap<>();
        for (Case each : cases) {
            shares.merge(
                    key.apply(each),
                    new Share(each.caught() ? 1 : 0, 1),
                    (a, b) -> new Share(a.caught() + b.caught(), a.of() + b.of()));
        }
        return shares;
    }

    private static List<ByCause> byCause(List<Alarm> alarms, Tally tally) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Alarm alarm : alarms) {
            counts.merge(alarm.cause().app() + " " + alarm.cause().behaviour(), 1, Integer::sum);
        }
        List<ByCause> causes = new ArrayList<>();
        counts.forEach((cause, count) -> causes.add(new ByCause(cause, count, per1000(count, tally.deviceDays))));
        causes.sort((a, b) -> b.findings() - a.findings());
        return causes;
    }

    private static List<Point> curve(String analytic, List<Case> expected, Tally tally) {
        List<Point> curve = new ArrayList<>();
        for (double threshold : THRESHOLDS) {
            long caught =
                    expected.stream().filter(each -> each.score() >= threshold).count();
            long wrong = tally.alarms.stream()
                    .filter(each -> each.analytic().equals(analytic) && each.score() >= threshold)
                    .count();
            curve.add(new Point(threshold, share(caught, expected.size()), per1000(wrong, tally.deviceDays)));
        }
        return curve;
    }
}
