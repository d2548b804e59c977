package io.postern.gateway.rules;

import io.postern.analytics.flow.AppTag;
import io.postern.config.ExceptionSettings.Condition;

/**
 * What is wrong with the gateway itself, or with what it knows, for a flow that is judged. Event loops ask for every flow, so an
 * answer must not wait for anything.
 */
@FunctionalInterface
public interface Troubles {

    /** Nothing is. */
    Troubles NONE = (condition, tag) -> false;

    /** Asked of conditions that no flow shows by itself: of detection, of the store, of context. */
    boolean hold(Condition condition, AppTag tag);
}
