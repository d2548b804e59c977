package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much of what a client sends as fast as it can still reaches the server after the moment that decides against it, by way in
 * and by what decides. Counted where it arrives: what the gateway's kernel had not sent by then is counted too. A few rounds each, which
 * show that each is cut; docs/development.md has the command for figures.
 */
@Tag("real")
class EscapeIT {

    private static final int ROUNDS = Integer.getInteger("postern.rounds", 5);
    /** Sent before anything is decided: the buffers of all sockets have grown by then. */
    private static final long WARM = 8 << 20;

    private static final String HOST = "c2.evil.example";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    /** How a client comes in; {@code proxy-protocol} is what a concentrator in front of the gateway brings. */
    private enum Way {
        CONNECT,
        SOCKS5,
        PROXY_PROTOCOL,
        SOCKS5_UDP
    }

    private enum Event {
        FINDING,
        QUARANTINE,
        POLICY
    }

    @Test
    void fewBytesEscape() throws Exception {
        String settings = """
                listeners:
                  - {name: apps, type: http-connect, bind: '127.0.0.1:0'}
                  - {name: socks, type: socks5, bind: '127.0.0.1:0', udp: true}
                  - {name: concentrator, type: proxy-protocol, bind: '127.0.0.1:0', trusted-sources: ['127.0.0.1/32']}
                upstream: {allow-networks: ['127.0.0.0/8'], hosts: {c2.evil.example: 127.0.0.1}}
                response: {quarantine: {entries: 10000}}
                limits: {flows: 200}
                datagrams: {sessions: 100}
                analytics: {AN1793: {mode: enforce, enforce-without: {reason: trial, approver: ciso, until: 2099-12-31}}}
                """;
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "rules: []\n");
                ServerSocket origin = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            System.out.println("| decided by | way in | p50 KiB | p99 KiB | p50 ms | p99 ms | MiB/s before |");
            System.out.println("|---|---|---|---|---|---|---|");
            int app = 0;
            for (Event event : Event.values()) {
                for (Way way : Way.values()) {
                    long[] bytes = new long[ROUNDS];
                    long[] nanos = new long[ROUNDS];
                    double speed = 0;
                    // Whatever happens for the first time is not what is asked.
                    new Round(gateway, origin, way, event, "com.acme.first" + app++).run();
                    for (int round = 0; round < ROUNDS; round++) {
                        Round one = new Round(gateway, origin, way, event, "com.acme.app" + app++);
                        one.run();
                        bytes[round] = one.escaped();
                        nanos[round] = one.last.get() - one.decided;
                        speed += one.bytesPerSecond() / ROUNDS;
                    }
                    Arrays.sort(bytes);
                    Arrays.sort(nanos);
                    System.out.println(String.format(
                            Locale.ROOT,
                            "| %s | %s | %d | %d | %.1f | %.1f | %.0f |",
                            event.name().toLowerCase(Locale.ROOT),
                            way.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            bytes[ROUNDS / 2] >> 10,
                            bytes[ROUNDS * 99 / 100] >> 10,
                            nanos[ROUNDS / 2] / 1e6,
                            nanos[ROUNDS * 99 / 100] / 1e6,
                            speed / (1 << 20)));
                }
            }
        }
    }

    /** One flow, until it is cut. */
    private static final class Round {

        private final TestingGateway gateway;
        private final ServerSocket origin;
        private final Way way;
        private final Event event;
        private final String app;
        private final AtomicLong arrived = new AtomicLong();
        private final AtomicLong last = new AtomicLong();
        private long before;
        private long began;
        private long decided;

        Round(TestingGateway gateway, ServerSocket origin, Way way, Event event, String app) {
            this.gateway = gateway;
            this.origin = origin;
            this.way = way;
            this.event = event;
            this.app = app;
        }

        long escaped() {
            return Math.max(0, arrived.get() - before);
        }

        double bytesPerSecond() {
            return before / ((decided - began) / 1e9);
        }

        void run() throws Exception {
            TestingAdmin admin = TestingAdmin.of(gateway);
            try (Sending flow =
                    way == Way.SOCKS5_UDP ? new Datagrams(gateway, app) : new Bytes(open(), origin.accept())) {
                began = System.nanoTime();
                CompletableFuture<Void> received = TestingOrigin.behind(() -> flow.receive(this::arrived));
                CompletableFuture<Void> sent = TestingOrigin.behind(flow::send);
                while (arrived.get() < WARM) {
                    LockSupport.parkNanos(100_000);
                }
                decided = System.nanoTime();
                last.set(decided);
                // What waits for the server to be read had come by then.
                before = arrived.get() + flow.waiting();
                decide(admin);
                flow.decided();
                received.join();
                sent.join();
            }
        }

        private void arrived(int bytes) {
            arrived.addAndGet(bytes);
            last.set(System.nanoTime());
        }

        private TestingConnection open() throws IOException {
            String target = HOST + ":" + origin.getLocalPort();
            return switch (way) {
                case CONNECT -> TestingClient.tunnel(gateway, target, app);
                case SOCKS5 -> TestingSocks.tunnel(TestingClient.to(gateway.address("socks")), app, target);
                case PROXY_PROTOCOL ->
                    TestingClient.to(gateway.address("concentrator"))
                            .send(TestingProxy.header(
                                    "127.0.0.1:" + origin.getLocalPort(), TestingProxy.tag(TestingGateway.tag(app))));
                case SOCKS5_UDP -> throw new IllegalStateException("has no connection");
            };
        }

        private void decide(TestingAdmin admin) throws Exception {
            switch (event) {
                case FINDING ->
                    gateway.gateway()
                            .findings()
                            .found(
                                    new TestingFinding(
                                                    "AN1793",
                                                    "LC01",
                                                    app,
                                                    way == Way.PROXY_PROTOCOL ? "127.0.0.1" : HOST,
                                                    75,
                                                    10,
                                                    TestingFinding.of("LC01").evidence())
                                            .blocking(System.currentTimeMillis()),
                                    Verdict.Action.ALERT,
                                    "");
                case QUARANTINE ->
                    assertThat(admin.send(
                                            "POST",
                                            "/v1/quarantine",
                                            "{\"device\": \"LC01\", \"profile\": \"work\", \"app\": \"" + app
                                                    + "\", \"reason\": \"odd\"}",
                                            "content-type",
                                            "application/json")
                                    .statusCode())
                            .isEqualTo(201);
                case POLICY -> {
                    Path next = Files.writeString(
                            gateway.dir().resolve("next"),
                            "rules: [{name: no, when: {app: " + app + "}, action: block, mode: enforce}]\n");
                    Files.move(next, gateway.dir().resolve("policy.yaml"), StandardCopyOption.ATOMIC_MOVE);
                    gateway.gateway().reload();
                }
            }
        }
    }

    /** A client that sends as fast as it can, and its server. */
    private interface Sending extends AutoCloseable {

        /** Until it is cut. */
        void send();

        /** Until nothing comes any more. */
        void receive(IntConsumer arrived);

        /** Bytes that have come and are not read. */
        int waiting() throws IOException;

        void decided();

        @Override
        void close() throws IOException;
    }

    private record Bytes(TestingConnection client, Socket server) implements Sending {

        @Override
        public void send() {
            byte[] some = new byte[64 << 10];
            try {
                while (true) {
                    client.socket().getOutputStream().write(some);
                }
            } catch (IOException reset) {
                // As it should be.
            }
        }

        @Override
        public void receive(IntConsumer arrived) {
            byte[] some = new byte[256 << 10];
            try {
                server.setSoTimeout((int) PATIENCE.toMillis());
                for (int count = server.getInputStream().read(some);
                        count >= 0;
                        count = server.getInputStream().read(some)) {
                    arrived.accept(count);
                }
            } catch (SocketTimeoutException notCut) {
                throw new AssertionError("nothing has come and nothing was cut", notCut);
            } catch (IOException reset) {
                // As it should be.
            }
        }

        @Override
        public int waiting() throws IOException {
            return server.getInputStream().available();
        }

        @Override
        public void decided() {
            // It is cut.
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    /** Nobody tells either end that it is cut: the client goes on, and what it sends is dropped. */
    private static final class Datagrams implements Sending {

        private static final int QUIET_MILLIS = 500;

        private final TestingAssociation client;
        private final DatagramSocket server =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        private volatile boolean decided;
        private volatile boolean over;

        Datagrams(TestingGateway gateway, String app) throws IOException {
            client = TestingAssociation.open(gateway, "socks", TestingGateway.tag(app));
        }

        @Override
        public void send() {
            byte[] some = new byte[1_200];
            while (!over) {
                client.sendUnchecked(HOST, server.getLocalPort(), some);
            }
        }

        @Override
        public void receive(IntConsumer arrived) {
            DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
            long end = Long.MAX_VALUE;
            try {
                server.setSoTimeout(QUIET_MILLIS);
                while (!over) {
                    try {
                        server.receive(packet);
                        arrived.accept(packet.getLength());
                    } catch (SocketTimeoutException quiet) {
                        over = decided;
                    }
                    end = decided && end == Long.MAX_VALUE ? System.nanoTime() + PATIENCE.toNanos() : end;
                    if (decided && System.nanoTime() - end > 0) {
                        throw new AssertionError("datagrams still come");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                over = true;
            }
        }

        /** Nobody tells how much waits to be read; it is some hundred KiB at most. */
        @Override
        public int waiting() {
            return 0;
        }

        @Override
        public void decided() {
            decided = true;
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }
}
