package io.postern.gateway;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.flows.Suspicion;
import io.postern.gateway.rules.Match;
import java.util.Optional;

/**
 * A finding that is open: which flows it is about, and what it says of them.
 *
 * @param number of its opening
 * @param version of that finding
 * @param marks whether records of flows name it
 * @param acted whether it was ever more than an alert
 * @param match what it says of flows, if that is more than an alert or would be
 */
record OpenFinding(
        Finding finding,
        long number,
        long version,
        About about,
        Suspicion what,
        boolean marks,
        boolean acted,
        Optional<Match> match) {

    private static final String ANY_HOST = "*.";
    private static final int WOULD_ACT = 2;
    private static final int ACTS = 3;

    /** Whose flows, where to, by whom. */
    record About(AppKey key, String destination, String analytic) {

        private static About of(Finding finding) {
            return new About(finding.key(), finding.destination(), finding.analytic());
        }

        /** Whether the app is the same, of a device that is. */
        boolean concerns(AppTag tag) {
            return key.app().equals(tag.app()) && key.profile().equals(tag.profile());
        }

        /** Whether what leads there is meant. An app with many hosts of one domain has them all as one. */
        boolean covers(String to) {
            return destination.startsWith(ANY_HOST)
                    ? to.endsWith(destination.substring(1)) || to.equals(destination.substring(ANY_HOST.length()))
                    : to.equals(destination);
        }
    }

    static OpenFinding of(Kept kept, boolean marks, Optional<Match> match) {
        Finding finding = kept.finding();
        return new OpenFinding(
                finding,
                kept.number(),
                kept.version(),
                About.of(finding),
                suspicion(finding),
                marks,
                acted(kept),
                match);
    }

    static boolean acted(Kept kept) {
        return kept.action().compareTo(Verdict.Action.ALERT) > 0;
    }

    /** What is low is written beside the flow and changes nothing of it. */
    private static Suspicion suspicion(Finding finding) {
        boolean serious = finding.severity().compareTo(Severity.LOW) > 0;
        return new Suspicion(finding.uid(), finding.analytic(), serious ? Verdict.Action.ALERT : Verdict.Action.ALLOW);
    }

    OpenFinding with(Optional<Match> other) {
        return new OpenFinding(finding, number, version, about, what, marks, acted, other);
    }

    /** What stands is told before it is stored, what is over after that, so the two may come the other way round. */
    boolean overtook(OpenFinding other) {
        return about.equals(other.about)
                && (number > other.number || (number == other.number && version > other.version));
    }

    /** Whether it would act but for something that is missing yet. */
    boolean wouldAct() {
        return acts() || match.filter(each -> !each.note().isEmpty()).isPresent();
    }

    /** What is weaker makes room for it: what would act for what acts, what only marks for both, low first. */
    int weight() {
        return acts() ? ACTS : wouldAct() ? WOULD_ACT : finding.severity() == Severity.LOW ? 0 : 1;
    }

    boolean acts() {
        return match.filter(each -> each.effective().compareTo(Verdict.Action.ALERT) > 0)
                .isPresent();
    }
}
