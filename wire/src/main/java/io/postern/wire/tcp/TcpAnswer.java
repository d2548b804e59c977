package io.postern.wire.tcp;

/** What a stream did with a segment. */
public enum TcpAnswer {
    /** Some of it was the next, and was given; or it was empty. */
    TAKEN,
    /** It is ahead of what came before, and waits. */
    HELD,
    /** All of it has come before, or is nowhere near. */
    OLD,
    /** A SYN of another connection between the same ends: nothing was done with it. Close this flow, begin another with it. */
    RENEWED
}
