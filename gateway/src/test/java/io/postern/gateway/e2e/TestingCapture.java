package io.postern.gateway.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** What PCAPdroid exports, as its source writes it. */
final class TestingCapture {

    /** Little-endian, microseconds, Ethernet. */
    static final byte[] HEADER = ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0xA1B2C3D4)
            .putShort((short) 2)
            .putShort((short) 4)
            .putLong(0)
            .putInt(65_535)
            .putInt(1)
            .array();

    private TestingCapture() {}

    /** A record of the SYN by which an app begins a connection to 127.0.0.1. */
    static byte[] syn(int port, String label) {
        return record(frame(6, port, label, 20));
    }

    /** A record of the first datagram an app sends there. */
    static byte[] datagram(int port, String label) {
        return record(frame(17, port, label, 8));
    }

    private static byte[] record(byte[] frame) {
        return ByteBuffer.allocate(16 + frame.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .putInt(0)
                .putInt(frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    private static byte[] frame(int protocol, int port, String label, int size) {
        ByteBuffer packet = ByteBuffer.allocate(20 + size)
                .putInt(0x45000000 | (20 + size))
                .putInt(0x00014000)
                .putShort((short) (64 << 8 | protocol))
                .putShort((short) 0)
                .put(new byte[] {10, (byte) 215, (byte) 173, 1, 127, 0, 0, 1})
                .putShort((short) 40_000)
                .putShort((short) port);
        if (protocol == 6) {
            packet.put(33, (byte) 2);
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[12]);
        frame.writeBytes(new byte[] {8, 0});
        frame.writeBytes(packet.array());
        frame.writeBytes(new byte[(4 - frame.size() % 4) % 4]);
        frame.writeBytes(
                ByteBuffer.allocate(8).putInt(0x01072021).putInt(10_123).array());
        frame.writeBytes(Arrays.copyOf(label.getBytes(StandardCharsets.UTF_8), 20));
        CRC32 crc = new CRC32();
        crc.update(frame.toByteArray());
        frame.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) crc.getValue())
                .array());
        return frame.toByteArray();
    }
}
