package io.postern.analytics.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** A report as the tables of a page. */
public final class Markdown {

    private static final int CAUSES = 12;

    private final StringBuilder text = new StringBuilder();

    private Markdown() {}

    public static String of(Report report) {
        Markdown page = new Markdown();
        Report.Run first = report.runs().get(0);
        page.line(
                "%d devices × %d days, seed %d (%s), %d flow events, %d facts, implants on %s of the devices.",
                first.fleet().devices(),
                first.fleet().days(),
                first.fleet().seed(),
                report.tuning() ? "tuning" : "reporting",
                first.flowEvents(),
                first.contextEvents(),
                percent(first.fleet().implantShare()));
        page.summary(first);
        page.blocks(first);
        page.shares("kind", first, Figures::byKind);
        page.shares("jitter %", first, Figures::byJitter);
        page.shares("missed %", first, Figures::byMissed);
        page.causes(first);
        page.curve(first);
        if (report.runs().size() > 1) {
            page.ladder(report.runs());
        }
        if (!report.ablations().isEmpty()) {
            List<Report.Run> with = new ArrayList<>();
            with.add(report.runs().get(1).only(report.ablations().get(0)));
            with.addAll(report.ablations());
            page.ladder(with);
        }
        return page.text.toString();
    }

    private void summary(Report.Run run) {
        head(
                "analytic",
                "implants",
                "recall",
                "precision",
                "false per 1000 device-days",
                "after approval",
                "false blocks",
                "check-ins to detect, median (p90)",
                "minutes, median (p90)",
                "bytes up by then, median");
        for (Figures each : run.analytics()) {
            row(
                    each.analytic(),
                    Integer.toString(each.implants()),
                    percent(each.recall()),
                    percent(each.precision()),
                    number(each.falsePer1000()),
                    number(each.falseApproved()),
                    Integer.toString(each.falseBlocks()),
                    number(each.checkIns().median()) + " ("
                            + number(each.checkIns().at(0.9)) + ")",
                    number(each.minutes().median()) + " ("
                            + number(each.minutes().at(0.9)) + ")",
                    number(each.bytesOut().median()));
        }
    }

    private void blocks(Report.Run run) {
        head(
                "analytic",
                "implants found",
                "of which it may block",
                "minutes until it may, median (p90)",
                "bytes up by then, median (p90)");
        for (Figures each : run.analytics()) {
            row(
                    each.analytic(),
                    Integer.toString(each.caught()),
                    Integer.toString(each.blocked()),
                    number(each.minutesToBlock().median()) + " ("
                            + number(each.minutesToBlock().at(0.9)) + ")",
                    number(each.bytesToBlock().median()) + " ("
                            + number(each.bytesToBlock().at(0.9)) + ")");
        }
    }

    private <K extends Comparable<K>> void shares(
            String of, Report.Run run, Function<Figures, Map<K, Figures.Share>> shares) {
        Set<K> keys = new TreeSet<>();
        run.analytics().forEach(each -> keys.addAll(shares.apply(each).keySet()));
        head(titles("recall by " + of, run));
        for (K key : keys) {
            row(cells(key.toString(), run, each -> {
                Figures.Share share = shares.apply(each).get(key);
                return share == null ? "" : percent(share.value()) + " of " + share.of();
            }));
        }
    }

    private void causes(Report.Run run) {
        Map<String, Integer> totals = new TreeMap<>();
        run.analytics()
                .forEach(each -> each.falseByCause()
                        .forEach(cause -> totals.merge(cause.cause(), cause.findings(), Integer::sum)));
        head(titles("false per 1000 device-days by cause", run));
        totals.entrySet().stream()
                .sorted((a, b) -> b.getValue() - a.getValue())
                .limit(CAUSES)
                .forEach(entry -> row(cells(
                        entry.getKey(),
                        run,
                        each -> each.falseByCause().stream()
                                .filter(cause -> cause.cause().equals(entry.getKey()))
                                .map(cause -> number(cause.per1000()))
                                .findFirst()
                                .orElse(""))));
    }

    private void curve(Report.Run run) {
        head(titles("threshold: recall, false per 1000", run));
        int points = run.analytics().get(0).curve().size();
        for (int i = 0; i < points; i++) {
            int point = i;
            row(cells(number(run.analytics().get(0).curve().get(i).threshold()), run, each -> {
                Figures.Point at = each.curve().get(point);
                return percent(at.recall()) + ", " + number(at.falsePer1000());
            }));
        }
    }

    private void ladder(List<Report.Run> runs) {
        head(titles("fleet: recall, false per 1000", runs.get(0)));
        for (Report.Run run : runs) {
            row(cells(
                    run.name() + " (" + run.deviceDays() + " device-days)",
                    run,
                    each -> percent(each.recall()) + ", " + number(each.falsePer1000())));
        }
    }

    private static String[] titles(String first, Report.Run run) {
        return cells(first, run, Figures::analytic);
    }

    private static String[] cells(String first, Report.Run run, Function<Figures, String> cell) {
        String[] cells = new String[run.analytics().size() + 1];
        cells[0] = first;
        for (int i = 0; i < run.analytics().size(); i++) {
            cells[i + 1] = cell.apply(run.analytics().get(i));
        }
        return cells;
    }

    private void head(String... titles) {
        text.append('\n');
        row(titles);
        text.append("|---".repeat(titles.length)).append("|\n");
    }

    private void row(String... cells) {
        for (String cell : cells) {
            text.append("| ").append(cell).append(' ');
        }
        text.append("|\n");
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return value >= 100 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
