package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;

/** How the client of a session is sent what comes back. */
interface Client {

    /** False while it takes no more. */
    boolean takes();

    /**
     * Puts an answer of the destination on its way.
     *
     * @param datagram only looked at: its bytes stay the caller's
     */
    void send(ByteBuf datagram);

    /** The time to send what was put on its way. */
    void flush();

    /** Its session is over. */
    default void leave() {}
}
