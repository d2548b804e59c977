package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.postern.gateway.records.CloseReason;

/** The socket of a session towards its destination: connected, so that nobody else can answer. For its session's loop. */
interface FarSocket {

    /** Told on the loop. */
    interface Receiver {

        /** @param datagram only looked at */
        void serverSent(ByteBuf datagram);

        /** No more for now. */
        void serverPaused();

        /** Nobody listens there. */
        void unreachable();

        /** One that came, or was to go. */
        void dropped(DatagramDrop why);

        /** The socket is of no more use. */
        void end(CloseReason why);
    }

    /**
     * Puts a datagram on its way; {@link #flush} sends it.
     *
     * @param datagram only looked at
     * @return false when no more are taken for the moment
     */
    boolean send(ByteBuf datagram);

    void flush();

    /** What is still on its way goes nowhere; may be called again. */
    void close();
}
