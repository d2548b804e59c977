package io.postern.gateway.replay;

import io.postern.gateway.records.CloseReason;
import io.postern.wire.packet.Packet;
import java.util.OptionalLong;

/** What the packets of one flow say, one after another. */
interface Talk {

    /** What became of a packet. */
    enum Taken {
        YES,
        /** It begins another flow between the same ends; nothing was done with it. */
        BEGINS_ANOTHER
    }

    Taken packet(Packet packet, boolean fromClient);

    /** How it ended, as far as the packets so far tell. */
    CloseReason end();

    /** Whether nothing of it follows: both ends have closed, or one has reset. */
    boolean over();

    /** From its first packet to the other end's answer; empty where that was not seen. */
    OptionalLong setupMicros();

    /** Nothing more comes: what waits is read, what is kept is given back. */
    void close();
}
