package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.real.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTP/2 as those write it that want to wear a server out (RFC 9113 section 10.5): each is hung up on, and only he.
 */
@Timeout(120)
class DohAbuseIT {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    private static final int END_STREAM = 1;

    @TempDir
    private Path dir;

    private TestingGateway gateway;

    @BeforeEach
    void start() throws Exception {
        SelfSigned ours = SelfSigned.mint(dir, "localhost");
        gateway = TestingGateway.start(
                dir,
                "listeners: [{name: names, type: dns, bind: '127.0.0.1:0', doh-path: /dns-query,"
                        + " networks: [127.0.0.0/8], tls: {certificate: '" + ours.certificate() + "', key: '"
                        + ours.key() + "'}}]\ndns: {upstreams: ['127.0.0.1:1'], timeout: 1m}\n",
                "");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** CVE-2023-44487. */
    @Test
    void rapidReset() throws Exception {
        assertThat(hungUp(peer -> {
                    for (int stream = 1; stream < 4_000; stream += 2) {
                        peer.frame(HEADERS, END_HEADERS, stream, request(""));
                        peer.frame(RESET, 0, stream, new byte[] {0, 0, 0, 8});
                    }
                }))
                .isTrue();
    }

    /** CVE-2026-33871: header blocks that never end. */
    @Test
    void continuationsWithoutEnd() throws Exception {
        assertThat(hungUp(peer -> {
                    peer.frame(HEADERS, END_STREAM, 1, request(""));
                    for (int each = 0; each < 1_000; each++) {
                        peer.frame(CONTINUATION, 0, 1, new byte[0]);
                    }
                }))
                .isTrue();
    }

    @Test
    void settingsAndPings() throws Exception {
        assertThat(hungUp(peer -> {
                    for (int each = 0; each < 2_000; each++) {
                        peer.frame(SETTINGS, 0, 0, new byte[0]);
                    }
                }))
                .isTrue();
        assertThat(hungUp(peer -> {
                    for (int each = 0; each < 2_000; each++) {
                        peer.frame(PING, 0, 0, new byte[8]);
                    }
                }))
                .isTrue();
    }

    @Test
    void emptyData() throws Exception {
        assertThat(hungUp(peer -> {
                    peer.frame(HEADERS, END_HEADERS, 1, request(""));
                    for (int each = 0; each < 1_000; each++) {
                        peer.frame(DATA, 0, 1, new byte[0]);
                    }
                }))
                .isTrue();
    }

    /** A stream more than there may be is refused, and none of the others. */
    @Test
    void moreStreamsThanThereAre() throws Exception {
        try (Peer peer = new Peer(gateway)) {
            for (int stream = 1; stream <= 2 * 101; stream += 2) {
                peer.frame(HEADERS, END_HEADERS, stream, request(""));
            }
            peer.flush();
            assertThat(peer.awaitStream(RESET)).isEqualTo(201);
        }
    }

    @Test
    void longHeaders() throws Exception {
        try (Peer peer = new Peer(gateway)) {
            peer.frame(HEADERS, END_HEADERS | END_STREAM, 1, request("x".repeat(9_000)));
            peer.flush();
            // 431, or the stream is reset; in either case the connection lives.
            assertThat(peer.awaitStream(HEADERS, RESET)).isEqualTo(1);
        }
    }

    /** No abuse: who has what he wanted and finishes holds no place any longer. */
    @Test
    void whoFinishesIsLetGo() throws Exception {
        try (Peer peer = new Peer(gateway)) {
            peer.frame(HEADERS, END_HEADERS | END_STREAM, 1, request(""));
            peer.flush();
            assertThat(peer.awaitStream(HEADERS)).isEqualTo(1);
            peer.socket.shutdownOutput();
            assertThat(peer.awaitEnd()).isTrue();
            gateway.awaitMetric("postern_client_connections", 0);
            assertThat(gateway.metric("postern_dns_dropped_total{reason=\"stream\"}"))
                    .isZero();
        }
    }

    private interface Abuse {
        void by(Peer peer) throws IOException;
    }

    private boolean hungUp(Abuse abuse) throws Exception {
        boolean ended;
        try (Peer peer = new Peer(gateway)) {
            try {
                abuse.by(peer);
                peer.flush();
            } catch (SocketException | SSLException hungUp) {
                return true;
            }
            ended = peer.awaitEnd();
        }
        // Somebody else is served all the same.
        try (Peer other = new Peer(gateway)) {
            other.frame(HEADERS, END_HEADERS | END_STREAM, 1, request(""));
            other.flush();
            assertThat(other.awaitStream(HEADERS)).isEqualTo(1);
        }
        return ended;
    }

    /** HPACK without tables or Huffman's code, RFC 7541 section 6.2.2. */
    private static byte[] request(String more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        field(block, ":method", "GET");
        field(block, ":scheme", "https");
        field(block, ":authority", "localhost");
        field(block, ":path", "/none");
        if (!more.isEmpty()) {
            field(block, "x-more", more);
        }
        return block.toByteArray();
    }

    private static void field(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            for (int rest = length - 127; ; rest >>= 7) {
                block.write(rest < 128 ? rest : (rest & 127) + 128);
                if (rest < 128) {
                    break;
                }
            }
        }
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** One connection of HTTP/2, frame by frame. */
    private static final class Peer implements AutoCloseable {

        private final SSLSocket socket;
        private final DataInputStream in;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Peer(TestingGateway gateway) throws Exception {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, TestingClient.trusting(), null);
            socket = (SSLSocket) tls.getSocketFactory()
                    .createSocket("127.0.0.1", gateway.address("names").getPort());
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(20_000);
            socket.startHandshake();
            in = new DataInputStream(socket.getInputStream());
            out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(SETTINGS, 0, 0, new byte[0]);
            flush();
        }

        void frame(int type, int flags, int stream, byte[] payload) {
            out.write(payload.length >>> 16);
            out.write(payload.length >>> 8);
            out.write(payload.length);
            out.write(type);
            out.write(flags);
            out.write(stream >>> 24);
            out.write(stream >>> 16);
            out.write(stream >>> 8);
            out.write(stream);
            out.writeBytes(payload);
        }

        void flush() throws IOException {
            socket.getOutputStream().write(out.toByteArray());
            out.reset();
        }

        /** The stream of the next frame of one of these types; 0 when the connection ends before. */
        int awaitStream(Integer... types) throws IOException {
            List<Integer> seen = new ArrayList<>();
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                in.readUnsignedByte();
                int stream = in.readInt();
                in.skipNBytes(length);
                seen.add(type);
                if (List.of(types).contains(type)) {
                    return stream;
                }
                assertThat(type).as("after %s", seen).isNotEqualTo(GOAWAY);
            }
        }

        /** Whether the other end closes, with or without a word. */
        boolean awaitEnd() throws IOException {
            try {
                in.transferTo(java.io.OutputStream.nullOutputStream());
                return true;
            } catch (EOFException | SocketException | SSLException ended) {
                return true;
            } catch (java.net.SocketTimeoutException alive) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
