package io.postern.analytics.finding;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Severity;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What an analyst found harmless: the like of it, on whatever device, is suppressed while it is no more serious and the
 * evidence is of no other kind.
 *
 * @param finding uid of the one that was answered
 * @param families that spoke for it
 * @param hard features of evidence that nothing harmless should show, or that make another thing of it, and that it showed
 * @param severity it had: the most that is suppressed
 */
public record Suppression(
        Alike like,
        String finding,
        Set<Family> families,
        Set<String> hard,
        Severity severity,
        Conclusion conclusion,
        String by,
        String reason,
        long fromMillis,
        long untilMillis) {

    /** Nothing hard about them, but who answered had not seen them: the app may be another's now, or sends what it did not. */
    private static final Set<String> OTHERWISE = Set.of(
            "signer-changed",
            "installer-changed",
            "installer-unknown",
            "app-just-updated",
            "upload",
            "upload-beyond-role");

    /**
     * What makes two findings alike, whosever device they are of.
     *
     * @param device empty where the app is known; apps that are not known are alike on one device only
     */
    public record Alike(String device, String app, String destination, String analytic) {
        public static Alike of(Finding finding) {
            return new Alike(
                    finding.key().named() ? "" : finding.key().device(),
                    finding.key().app(),
                    finding.destination(),
                    finding.analytic());
        }
    }

    public Suppression {
        families = Set.copyOf(families);
        hard = Set.copyOf(hard);
    }

    static Suppression of(Finding finding, Review review, long untilMillis, Predicate<Evidence> hard) {
        return new Suppression(
                Alike.of(finding),
                finding.uid(),
                families(finding),
                hard(finding, hard),
                finding.severity(),
                review.conclusion().orElseThrow(),
                review.by(),
                review.reason(),
                review.atMillis(),
                untilMillis);
    }

    /** As long, from then on. */
    Suppression from(long millis) {
        return new Suppression(
                like,
                finding,
                families,
                hard,
                severity,
                conclusion,
                by,
                reason,
                millis,
                millis + untilMillis - fromMillis);
    }

    /** A family more, or a hard item more, is another kind; so is an app that was changed, and an upload. */
    boolean covers(Finding other, long nowMillis, Predicate<Evidence> isHard) {
        return nowMillis < untilMillis
                && other.severity().compareTo(severity) <= 0
                && families.containsAll(families(other))
                && hard.containsAll(hard(other, isHard));
    }

    private static Set<Family> families(Finding finding) {
        Set<Family> found = EnumSet.noneOf(Family.class);
        for (Evidence one : finding.evidence()) {
            // State only says when; it is no family of its own.
            if (one.supports() && one.family() != Family.STATE) {
                found.add(one.family());
            }
        }
        return found;
    }

    private static Set<String> hard(Finding finding, Predicate<Evidence> isHard) {
        return finding.evidence().stream()
                .filter(Evidence::supports)
                .filter(one -> isHard.test(one) || OTHERWISE.contains(one.feature()))
                .map(Evidence::feature)
                .collect(Collectors.toSet());
    }

    Silence silence() {
        return new Silence(Silence.Kind.REVIEW, finding, by, conclusion.label() + ": " + reason, untilMillis);
    }
}
