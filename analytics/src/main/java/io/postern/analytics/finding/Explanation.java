package io.postern.analytics.finding;

import io.postern.analytics.Evidence;
import io.postern.analytics.attack.Words;
import io.postern.analytics.attack.Words.Remedy;
import io.postern.analytics.detect.Finding;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A finding in words that can be forwarded.
 *
 * @param uid of the finding
 * @param title what it is called
 * @param seen what was seen, one sentence each
 * @param matters why it matters
 * @param technique of ATT&CK, {@code T1437.001 Web Protocols}; empty if it is of none
 * @param supports what speaks for it, what weighs most first
 * @param against what speaks against it, likewise
 * @param notVisible what could not be seen
 * @param remedies what would rightly silence it
 * @param timeline what happened to it, oldest first
 */
public record Explanation(
        String uid,
        String title,
        String status,
        double score,
        String severity,
        List<String> seen,
        String matters,
        String technique,
        List<Said> supports,
        List<Said> against,
        List<String> notVisible,
        List<String> remedies,
        List<String> timeline) {

    /** One piece of evidence. */
    public record Said(
            String family, String feature, int weight, double value, double threshold, boolean hard, String text) {
        static Said of(Evidence evidence) {
            return new Said(
                    evidence.family().label(),
                    evidence.feature(),
                    evidence.weight(),
                    finite(evidence.value()),
                    finite(evidence.threshold()),
                    Words.hard(evidence),
                    Words.of(evidence));
        }

        /** JSON has no word for what is not. */
        private static double finite(double value) {
            return Double.isFinite(value) ? value : 0;
        }
    }

    /** @param campaign that it belongs to, if there is one */
    public static Explanation of(Kept kept, Optional<Campaign> campaign) {
        Finding finding = kept.finding();
        Optional<Technique> technique = Technique.of(finding.analytic());
        return new Explanation(
                kept.uid(),
                technique.map(one -> one.caption() + " (" + one.name() + ")").orElse(finding.analytic()),
                kept.status().label(),
                finding.score(),
                finding.severity().name().toLowerCase(Locale.ROOT),
                seen(kept, campaign, technique),
                technique.map(Technique::matters).orElse("It is a score of a method, not of an analytic."),
                technique.map(Explanation::name).orElse(""),
                said(finding, true),
                said(finding, false),
                finding.notVisible().stream().map(Words::ofUnseen).toList(),
                remedies(finding),
                kept.story().stream().map(Explanation::line).toList());
    }

    private static String name(Technique technique) {
        return (technique.subTechnique().isEmpty() ? technique.technique() : technique.subTechnique()) + " "
                + technique.caption() + ", ATT&CK Mobile " + Technique.VERSION;
    }

    private static List<String> seen(Kept kept, Optional<Campaign> campaign, Optional<Technique> technique) {
        Finding finding = kept.finding();
        List<String> all = new ArrayList<>();
        all.add((finding.key().named() ? finding.key().app() : "An app that is not known") + " on device "
                + finding.key().device() + " (profile " + finding.key().profile() + ") "
                + technique.map(Technique::does).orElse("has a score by " + finding.analytic()) + ": "
                + finding.destination() + ".");
        all.add(finding.checkIns() + " check-ins from " + time(finding.firstMillis()) + " to "
                + time(finding.atMillis()) + ", " + bytes(finding.bytesOut()) + " sent.");
        campaign.ifPresent(one -> all.add("It is not alone: " + one.devices() + " devices and " + one.apps()
                + " apps show the like towards " + one.destination() + " (campaign " + one.uid() + ")."));
        if (!kept.before().isEmpty()) {
            all.add("It takes up " + kept.before() + ", which was closed.");
        }
        kept.silence()
                .ifPresent(silence -> all.add("Nobody need look until " + time(silence.untilMillis()) + ", says "
                        + silence.owner() + ": " + silence.reason() + "."));
        kept.review()
                .ifPresent(review -> all.add(review.by() + " answered at " + time(review.atMillis()) + ": "
                        + review.conclusion()
                                .map(Conclusion::label)
                                .orElse(review.status().label()) + ", "
                        + review.reason() + "."));
        return all;
    }

    private static List<Said> said(Finding finding, boolean supports) {
        return finding.evidence().stream()
                .filter(one -> one.supports() == supports)
                .sorted(Comparator.comparingInt(Evidence::weight).reversed())
                .map(Said::of)
                .toList();
    }

    private static List<String> remedies(Finding finding) {
        Set<Remedy> all = EnumSet.noneOf(Remedy.class);
        finding.evidence().stream()
                .filter(Evidence::supports)
                .map(Words::remedy)
                .forEach(all::add);
        List<String> remedies = new ArrayList<>();
        String app = finding.key().app();
        if (all.contains(Remedy.APPROVE)) {
            remedies.add("If the app is meant to do this: approve it in its baseline (postern baseline diff --app "
                    + app + "; close this finding as benign first).");
        }
        if (all.contains(Remedy.ROLE)) {
            remedies.add(
                    "If it is what the app is for: write it into the app's role in the policy (destinations, service"
                            + " classes, ports, background and its poll, crypto, uplink-limit).");
        }
        if (all.contains(Remedy.INVENTORY)) {
            remedies.add(
                    "If the app is wanted: approve it in the policy's inventory, with an owner, and have it managed.");
        }
        remedies.add("If it is right and allowed for a time: an exception {app: " + app + ", analytic: "
                + finding.analytic() + ", destination: \"" + finding.destination() + "\", owner, reason, until}.");
        remedies.add(
                "If it is wrong: close it as false-positive; the like of it is suppressed until the evidence changes"
                        + " in kind.");
        return remedies;
    }

    private static String line(Step step) {
        return time(step.atMillis()) + " " + step.kind().label()
                + (step.text().isEmpty() ? "" : " (" + step.text() + ")")
                + (step.by().isEmpty() ? "" : " by " + step.by()) + ", score " + Math.round(step.score());
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String bytes(long count) {
        return Words.bytes((double) count);
    }

    /** As plain text, to be forwarded. Destination and app may be of a peer's choice: control characters are replaced. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(title)
                .append(": ")
                .append(severity)
                .append(", score ")
                .append(Math.round(score))
                .append(", ")
                .append(status)
                .append('\n')
                .append("finding ")
                .append(uid)
                .append('\n');
        section(text, "What was seen", seen);
        section(text, "Why it matters", technique.isEmpty() ? List.of(matters) : List.of(matters, technique));
        section(text, "What speaks for it", lines(supports));
        section(text, "What speaks against it", lines(against));
        section(text, "What could not be seen", notVisible);
        section(text, "What would silence it rightly", remedies);
        section(text, "Timeline", timeline);
        return plain(text.toString());
    }

    private static List<String> lines(List<Said> said) {
        return said.stream()
                .map(one ->
                        String.format(Locale.ROOT, "%3d  %s", one.weight(), one.text()) + (one.hard() ? " (hard)" : ""))
                .toList();
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        text.append('\n').append(title).append('\n');
        if (lines.isEmpty()) {
            text.append("  nothing\n");
        }
        lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints()
                .map(c ->
                        c != '\n' && (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) ? '?' : c)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }
}
