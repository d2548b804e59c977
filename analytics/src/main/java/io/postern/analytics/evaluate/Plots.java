package io.postern.analytics.evaluate;

import io.postern.analytics.evaluate.Figures.Share;
import io.postern.analytics.evaluate.Plot.Bars;
import io.postern.analytics.evaluate.Plot.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The plots of a report, by the names of their files. */
public final class Plots {

    private static final int CAUSES = 14;

    private Plots() {}

    public static Map<String, String> of(Report report) {
        List<Figures> analytics = report.runs().get(0).analytics();
        Map<String, String> plots = new LinkedHashMap<>();
        plots.put("recall-by-jitter.svg", byJitter(analytics));
        plots.put("recall-by-kind.svg", byKind(analytics));
        plots.put("time-to-detect.svg", timeToDetect(analytics));
        plots.put("false-by-cause.svg", byCause(analytics));
        if (report.runs().size() > 1) {
            plots.put("recall-by-fleet.svg", byFleet(report.runs()));
        }
        return plots;
    }

    private static String byJitter(List<Figures> analytics) {
        List<Line> lines = new ArrayList<>();
        for (Figures each : analytics) {
            List<double[]> points = new ArrayList<>();
            new TreeMap<>(each.byJitter()).forEach((jitter, share) -> points.add(new double[] {jitter, share.value()}));
            if (!points.isEmpty()) {
                lines.add(new Line(each.analytic(), points));
            }
        }
        return Plot.lines("Recall by jitter of the implants that sleep", "jitter, per cent", "caught", false, lines);
    }

    private static String byKind(List<Figures> analytics) {
        List<String> kinds = new ArrayList<>(new TreeSet<>(analytics.stream()
                .flatMap(each -> each.byKind().keySet().stream())
                .toList()));
        List<Bars> bars = new ArrayList<>();
        for (Figures each : analytics) {
            bars.add(new Bars(
                    each.analytic(),
                    kinds.stream().map(kind -> percent(each.byKind().get(kind))).toList()));
        }
        return Plot.bars("Recall by kind of implant", "caught, per cent; no bar: not expected", kinds, bars);
    }

    private static double percent(@Nullable Share share) {
        return share == null ? Double.NaN : 100 * share.value();
    }

    private static String timeToDetect(List<Figures> analytics) {
        List<Line> lines = new ArrayList<>();
        for (Figures each : analytics) {
            List<Double> values = each.checkIns().values();
            List<double[]> points = new ArrayList<>();
            for (int i = 0; i < values.size(); i++) {
                if (i + 1 == values.size() || !values.get(i).equals(values.get(i + 1))) {
                    points.add(new double[] {values.get(i), (i + 1.0) / each.implants()});
                }
            }
            lines.add(new Line(each.analytic(), points));
        }
        return Plot.lines(
                "Caught by the n-th check-in",
                "check-ins since its first flow",
                "of the implants expected",
                true,
                lines);
    }

    private static String byCause(List<Figures> analytics) {
        Map<String, Integer> totals = new TreeMap<>();
        analytics.forEach(each ->
                each.falseByCause().forEach(cause -> totals.merge(cause.cause(), cause.findings(), Integer::sum)));
        List<String> causes = totals.entrySet().stream()
                .sorted((a, b) -> b.getValue() - a.getValue())
                .limit(CAUSES)
                .map(Map.Entry::getKey)
                .toList();
        List<Bars> bars = new ArrayList<>();
        for (Figures each : analytics) {
            bars.add(new Bars(
                    each.analytic(),
                    causes.stream()
                            .map(cause -> each.falseByCause().stream()
                                    .filter(one -> one.cause().equals(cause))
                                    .mapToDouble(Figures.ByCause::per1000)
                                    .findFirst()
                                    .orElse(0))
                            .toList()));
        }
        return Plot.bars(
                "Findings of medium or more on what means no harm, by cause", "per 1000 device-days", causes, bars);
    }

    private static String byFleet(List<Report.Run> runs) {
        List<Bars> bars = new ArrayList<>();
        for (int i = 0; i < runs.get(0).analytics().size(); i++) {
            int analytic = i;
            bars.add(new Bars(
                    runs.get(0).analytics().get(i).analytic(),
                    runs.stream()
                            .map(run -> 100 * run.analytics().get(analytic).recall())
                            .toList()));
        }
        return Plot.bars(
                "Recall by what is known of the fleet",
                "caught, per cent",
                runs.stream().map(Report.Run::name).toList(),
                bars);
    }
}
