package io.postern.wire.tcp;

import io.postern.wire.capture.Frame;
import io.postern.wire.packet.Packet;
import io.postern.wire.packet.PacketLimits;
import io.postern.wire.packet.PacketReader;
import io.postern.wire.packet.PacketSink;
import io.postern.wire.packet.TestingFrames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One stream and what it gave, as text: bytes as they are, {@code <5>} for a gap, {@code .} for the end. */
final class TestingStream implements TcpSink, TcpBudget {

    static final int NONE = 0;

    final TcpStream stream = new TcpStream();
    private final StringBuilder given = new StringBuilder();
    private final TcpLimits limits;
    private final int most;
    private int taken;
    private int calls;
    private TcpAnswer answer = TcpAnswer.OLD;

    TestingStream() {
        this(TcpLimits.DEFAULTS, Integer.MAX_VALUE);
    }

    TestingStream(TcpLimits limits, int most) {
        this.limits = limits;
        this.most = most;
    }

    TcpAnswer segment(int sequence, int flags, String payload) {
        return segment(sequence, flags, payload, 0);
    }

    /** @param missing how many more bytes were sent and not kept */
    TcpAnswer segment(int sequence, int flags, String payload, int missing) {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        read(
                TestingFrames.tcp(1, 2, sequence, 0, flags, TestingFrames.join(bytes, new byte[missing])),
                missing,
                packet -> answer = stream.segment(packet, limits, this, this));
        return answer;
    }

    void acknowledged(int number, int flags) {
        read(
                TestingFrames.tcp(2, 1, 0, number, flags | Packet.ACK, new byte[0]),
                0,
                packet -> stream.acknowledged(packet, limits, this, this));
    }

    void close() {
        stream.close(this, this);
    }

    String given() {
        return given.toString();
    }

    /** How many bytes wait. */
    int held() {
        return taken;
    }

    int calls() {
        return calls;
    }

    @Override
    public void bytes(ByteBuffer bytes, int from, int to) {
        calls++;
        byte[] copy = new byte[to - from];
        bytes.get(from, copy);
        given.append(new String(copy, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void gap(int count) {
        given.append('<').append(count).append('>');
    }

    @Override
    public void end() {
        given.append('.');
    }

    @Override
    public boolean take(int bytes) {
        boolean room = bytes <= most - taken;
        taken += room ? bytes : 0;
        return room;
    }

    @Override
    public void giveBack(int bytes) {
        taken -= bytes;
    }

    private static void read(byte[] segment, int missing, java.util.function.Consumer<Packet> to) {
        byte[] packet = TestingFrames.ipv4(6, segment);
        PacketReader reader = new PacketReader(PacketLimits.DEFAULTS, new PacketSink() {
            @Override
            public void tcp(Packet read) {
                to.accept(read);
            }

            @Override
            public void udp(Packet read) {
                throw new AssertionError("a segment was read as a datagram");
            }
        });
        reader.frame(new Frame().set(ByteBuffer.wrap(packet), 0, packet.length - missing, 101, 0, packet.length, null));
    }
}
