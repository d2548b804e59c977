package io.postern.analytics.flow;

/**
 * Something that happened to a flow, told when it happened; of one flow in order, of several about in order.
 *
 * <pre>
 * Opened  ->  Exchanged or Asked, any number  ->  Closed
 *     Learnt may come between: the flow turned out to be something else
 * </pre>
 */
public sealed interface FlowEvent {

    Flow flow();

    /** Unix time. */
    long atMillis();

    /** Its destination was reached, or was tried and failed, and what it speaks is known as far as it will be at first. */
    record Opened(Flow flow, long atMillis) implements FlowEvent {}

    /** More is known of what it speaks, or whose it is. */
    record Learnt(Flow flow, long atMillis) implements FlowEvent {}

    /**
     * One burst up followed by one burst down.
     *
     * @param atMillis when the burst up began
     * @param bytesOut device to world
     * @param bytesIn world to device
     */
    record Exchanged(Flow flow, long atMillis, long bytesOut, long bytesIn) implements FlowEvent {}

    /**
     * A question of a flow that speaks DNS.
     *
     * @param name lower case, no trailing dot
     * @param domain its registrable domain; empty if it has none
     * @param type number of the RR type
     * @param rcode of the answer; negative when none was seen
     * @param bytesIn of the answer
     */
    record Asked(Flow flow, long atMillis, String name, String domain, int type, int rcode, int bytesIn)
            implements FlowEvent {}

    /**
     * @param bytesOut device to world, all of it
     * @param bytesIn world to device, all of it
     */
    record Closed(Flow flow, long atMillis, long bytesOut, long bytesIn, Outcome outcome) implements FlowEvent {}

    /** How a flow fared. */
    enum Outcome {
        /** Its upstream was reached. */
        CARRIED,
        /** Its upstream could not be reached: the app has tried all the same, and that is a check-in. */
        FAILED_UPSTREAM,
        /** The gateway refused it, which is no check-in. */
        REFUSED
    }
}
