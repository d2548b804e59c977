package io.postern.gateway.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.CadenceScorer;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.ElasticBeacon;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.RitaScore;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.FlowEvent;
import java.util.List;
import java.util.function.Consumer;

/** All detections that there are, as one: those that make findings, and those that only score, to be compared with. */
public final class Detections implements Detection {

    private final List<Detection> finding;
    private final List<Detection> scoring;

    /** @param scoring nobody hears of their findings */
    public Detections(List<Detection> finding, List<Detection> scoring) {
        this.finding = List.copyOf(finding);
        this.scoring = List.copyOf(scoring);
    }

    /** The methods that the five are compared with. */
    public static List<Detection> comparison() {
        return List.of(new CadenceScorer(), new RitaScore(), new ElasticBeacon());
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        for (Detection each : finding) {
            each.observe(event, findings);
        }
        for (Detection each : scoring) {
            each.observe(event, Detections::unheard);
        }
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        for (Detection each : finding) {
            each.told(event, findings);
        }
        for (Detection each : scoring) {
            each.told(event, Detections::unheard);
        }
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        for (Detection each : finding) {
            each.reached(atMillis, findings);
        }
        for (Detection each : scoring) {
            each.reached(atMillis, Detections::unheard);
        }
    }

    @Override
    public void scores(Consumer<Score> scores) {
        for (Detection each : finding) {
            each.scores(scores);
        }
        for (Detection each : scoring) {
            each.scores(scores);
        }
    }

    private static void unheard(Finding finding) {
        // What one method alone makes of a rhythm is no finding of ours.
    }
}
