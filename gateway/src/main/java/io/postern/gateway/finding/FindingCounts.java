package io.postern.gateway.finding;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Change;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Technique;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.meters.Meters;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code postern_findings_total} and {@code postern_finding_changes_total}: labels are constants, whatever a detector calls itself. */
final class FindingCounts {

    /** Of the five, and everything else together. */
    private enum Of {
        AN1770,
        AN1793,
        AN1827,
        AN1681,
        AN1716,
        OTHER;

        static Of of(String analytic) {
            return Technique.of(analytic).map(one -> valueOf(one.name())).orElse(OTHER);
        }

        String label() {
            return this == OTHER ? "other" : name();
        }
    }

    /** Findings of which it is remembered what was done; of one that was forgotten the next is counted again. */
    static final int MOST = 32_768;

    private final Meters.Findings<Of, Finding.Severity, Verdict.Action> counts;
    private final Counters<Change> changes;

    /** What was counted of each, by its uid. */
    private final Map<String, Verdict.Action> counted = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Verdict.Action> eldest) {
            return size() > MOST;
        }
    };

    FindingCounts(Meters meters) {
        counts = meters.findings(
                Of.class,
                Of::label,
                Finding.Severity.class,
                severity -> severity.name().toLowerCase(Locale.ROOT),
                Verdict.Action.class,
                action -> action.name().toLowerCase(Locale.ROOT));
        changes = meters.findingChanges(Change.class, Change::label);
    }

    /** Each finding once for each thing that is done about it. For one thread at a time. */
    void count(Kept kept, Change change) {
        changes.count(change);
        boolean over = change == Change.CLOSE;
        Verdict.Action before = over ? counted.remove(kept.uid()) : counted.put(kept.uid(), kept.action());
        if (!over && change != Change.SUPPRESS && before != kept.action()) {
            counts.count(Of.of(kept.finding().analytic()), kept.finding().severity(), kept.action());
        }
    }
}
