package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** How the client of a session is sent what comes back. */
interface Client {

    /** False while it takes no more. */
    boolean takes();

    /**
     * Puts a datagram on its way.
     *
     * @param datagram only looked at: its bytes stay the caller's
     * @param from the destination as it was reached
     */
    void send(ByteBuf datagram, InetSocketAddress from);

    /** The time to send what was put on its way. */
    void flush();

    /** Its session is over. */
    default void leave() {}
}
