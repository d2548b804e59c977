package io.postern.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Step;
import io.postern.gateway.finding.Told;
import io.postern.gateway.records.OcsfFinding;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which news of findings is worth a letter: a finding as serious as asked for comes up, becomes more serious, or ends; a campaign
 * begins or ends. Not for several threads.
 */
public final class FindingLetters {

    /** Findings remembered as told; one that was forgotten is told once more, by the same id. */
    private static final int MOST = 65_536;

    private final OcsfFinding ocsf;
    private final Severity least;
    private final Function<String, Optional<String>> owner;
    private final Map<String, Severity> told = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Severity> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param version of the product, as its records name it
     * @param least severity below which nothing is told
     * @param owner of an app, as policy has it
     */
    public FindingLetters(String version, Severity least, Function<String, Optional<String>> owner) {
        this(new OcsfFinding(version), least, owner);
    }

    /** @param ocsf writes what may be told of them */
    public FindingLetters(OcsfFinding ocsf, Severity least, Function<String, Optional<String>> owner) {
        this.ocsf = ocsf;
        this.least = least;
        this.owner = owner;
    }

    public Optional<Letter> of(Told news, long nowMillis) {
        Optional<Letter> letter = news.kept().flatMap(kept -> of(kept, nowMillis));
        return letter.isPresent() ? letter : campaign(news, nowMillis);
    }

    private Optional<Letter> of(Kept kept, long nowMillis) {
        Severity severity = kept.finding().severity();
        Severity before = told.get(kept.uid());
        if (kept.status().stands()) {
            boolean alerts = kept.action() != Verdict.Action.ALLOW;
            boolean known = before != null && severity.compareTo(before) <= 0;
            if (!alerts || known || severity.compareTo(least) < 0) {
                return Optional.empty();
            }
            told.put(kept.uid(), severity);
            return Optional.of(letter(kept, before == null ? "finding.created" : "finding.updated", nowMillis));
        }
        told.remove(kept.uid());
        // After a restart nobody knows what was told, but whether anybody was.
        boolean known = before != null
                || (kept.times().toldMillis() > 0
                        && kept.action() != Verdict.Action.ALLOW
                        && severity.compareTo(least) >= 0);
        return known ? Optional.of(letter(kept, "finding.closed", nowMillis)) : Optional.empty();
    }

    private Letter letter(Kept kept, String type, long nowMillis) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ocsf.write(kept, line);
        String what = type.equals("finding.closed")
                ? "closed." + kept.version()
                : kept.finding().severity().name().toLowerCase(Locale.ROOT) + resumed(kept);
        return Body.of(type, nowMillis)
                .text("owner", owner.apply(kept.finding().key().app()).orElse(""))
                .json("finding", line.toString(UTF_8))
                .letter(kept.uid() + "." + what, kept.uid());
    }

    /** What comes up again after it was suppressed is news. */
    private static String resumed(Kept kept) {
        return kept.story().stream()
                .filter(step -> step.kind() == Step.Kind.RESUMED)
                .reduce((one, later) -> later)
                .map(step -> "." + step.atMillis())
                .orElse("");
    }

    private Optional<Letter> campaign(Told news, long nowMillis) {
        return news.campaign().flatMap(campaign -> {
            String type =
                    switch (news.change()) {
                        case CREATE, REOPEN -> "campaign.created";
                        case CLOSE, SUPPRESS -> "campaign.closed";
                        case UPDATE -> "";
                    };
            if (type.isEmpty()) {
                return Optional.empty();
            }
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            ocsf.write(campaign, news.change(), line);
            return Optional.of(Body.of(type, nowMillis)
                    .json("campaign", line.toString(UTF_8))
                    .letter(campaign.uid() + "." + news.change().label() + "." + nowMillis, campaign.uid()));
        });
    }
}
