package io.postern.wire.tcp;

import io.postern.wire.packet.Packet;

/**
 * Puts one direction of a connection in order.
 *
 * <p>What comes in order is given where it lies; what comes ahead is copied and waits. Of bytes that come twice the first
 * count. A gap is given up when the other side has acknowledged it and enough packets have passed since, when a bound is
 * reached, or at the end. Without a SYN a stream begins with the first payload seen. In order it costs this object alone.
 * For one thread.
 */
public final class TcpStream {

    /** A segment of this direction. Its acknowledgement is of the other direction's bytes: tell that stream. */
    public TcpAnswer segment(Packet packet, TcpLimits limits, TcpBudget budget, TcpSink sink) {
        return TcpAnswer.TAKEN;
    }

    /** A segment of the other direction: what it acknowledges has arrived there, seen by us or not. */
    public void acknowledged(Packet other, TcpLimits limits, TcpBudget budget, TcpSink sink) {}

    /** The flow is over: gives what waits, with its gaps, and frees it. */
    public void close(TcpBudget budget, TcpSink sink) {}

    /** Whether a FIN and all before it were given. */
    public boolean ended() {
        return false;
    }
}
