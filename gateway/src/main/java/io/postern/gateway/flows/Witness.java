package io.postern.gateway.flows;

/** Told of every flow, on its loop, as it happens; each at most once but for {@link #recognised}. */
public interface Witness {

    /** It begins. */
    default void opened(LiveFlow flow) {}

    /** Its upstream is reached. */
    default void reached(LiveFlow flow) {}

    /** What it speaks is known, or that nobody will know; again when it turns into another protocol. */
    default void recognised(LiveFlow flow) {}

    /** It has ended. */
    default void ended(LiveFlow flow) {}
}
