package io.postern.analytics.detect;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.FlowEvent;
import java.util.function.Consumer;

/**
 * Makes findings of what it is told: a set of detectors with their state. Its clock is the time of what it is told; events
 * may come slightly out of order. Not for several threads.
 */
public interface Detection {

    /** @param findings told of each finding as it comes up, changes or ends */
    void observe(FlowEvent event, Consumer<Finding> findings);

    /** @param findings told also of those that a late fact has changed */
    void told(ContextEvent event, Consumer<Finding> findings);

    /** So late is it; whoever works by the hour does what is due. Told now and then, and at the end of an input. */
    void reached(long atMillis, Consumer<Finding> findings);

    /** What every app has come to with every destination that is still remembered, also below a finding. */
    void scores(Consumer<Score> scores);
}
