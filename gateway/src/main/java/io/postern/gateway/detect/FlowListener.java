package io.postern.gateway.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.FlowEvent;
import java.util.function.Consumer;

/** Hears what detection is told of flows, and finds nothing. */
public record FlowListener(Consumer<FlowEvent> heard) implements Detection {

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        heard.accept(event);
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {}

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {}

    @Override
    public void scores(Consumer<Score> scores) {}
}
