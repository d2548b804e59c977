package io.postern.gateway.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.FlowEvent;
import java.util.List;
import java.util.function.Consumer;

/** All detections that there are, as one. */
public final class Detections implements Detection {

    private final List<Detection> all;

    public Detections(List<Detection> all) {
        this.all = List.copyOf(all);
    }

    /** Those that ship, each with nothing learnt. */
    public static Detections shipped() {
        return new Detections(List.of());
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        for (Detection each : all) {
            each.observe(event, findings);
        }
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        for (Detection each : all) {
            each.told(event, findings);
        }
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        for (Detection each : all) {
            each.reached(atMillis, findings);
        }
    }

    @Override
    public void scores(Consumer<Score> scores) {
        for (Detection each : all) {
            each.scores(scores);
        }
    }
}
