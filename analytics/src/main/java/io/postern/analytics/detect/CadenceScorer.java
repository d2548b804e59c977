package io.postern.analytics.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.FlowEvent;
import java.util.function.Consumer;

/** How much like a clock every app's check-ins with every destination are: the cadence instrument by itself, without findings. */
public final class CadenceScorer implements Detection {

    /** Name of the method in its scores. */
    public static final String NAME = "cadence";

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {}

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {}

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {}

    @Override
    public void scores(Consumer<Score> scores) {}
}
