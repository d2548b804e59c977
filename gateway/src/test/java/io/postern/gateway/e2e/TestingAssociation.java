package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.CompactTag;
import io.postern.wire.Parse;
import io.postern.wire.ip.HostText;
import io.postern.wire.socks.SocksDatagram;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A SOCKS5 client that has asked for UDP ASSOCIATE, and the socket it sends datagrams from. */
final class TestingAssociation implements AutoCloseable {

    private final TestingConnection control;
    private final TestingDatagrams socket;
    private final InetSocketAddress relay;

    private TestingAssociation(TestingConnection control, TestingDatagrams socket, InetSocketAddress relay) {
        this.control = control;
        this.socket = socket;
        this.relay = relay;
    }

    /** A gateway whose one listener carries datagrams. */
    static TestingGateway gateway(Path dir, String settings, String policy) throws IOException {
        String listener = "listeners: [{name: apps, type: socks5, bind: '127.0.0.1:0', udp: true}]\n";
        // As many as an ordinary user's file descriptors are good for.
        String most = settings.contains("datagrams:") ? "" : "datagrams: {sessions: 100}\n";
        return TestingGateway.start(dir, listener + most + settings, policy);
    }

    /** The sample that counts what was dropped for this reason. */
    static String dropped(String reason) {
        return "postern_datagrams_dropped_total{reason=\"%s\"}".formatted(reason);
    }

    /** One that the gateway has granted. */
    static TestingAssociation open(TestingGateway gateway, String app) throws IOException {
        return open(gateway, TestingGateway.tag(app));
    }

    static TestingAssociation open(TestingGateway gateway, CompactTag tag) throws IOException {
        return open(TestingClient.to(gateway), tag);
    }

    /** One of a listener of several. */
    static TestingAssociation open(TestingGateway gateway, String listener, CompactTag tag) throws IOException {
        return open(TestingClient.to(gateway.address(listener)), tag);
    }

    private static TestingAssociation open(TestingConnection control, CompactTag tag) throws IOException {
        TestingDatagrams socket = new TestingDatagrams();
        control.send(TestingSocks.OFFERS_PASSWORD + TestingSocks.password(tag) + associate(0));
        DataInputStream in = new DataInputStream(control.socket().getInputStream());
        assertThat(in.readNBytes(2)).containsExactly(5, 2);
        assertThat(in.readNBytes(2)).containsExactly(1, 0);
        assertThat(in.readNBytes(4)).containsExactly(5, 0, 0, 1);
        InetAddress address = InetAddress.getByAddress(in.readNBytes(4));
        return new TestingAssociation(control, socket, new InetSocketAddress(address, in.readUnsignedShort()));
    }

    /** The request of a client that will send from this port. */
    static String associate(int port) {
        return "\5\3\0\1\0\0\0\0" + (char) (port >> 8) + (char) (port & 0xFF);
    }

    TestingConnection control() {
        return control;
    }

    TestingDatagrams socket() {
        return socket;
    }

    InetSocketAddress relay() {
        return relay;
    }

    TestingAssociation send(String host, int port, String data) throws IOException {
        return send(host, port, data.getBytes(StandardCharsets.ISO_8859_1));
    }

    TestingAssociation send(String host, int port, byte[] data) throws IOException {
        return raw(datagram(host, port, data));
    }

    /** For lambdas; a system that is short of room for a flood is none of the test's business. */
    void sendUnchecked(String host, int port, byte[] data) {
        try {
            send(host, port, data);
        } catch (IOException full) {
            Thread.onSpinWait();
        }
    }

    /** Without a header. */
    TestingAssociation raw(byte[] bytes) throws IOException {
        socket.send(relay, bytes);
        return this;
    }

    static byte[] datagram(String host, int port, byte[] data) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (HostText.of(host) instanceof HostText.Literal literal) {
            byte[] address = literal.address().getAddress();
            all.writeBytes(new byte[] {0, 0, 0, (byte) (address.length == 4 ? 1 : 4)});
            all.writeBytes(address);
        } else {
            all.writeBytes(new byte[] {0, 0, 0, 3, (byte) host.length()});
            all.writeBytes(host.getBytes(StandardCharsets.ISO_8859_1));
        }
        all.writeBytes(new byte[] {(byte) (port >> 8), (byte) port});
        all.writeBytes(data);
        return all.toByteArray();
    }

    /** What came, one char per byte, and from where. */
    record Received(SocksDatagram from, String text) {

        byte[] data() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    Received receive() throws IOException {
        byte[] all = socket.receive().data();
        Parse<SocksDatagram> parse = SocksDatagram.PARSER.parse(ByteBuffer.wrap(all));
        assertThat(parse).isInstanceOf(Parse.Done.class);
        Parse.Done<SocksDatagram> done = (Parse.Done<SocksDatagram>) parse;
        return new Received(
                done.value(),
                new String(all, done.consumed(), all.length - done.consumed(), StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        control.close();
        socket.close();
    }
}
