package io.postern.gateway.finding;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Change;
import io.postern.analytics.finding.Technique;
import io.postern.gateway.meters.Meters;
import java.util.Locale;

/** {@code postern_findings_total}: labels are constants, whatever a detector calls itself. */
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

    private final Meters.Findings<Of, Finding.Severity, Change> counts;

    FindingCounts(Meters meters) {
        counts = meters.findings(
                Of.class,
                Of::label,
                Finding.Severity.class,
                severity -> severity.name().toLowerCase(Locale.ROOT),
                Change.class,
                Change::label);
    }

    void count(Finding finding, Change change) {
        counts.count(Of.of(finding.analytic()), finding.severity(), change);
    }
}
