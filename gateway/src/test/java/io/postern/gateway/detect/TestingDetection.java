package io.postern.gateway.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.FlowEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps what it is told; its score of an app and a destination is the number of events it was told of them. */
public final class TestingDetection implements Detection {

    public final List<FlowEvent> events = new ArrayList<>();
    public final List<ContextEvent> facts = new ArrayList<>();
    public final List<Object> all = new ArrayList<>();
    public long reached;
    private final Map<AppKey, Map<String, Integer>> counts = new LinkedHashMap<>();

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        events.add(event);
        all.add(event);
        counts.computeIfAbsent(event.flow().key(), key -> new LinkedHashMap<>())
                .merge(event.flow().destination().name(), 1, Integer::sum);
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        facts.add(event);
        all.add(event);
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        reached = atMillis;
    }

    @Override
    public void scores(Consumer<Score> scores) {
        counts.forEach((key, each) -> each.forEach((destination, count) ->
                scores.accept(new Score(key, destination, "testing", Math.min(100, count), count))));
    }
}
