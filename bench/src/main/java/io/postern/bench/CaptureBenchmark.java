package io.postern.bench;

import io.postern.wire.capture.CaptureReader;
import io.postern.wire.packet.Packet;
import io.postern.wire.packet.PacketLimits;
import io.postern.wire.packet.PacketReader;
import io.postern.wire.packet.PacketSink;
import io.postern.wire.tcp.TcpBudget;
import io.postern.wire.tcp.TcpLimits;
import io.postern.wire.tcp.TcpSink;
import io.postern.wire.tcp.TcpStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reading a capture: per packet, from the record in the file to the transport's payload, and to a stream in order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CaptureBenchmark implements PacketSink, TcpSink, TcpBudget {

    private static final int PACKETS = 1_000;
    private static final int HEADERS = 14 + 20 + 20;

    /** Bytes of each segment. */
    @Param({"64", "1400"})
    public int payload;

    private ByteBuffer capture = ByteBuffer.allocateDirect(0);
    private final TcpStream[] streams = new TcpStream[64];
    private boolean ordered;
    private long seen;

    @Setup
    public void write() {
        int frame = HEADERS + payload;
        capture = ByteBuffer.allocateDirect(24 + PACKETS * (16 + frame)).order(ByteOrder.BIG_ENDIAN);
        capture.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4);
        capture.putLong(0).putInt(65_535).putInt(1);
        for (int i = 0; i < PACKETS; i++) {
            int flow = i % streams.length;
            capture.putInt(i).putInt(0).putInt(frame).putInt(frame);
            capture.putLong(0).putInt(0).putShort((short) 0x0800);
            capture.putShort((short) 0x4500)
                    .putShort((short) (frame - 14))
                    .putInt(0)
                    .putInt(0x4006_0000);
            capture.putInt(0xC000_0201).putInt(0xC633_6407);
            capture.putShort((short) (1_000 + flow)).putShort((short) 443);
            capture.putInt(i / streams.length * payload)
                    .putInt(0)
                    .putInt(0x5010_FFFF)
                    .putInt(0);
            capture.position(capture.position() + payload);
        }
        capture.flip();
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long packets() {
        return read(false);
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public long streams() {
        Arrays.setAll(streams, unused -> new TcpStream());
        return read(true);
    }

    private long read(boolean inOrder) {
        ordered = inOrder;
        new CaptureReader(new PacketReader(PacketLimits.DEFAULTS, this)).read(capture);
        return seen;
    }

    @Override
    public void tcp(Packet packet) {
        if (ordered) {
            streams[packet.sourcePort() - 1_000].segment(packet, TcpLimits.DEFAULTS, this, this);
        } else {
            seen += packet.length();
        }
    }

    @Override
    public void udp(Packet packet) {
        seen++;
    }

    @Override
    public void bytes(ByteBuffer bytes, int from, int to) {
        seen += to - from;
    }

    @Override
    public void gap(int count) {
        throw new AssertionError("a gap of " + count + " in a capture without one");
    }

    @Override
    public void end() {
        seen++;
    }

    @Override
    public boolean take(int bytes) {
        return true;
    }

    @Override
    public void giveBack(int bytes) {
        seen -= bytes;
    }
}
