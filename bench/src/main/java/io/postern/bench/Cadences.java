package io.postern.bench;

import io.postern.analytics.instrument.Cadence;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/**
 * What the cadence instrument makes of made-up rhythms: how many of so many runs it has ever called a clock by so many
 * events, after how many it did (median), and how many it still calls one at the end.
 */
public final class Cadences {

    private static final long START = 1_795_000_000_000L;
    private static final int[] MARKS = {16, 32, 96, 1000};

    private final int runs;

    private Cadences(int runs) {
        this.runs = runs;
    }

    public static void main(String[] args) {
        Cadences table = new Cadences(args.length > 0 ? Integer.parseInt(args[0]) : 1000);
        System.out.println("| rhythm | 16 | 32 | 96 | 1000 | median | at the end |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (double jitter : new double[] {0.1, 0.2, 0.3, 0.5, 0.9}) {
            table.row(
                    String.format(Locale.ROOT, "clock, jitter %.0f %%", 100 * jitter), 96, r -> r.clock(96, jitter, 0));
        }
        for (double missed : new double[] {0.2, 0.3}) {
            for (double jitter : new double[] {0.2, 0.3, 0.5}) {
                String name =
                        String.format(Locale.ROOT, "clock, jitter %.0f %%, missed %.0f %%", 100 * jitter, 100 * missed);
                table.row(name, 96, r -> r.clock(96, jitter, missed));
            }
        }
        table.row("clock, jitter 20 %, bursts of 3 (connects)", 96, r -> r.bursts(96, 0.2, 3));
        table.row("clock, jitter 20 %, 40 % of use between", 96, r -> r.underUse(96, 0.2, 0.4));
        table.row("clock once a day, jitter 20 %", 32, r -> r.daily(32, 0.2));
        table.row("growing by 1.5", 16, r -> r.growing(16, 1.5, 0));
        table.row("growing by 1.3, jitter 20 %", 32, r -> r.growing(32, 1.3, 0.2));
        table.row("Fibonacci", 16, r -> r.fibonacci(16));
        table.row("WorkManager, 15 min, flexible 5 min", 96, r -> r.workManager(96));
        table.row("*benign* at any time (Poisson)", 1000, r -> r.poisson(1000));
        table.row("*benign* somebody at the device", 1000, r -> r.human(1000));
        table.row("*benign* sync held back by Doze", 1000, r -> r.doze(1000));
    }

    private void row(String name, int events, Function<Rhythms, double[]> rhythm) {
        int[] by = new int[MARKS.length];
        int[] fired = new int[runs];
        int atEnd = 0;
        for (int run = 0; run < runs; run++) {
            long[] words = new long[Cadence.WORDS];
            double[] times = rhythm.apply(new Rhythms(run));
            fired[run] = Integer.MAX_VALUE;
            for (int i = 0; i < times.length; i++) {
                long at = START + (long) (times[i] * 1000);
                Cadence.observe(words, 0, at);
                if (Cadence.evidence(words, 0, at) >= Cadence.CLOCK && fired[run] > i + 1) {
                    fired[run] = i + 1;
                }
            }
            atEnd += Cadence.evidence(words, 0, START + (long) (times[events - 1] * 1000)) >= Cadence.CLOCK ? 1 : 0;
            for (int mark = 0; mark < MARKS.length; mark++) {
                by[mark] += fired[run] <= MARKS[mark] ? 1 : 0;
            }
        }
        Arrays.sort(fired);
        int ever = by[MARKS.length - 1];
        StringBuilder line = new StringBuilder("| " + name);
        for (int mark = 0; mark < MARKS.length; mark++) {
            line.append(
                    MARKS[mark] > events && (mark == 0 || MARKS[mark - 1] >= events)
                            ? " | "
                            : percent(" | ", by[mark]));
        }
        line.append(" | ")
                .append(ever == 0 ? "never" : String.valueOf(fired[ever / 2]))
                .append(percent(" | ", atEnd));
        System.out.println(line.append(" |"));
    }

    private String percent(String before, int count) {
        return before + String.format(Locale.ROOT, "%.1f", 100.0 * count / runs);
    }
}
