package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;

/** How the client of a session is sent what comes back. */
interface Client {

    /** Called once, before anything is sent; false when there is no way back to it. */
    default boolean open() {
        return true;
    }

    /** False while it takes no more, though what was put on its way has been sent. */
    boolean takes();

    /**
     * Puts an answer of the destination on its way.
     *
     * @param datagram only looked at: its bytes stay the caller's
     */
    void send(ByteBuf datagram);

    /** The time to send what was put on its way. */
    void flush();

    /** Its session is over, opened or not. */
    default void leave() {}
}
