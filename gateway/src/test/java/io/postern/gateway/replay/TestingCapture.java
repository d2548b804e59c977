package io.postern.gateway.replay;

import io.postern.wire.packet.Packet;
import io.postern.wire.packet.TestingFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A pcap of raw IP packets put together by hand; a packet a millisecond. */
final class TestingCapture {

    private static final int RAW_IP = 101;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SEGMENT = 1_000;

    private final List<byte[]> packets = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private long micros = 1_760_000_000_000_000L;

    /** One end of a connection: who, and how far. */
    final class Connection {

        private final int clientPort;
        private final int serverPort;
        private int said = 1_000;
        private int answered = 5_000;

        Connection(int clientPort, int serverPort) {
            this.clientPort = clientPort;
            this.serverPort = serverPort;
        }

        Connection open() {
            client(Packet.SYN, new byte[0]);
            said++;
            server(Packet.SYN | Packet.ACK, new byte[0]);
            answered++;
            return this;
        }

        Connection says(byte[] bytes) {
            for (int at = 0; at < bytes.length; at += SEGMENT) {
                byte[] some = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + SEGMENT));
                client(Packet.ACK, some);
                said += some.length;
            }
            return this;
        }

        Connection hears(byte[] bytes) {
            for (int at = 0; at < bytes.length; at += SEGMENT) {
                byte[] some = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + SEGMENT));
                server(Packet.ACK, some);
                answered += some.length;
            }
            return this;
        }

        Connection says(String latin1) {
            return says(latin1.getBytes(StandardCharsets.ISO_8859_1));
        }

        Connection hears(String latin1) {
            return hears(latin1.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** As above, of the client's. */
        Connection skips(int bytes) {
            said += bytes;
            return this;
        }

        /** So much that nobody captured. */
        Connection hearsUnseen(int bytes) {
            answered += bytes;
            return this;
        }

        Connection close() {
            client(Packet.FIN | Packet.ACK, new byte[0]);
            said++;
            server(Packet.FIN | Packet.ACK, new byte[0]);
            answered++;
            client(Packet.ACK, new byte[0]);
            return this;
        }

        private void client(int flags, byte[] bytes) {
            add(TestingFrames.ipv4(
                    TestingFrames.CLIENT,
                    TestingFrames.SERVER,
                    TCP,
                    0,
                    0,
                    TestingFrames.tcp(clientPort, serverPort, said, answered, flags, bytes)));
        }

        private void server(int flags, byte[] bytes) {
            add(TestingFrames.ipv4(
                    TestingFrames.SERVER,
                    TestingFrames.CLIENT,
                    TCP,
                    0,
                    0,
                    TestingFrames.tcp(serverPort, clientPort, answered, said, flags, bytes)));
        }
    }

    Connection connection(int clientPort, int serverPort) {
        return new Connection(clientPort, serverPort);
    }

    TestingCapture datagram(int clientPort, int serverPort, byte[] bytes) {
        add(TestingFrames.ipv4(UDP, TestingFrames.udp(clientPort, serverPort, bytes)));
        return this;
    }

    TestingCapture after(long seconds) {
        micros += seconds * 1_000_000;
        return this;
    }

    /** Two packets in each other's place, each at the other's time. */
    TestingCapture swap(int one, int other) {
        Collections.swap(packets, one, other);
        return this;
    }

    TestingCapture twice(int which) {
        packets.add(which, packets.get(which));
        times.add(which, times.get(which));
        return this;
    }

    int size() {
        return packets.size();
    }

    private void add(byte[] packet) {
        packets.add(packet);
        times.add(micros);
        micros += 1_000;
    }

    byte[] pcap() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(words(0xa1b2c3d4, 0x00040002, 0, 0, 262_144, RAW_IP));
        for (int i = 0; i < packets.size(); i++) {
            long time = times.get(i);
            int length = packets.get(i).length;
            file.writeBytes(words((int) (time / 1_000_000), (int) (time % 1_000_000), length, length));
            file.writeBytes(packets.get(i));
        }
        return file.toByteArray();
    }

    Path write(Path file) throws IOException {
        return Files.write(file, pcap());
    }

    private static byte[] words(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }
}
