package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent;

/** What one of the things comes to that a source tells. */
public sealed interface Told {

    record Event(ContextEvent event) implements Told {}

    /**
     * It is not what it must be.
     *
     * @param pointer to the part meant (RFC 6901), in the event; empty for all of it
     * @param problem in our words, never the source's
     */
    record Fault(String pointer, String problem) implements Told {}
}
