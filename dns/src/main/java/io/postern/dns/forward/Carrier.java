package io.postern.dns.forward;

import java.util.function.Consumer;

/** Takes questions to servers and brings back what they say. */
public interface Carrier {

    /**
     * Does what the inquiry says, step by step, one thread at a time, until it is done. Never blocks.
     *
     * @param done told once, on any thread
     */
    void carry(Inquiry inquiry, Consumer<Inquiry.Step.Done> done);
}
