package io.postern.gateway.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/** The gateway that is played to, and its clock: one of this process, or another. */
interface PlayedGateway extends AutoCloseable {

    /** Where a listener of it is, or {@code context}. */
    InetSocketAddress address(String listener);

    /** Where it is asked as its operators ask it. */
    URI admin();

    /** From now on this is the time; never earlier than it was. For one thread. */
    void reach(long millis);

    /** What time it is there. */
    long millis();

    /** Waits until what it was shown has reached detection. */
    void catchUp() throws IOException;

    /** Waits until no more flows are alive than these. */
    void awaitFlows(int alive) throws IOException;

    /** Stops it in order, so that every record is written. */
    void stop() throws IOException;

    /** Ends it in whatever state it is. */
    @Override
    void close();
}
