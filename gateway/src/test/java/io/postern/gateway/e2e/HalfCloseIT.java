package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One end has said all it wants and reads on, slowly; the other sends more than fits. Nothing may be lost: this is where
 * Netty's epoll drops connections when a socket that waited for nothing must wait to be writable (see SteadyEpoll).
 */
class HalfCloseIT {

    private static final int BYTES = 24 << 20;

    @TempDir
    Path dir;

    @Test
    void aClientThatEndedItsHalfGetsEverything() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                ServerSocket origin = new ServerSocket(0);
                Socket client = connect(gateway, origin);
                Socket server = origin.accept()) {
            head(client);
            client.getOutputStream().write('?');
            client.shutdownOutput();
            assertThat(server.getInputStream().readAllBytes()).hasSize(1);

            assertEverythingArrives(server, client);
        }
    }

    @Test
    void aServerThatEndedItsHalfGetsEverything() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                ServerSocket origin = new ServerSocket(0);
                Socket client = connect(gateway, origin);
                Socket server = origin.accept()) {
            head(client);
            server.getOutputStream().write('!');
            server.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).hasSize(1);

            assertEverythingArrives(client, server);
        }
    }

    private static void assertEverythingArrives(Socket from, Socket to) throws Exception {
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(from, sent));
        // Full on the whole way: every buffer between the two is waiting to be writable.
        long[] seen = {-1};
        await().until(() -> {
            boolean stuck = sent.get() > 0 && sent.get() == seen[0];
            seen[0] = sent.get();
            return stuck;
        });
        assertThat(sent.get()).isLessThan(BYTES);

        assertThat(read(to)).isEqualTo(BYTES);
        sending.join();
    }

    private static void send(Socket to, AtomicLong sent) {
        try {
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[64 * 1024];
            while (sent.get() < BYTES) {
                out.write(some);
                sent.addAndGet(some.length);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long read(Socket from) throws IOException {
        from.setSoTimeout(20_000);
        return from.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static Socket connect(TestingGateway gateway, ServerSocket origin) throws IOException {
        Socket client =
                new Socket(gateway.address().getAddress(), gateway.address().getPort());
        client.setSoTimeout(20_000);
        String target = "127.0.0.1:" + origin.getLocalPort();
        client.getOutputStream()
                .write(("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nProxy-Authorization: "
                                + TestingGateway.basic(TestingGateway.tag("com.acme.mail")) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static void head(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        int ends = 0;
        while (ends < 2) {
            int octet = in.read();
            assertThat(octet).isNotNegative();
            ends = octet == '\n' ? ends + 1 : octet == '\r' ? ends : 0;
        }
    }
}
