package io.postern.analytics.finding;

import io.postern.analytics.detect.Finding;
import java.util.function.Predicate;

/**
 * An exception of policy, as far as it is about findings.
 *
 * @param analytic the one it is to
 * @param whom whether a finding is of an app that it was written for
 * @param scope whether it excuses a finding of such an app
 */
public record Excuse(
        String id,
        String analytic,
        String owner,
        String reason,
        long untilMillis,
        Predicate<Finding> whom,
        Predicate<Finding> scope) {

    boolean excuses(Finding finding, long nowMillis) {
        return nowMillis < untilMillis && about(finding) && scope.test(finding);
    }

    /** Whether it was written for whom the finding is of, be it excused or not. */
    boolean about(Finding finding) {
        return finding.analytic().equals(analytic) && whom.test(finding);
    }

    Silence silence() {
        return new Silence(Silence.Kind.EXCEPTION, id, owner, reason, untilMillis);
    }
}
