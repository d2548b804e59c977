package io.postern.gateway.flows;

import io.postern.gateway.rules.ExceptionTable;

/** Told of every flow, on its loop, as it happens; each at most once but for {@link #recognised} and {@link #excepted}. */
public interface Witness {

    /** It begins. */
    default void opened(LiveFlow flow) {}

    /** Its upstream is reached. */
    default void reached(LiveFlow flow) {}

    /** What it speaks is known, or that nobody will know; again when it turns into another protocol. */
    default void recognised(LiveFlow flow) {}

    /** A row of the exceptions holds for it; once for each row. */
    default void excepted(LiveFlow flow, ExceptionTable.Row row) {}

    /** It has ended. */
    default void ended(LiveFlow flow) {}
}
