package io.postern.gateway.replay;

import io.postern.analytics.Evidence;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Finding.Severity;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Findings as they were last told, for a summary: what was taken back is left out. Bounded. */
final class FoundTable {

    /** Findings held; beyond it the one that was told of longest ago goes. */
    static final int MOST = 10_000;

    private static final int MAIN = 3;

    private final Map<String, Finding> last = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Finding> eldest) {
            return size() > MOST;
        }
    };

    void told(Finding finding) {
        boolean takenBack = finding.activity() == Activity.CLOSE && finding.score() < Severity.MEDIUM.from();
        if (takenBack) {
            last.remove(finding.uid());
        } else {
            last.put(finding.uid(), finding);
        }
    }

    /** The worst first. */
    List<Replay.Found> rows() {
        return last.values().stream()
                .sorted(Comparator.comparingDouble(Finding::score)
                        .reversed()
                        .thenComparing(Finding::analytic)
                        .thenComparing(finding -> finding.key().device())
                        .thenComparing(finding -> finding.key().app())
                        .thenComparing(Finding::destination))
                .map(FoundTable::row)
                .toList();
    }

    private static Replay.Found row(Finding finding) {
        return new Replay.Found(
                finding.analytic(),
                finding.severity().name().toLowerCase(Locale.ROOT),
                Math.round(finding.score()),
                finding.key().device(),
                finding.key().app(),
                finding.destination(),
                main(finding.evidence()));
    }

    /** What weighs most for it, with its value where that says more than that it is so. */
    private static String main(List<Evidence> evidence) {
        return evidence.stream()
                .filter(Evidence::supports)
                .limit(MAIN)
                .map(each -> each.value() == 1 ? each.feature() : each.feature() + " " + shown(each.value()))
                .collect(Collectors.joining(", "));
    }

    private static String shown(double value) {
        return value >= 100 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }
}
