package io.postern.gateway.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** A server of datagrams on loopback, raw. */
public final class TestingDatagrams implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final DatagramSocket socket;

    public TestingDatagrams() throws IOException {
        this("127.0.0.1");
    }

    public TestingDatagrams(String address) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(address), 0));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** What came, one char per byte, and from where. */
    public record Received(SocketAddress from, String text) {

        public byte[] data() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    public Received receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return new Received(
                packet.getSocketAddress(),
                new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1));
    }

    public void send(SocketAddress to, String data) throws IOException {
        send(to, data.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void send(SocketAddress to, byte[] data) throws IOException {
        socket.send(new DatagramPacket(data, data.length, to));
    }

    @Override
    public void close() {
        socket.close();
    }
}
