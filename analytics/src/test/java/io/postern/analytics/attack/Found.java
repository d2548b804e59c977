package io.postern.analytics.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.detect.Finding;
import java.util.List;
import java.util.stream.Collectors;

/** A finding, to be looked at. */
record Found(Finding finding) {

    Found because(String... features) {
        assertThat(features(true)).as("what speaks for %s", text(finding)).contains(features);
        return this;
    }

    Found inSpiteOf(String... features) {
        assertThat(features(false)).as("what speaks against %s", text(finding)).contains(features);
        return this;
    }

    Found inSpiteOf(String feature, int weight) {
        assertThat(finding.evidence())
                .as("%s", text(finding))
                .anyMatch(one -> one.feature().equals(feature) && one.weight() == weight && !one.supports());
        return this;
    }

    Found notInSpiteOf(String... features) {
        assertThat(features(false)).as("what speaks against %s", text(finding)).doesNotContain(features);
        return this;
    }

    Found notBecause(String... features) {
        assertThat(features(true)).as("what speaks for %s", text(finding)).doesNotContain(features);
        return this;
    }

    Found notVisible(String... facts) {
        assertThat(finding.notVisible()).contains(facts);
        return this;
    }

    Found is(Finding.Severity severity) {
        assertThat(finding.severity()).as("%s", text(finding)).isEqualTo(severity);
        return this;
    }

    Found mayBlock(boolean whether) {
        assertThat(finding.mayBlock())
                .as("whether to block by %s", text(finding))
                .isEqualTo(whether);
        return this;
    }

    Found by(long atMillis) {
        assertThat(finding.atMillis()).isLessThanOrEqualTo(atMillis);
        return this;
    }

    /** As a person reads it. */
    static String text(Finding finding) {
        String evidence = finding.evidence().stream()
                .map(one -> (one.supports() ? "+" : "-") + one.weight() + " " + one.feature())
                .collect(Collectors.joining(", "));
        return finding.analytic() + " " + finding.activity() + " "
                + finding.key().app() + " to " + finding.destination() + ": " + finding.score() + " (" + evidence
                + ") after " + finding.checkIns();
    }

    private List<String> features(boolean supports) {
        return finding.evidence().stream()
                .filter(one -> one.supports() == supports)
                .map(Evidence::feature)
                .toList();
    }
}
