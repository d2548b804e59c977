package io.postern.gateway.relay;

import io.netty.channel.Channel;
import io.postern.gateway.flows.LastWord;

/**
 * What waits for one end of a flow to take it. Charged when the end stops taking, as it is then: the other end is read no
 * further, so no more is added. An end that keeps up costs nothing here.
 */
final class Backlog {

    private final RelayMemory memory;
    private final Object device;
    private final Channel end;
    private int charged;

    Backlog(RelayMemory memory, Object device, Channel end) {
        this.memory = memory;
        this.device = device;
        this.end = end;
    }

    /** The end takes bytes again, or no longer; false when there is no room for what it does not take. */
    boolean changed() {
        if (end.isWritable()) {
            release();
            return true;
        }
        int bytes = (int) Math.min(LastWord.pending(end), Integer.MAX_VALUE) - charged;
        if (bytes <= 0) {
            return true;
        }
        boolean room = memory.take(device, bytes);
        if (room) {
            charged += bytes;
        }
        return room;
    }

    void release() {
        if (charged > 0) {
            memory.giveBack(device, charged);
            charged = 0;
        }
    }
}
