package io.postern.analytics.evaluate;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.FlowEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes a detection that only gives scores for one that makes findings: every ten minutes, of each app and destination that
 * scores higher than it ever has. A score of its own medium is one of ours.
 */
public final class ByScore implements Detection {

    private static final long EVERY = 600_000;
    private static final double TOP = 100;

    private record Pair(AppKey key, String destination) {}

    private final Detection scorer;
    private final double medium;
    private final Map<Pair, Double> told = new HashMap<>();
    private long due = Long.MIN_VALUE;

    /** @param medium from which of its scores on a finding would be medium, above 0 and below 100 */
    public ByScore(Detection scorer, double medium) {
        this.scorer = scorer;
        this.medium = medium;
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        scorer.observe(event, findings);
        look(event.atMillis(), findings);
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        scorer.told(event, findings);
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        scorer.reached(atMillis, findings);
        look(atMillis, findings);
    }

    private void look(long at, Consumer<Finding> findings) {
        if (at < due) {
            return;
        }
        due = at + EVERY;
        scorer.scores(score -> tell(score, at, findings));
    }

    private void tell(Score score, long at, Consumer<Finding> findings) {
        double ours = ours(score.score());
        Pair pair = new Pair(score.key(), score.destination());
        double before = told.getOrDefault(pair, 0.0);
        if (ours < Severity.MEDIUM.from() / 2.0 || ours <= before) {
            return;
        }
        told.put(pair, ours);
        AppKey key = score.key();
        findings.accept(Finding.of(score.analytic(), key, score.destination())
                .uid(score.analytic() + '/' + key.device() + '/' + key.app() + '/' + score.destination())
                .activity(before == 0 ? Activity.CREATE : Activity.UPDATE)
                .score(ours)
                .at(at)
                .since(at)
                .seen(score.checkIns(), 0)
                .finding());
    }

    /** Its medium to ours, its top to ours, straight between. */
    private double ours(double score) {
        double from = Severity.MEDIUM.from();
        return score < medium ? score / medium * from : from + (score - medium) / (TOP - medium) * (TOP - from);
    }

    @Override
    public void scores(Consumer<Score> scores) {
        scorer.scores(scores);
    }
}
