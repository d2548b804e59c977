package io.postern.wire.packet;

import io.postern.wire.capture.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads frames and keeps each packet as one line. */
final class TestingPackets implements PacketSink {

    private static final int BEFORE = 3;

    private final List<String> lines = new ArrayList<>();
    private final PacketReader reader;
    private final Frame frame = new Frame();

    TestingPackets(PacketLimits limits) {
        reader = new PacketReader(limits, this);
    }

    static List<String> of(int linkType, byte[] bytes) {
        TestingPackets packets = new TestingPackets(PacketLimits.DEFAULTS);
        packets.read(linkType, 0, bytes, bytes.length);
        return packets.lines();
    }

    /** The frame stands inside of other bytes, so that whatever is read beyond it shows. */
    TestingPackets read(int linkType, long micros, byte[] bytes, int wireLength) {
        ByteBuffer window = ByteBuffer.allocate(BEFORE + bytes.length + 100);
        for (int i = 0; i < window.capacity(); i++) {
            window.put(i, (byte) 0xEE);
        }
        window.put(BEFORE, bytes);
        reader.frame(frame.set(window, BEFORE, BEFORE + bytes.length, linkType, micros, wireLength, null));
        return this;
    }

    TestingPackets end() {
        reader.end();
        return this;
    }

    long count(PacketCount what) {
        return reader.count(what);
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void tcp(Packet packet) {
        lines.add("tcp " + ends(packet) + " " + Integer.toUnsignedString(packet.sequence()) + " "
                + Integer.toUnsignedString(packet.acknowledgement()) + " " + packet.flags() + payload(packet));
    }

    @Override
    public void udp(Packet packet) {
        lines.add("udp " + ends(packet) + payload(packet));
    }

    private static String ends(Packet packet) {
        return packet.source().getHostAddress() + " " + packet.sourcePort() + " "
                + packet.destination().getHostAddress() + " " + packet.destinationPort();
    }

    private static String payload(Packet packet) {
        byte[] payload = new byte[packet.length()];
        packet.bytes().get(packet.from(), payload);
        return " " + HexFormat.of().formatHex(payload) + (packet.cut() ? " of " + packet.wireLength() : "");
    }
}
