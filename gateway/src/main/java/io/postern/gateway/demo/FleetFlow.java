package io.postern.gateway.demo;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** One flow of the fleet as its device has it: a socket to the gateway, a tag, and what goes through. */
final class FleetFlow implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private DataInputStream in = new DataInputStream(InputStream.nullInputStream());

    /** Through a listener that speaks HTTP. */
    void connect(InetSocketAddress gateway, FleetScenario.Place to, String user, String password) throws IOException {
        open(gateway);
        String target = to.host() + ":" + to.port();
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.US_ASCII));
        send(("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nProxy-Authorization: Basic " + pair
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 200")) {
            throw new IOException("the gateway answered "
                    + head.toString().lines().findFirst().orElse(""));
        }
    }

    /** Through a listener that speaks SOCKS (RFC 1928, RFC 1929). */
    void associate(InetSocketAddress gateway, FleetScenario.Place to, String user, String password) throws IOException {
        open(gateway);
        send(new byte[] {5, 1, 2});
        expect(5, 2);
        ByteArrayOutputStream login = new ByteArrayOutputStream();
        login.write(1);
        text(login, user);
        text(login, password);
        send(login.toByteArray());
        expect(1, 0);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(new byte[] {5, 1, 0, 3});
        text(request, to.host());
        request.write(to.port() >> 8);
        request.write(to.port());
        send(request.toByteArray());
        expect(5, 0);
        in.readUnsignedByte();
        int address = in.readUnsignedByte() == 4 ? 16 : 4;
        in.skipNBytes(address + 2);
    }

    private void open(InetSocketAddress gateway) throws IOException {
        socket.connect(gateway, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 16_384));
    }

    private static void text(ByteArrayOutputStream to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        to.write(bytes.length);
        to.writeBytes(bytes);
    }

    private void expect(int version, int answer) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        if (first != version || second != answer) {
            throw new IOException("the gateway answered " + first + " " + second);
        }
    }

    /** @param down bytes of the answer that {@code up} asks for */
    void exchange(byte[] up, int down) throws IOException {
        send(up);
        in.skipNBytes(down);
    }

    /** Some bytes up that ask for some down; as few as have the form of TLS. */
    void exchange(long up, long down) throws IOException {
        int out = (int) Math.max(FleetOrigin.HEADER + FleetOrigin.ORDER, Math.min(up, Integer.MAX_VALUE));
        int back = (int) Math.max(FleetOrigin.HEADER + 1, Math.min(down, Integer.MAX_VALUE));
        ByteArrayOutputStream burst = new ByteArrayOutputStream(out);
        FleetOrigin.data(new DataOutputStream(burst), out);
        byte[] bytes = burst.toByteArray();
        ByteBuffer.wrap(bytes)
                .putInt(FleetOrigin.HEADER, bytes.length)
                .putInt(FleetOrigin.HEADER + Integer.BYTES, back);
        exchange(bytes, back);
    }

    private void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
