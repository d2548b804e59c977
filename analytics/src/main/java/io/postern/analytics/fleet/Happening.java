package io.postern.analytics.fleet;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.FlowEvent;

/** Something of a fleet that reaches the gateway, in order of time. */
public sealed interface Happening {

    /** When it reaches the gateway, Unix time. */
    long atMillis();

    /** @param cause the flow's label */
    record Flowed(FlowEvent event, Cause cause) implements Happening {
        @Override
        public long atMillis() {
            return event.atMillis();
        }
    }

    /** @param atMillis when it is told, which may be long after it was */
    record Told(ContextEvent event, long atMillis) implements Happening {}
}
