package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static io.postern.gateway.e2e.TestingOrigin.behind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No byte is lost, whoever ends first and however slowly the other reads. */
class HalfCloseIT {

    private static final long BULK = 24L << 20;

    @TempDir
    Path dir;

    /** Those of this machine: a kernel or a container may refuse io_uring. */
    static List<String> transports() {
        List<String> transports = new ArrayList<>(List.of("nio"));
        if (Epoll.isAvailable()) {
            transports.add("epoll");
        }
        if (IoUring.isAvailable()) {
            transports.add("io_uring");
        }
        return transports;
    }

    @ParameterizedTest
    @MethodSource("transports")
    void bulkGoesBothWaysAtOnceUnharmed(String transport) throws Exception {
        try (TestingPath path = TestingPath.open(dir, runtime(transport))) {
            CompletableFuture<Void> up = behind(() -> TestingBulk.send(path.client(), BULK, 1));
            CompletableFuture<Void> down = behind(() -> TestingBulk.send(path.server(), BULK, 2));
            CompletableFuture<Void> uploaded = behind(() -> TestingBulk.expect(path.server(), BULK, 1));
            TestingBulk.expect(path.client(), BULK, 2);
            CompletableFuture.allOf(up, down, uploaded).join();
            assertThat(path.gateway()
                            .record(record -> true)
                            .at("/traffic/bytes")
                            .asLong())
                    .isEqualTo(2 * BULK);
            path.gateway().awaitMetric("postern_flow_bytes_total{direction=\"out\"}", BULK);
            path.gateway().awaitMetric("postern_flow_bytes_total{direction=\"in\"}", BULK);
        }
    }

    /** The client has finished before the server begins; the server sends far more than any socket holds. */
    @ParameterizedTest
    @MethodSource("transports")
    void aClientThatFinishedReceivesAllThatIsStillToCome(String transport) throws Exception {
        try (TestingPath path = TestingPath.open(dir, runtime(transport))) {
            path.client().send("\0all I want").finish();
            assertThat(path.server().rest()).isEqualTo("\0all I want");
            CompletableFuture<Void> down = behind(() -> TestingBulk.send(path.server(), BULK, 3));
            TestingBulk.expect(path.client(), BULK, 3);
            down.join();
            assertThat(path.gateway()
                            .record(record -> true)
                            .at("/unmapped/postern/close_reason")
                            .asString())
                    .isEqualTo("upstream-closed");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aServerThatFinishedReceivesAllThatIsStillToCome(String transport) throws Exception {
        try (TestingPath path = TestingPath.open(dir, runtime(transport))) {
            path.server().send("\0all I have").finish();
            assertThat(path.client().rest()).isEqualTo("\0all I have");
            CompletableFuture<Void> up = behind(() -> TestingBulk.send(path.client(), BULK, 4));
            TestingBulk.expect(path.server(), BULK, 4);
            up.join();
            assertThat(path.gateway()
                            .record(record -> true)
                            .at("/unmapped/postern/close_reason")
                            .asString())
                    .isEqualTo("client-closed");
        }
    }

    /** Nobody can know yet what the client speaks, and it says no more. */
    @ParameterizedTest
    @MethodSource("transports")
    void aServerThatFinishedReceivesWhatDecidesNothing(String transport) throws Exception {
        String patient = "sniff: {server-first: 10s, timeout: 1m}\n";
        try (TestingPath path = TestingPath.open(dir, runtime(transport) + patient)) {
            path.server().finish();
            assertThat(path.client().rest()).isEmpty();
            path.client().send("GE").finish();
            assertThat(path.server().rest()).isEqualTo("GE");
            path.gateway().expectEnd("client-closed");
        }
    }

    @Test
    void aServerThatFinishedReceivesAllThatIsStillToComeOverTls() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, TestingGateway.tls(dir), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tlsTo(gateway)) {
            client.send(TestingClient.connect(origin.authority(), TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
                server.send("\0all I have").finish();
                assertThat(client.rest()).isEqualTo("\0all I have");
                CompletableFuture<Void> up = behind(() -> TestingBulk.send(client, BULK, 5));
                TestingBulk.expect(server, BULK, 5);
                up.join();
            }
        }
    }

    /** BoringSSL has no half-closed sessions: the end is passed on as one, for both sides, at once. */
    @Test
    void aClientThatFinishesOverTlsEndsTheTunnel() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, TestingGateway.tls(dir), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tlsTo(gateway)) {
            client.send(TestingClient.connect(origin.authority(), TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
                client.send("\0all I want").finish();
                assertThat(server.rest()).isEqualTo("\0all I want");
                assertThat(client.rest()).isEmpty();
                assertThat(gateway.record(record -> true)
                                .at("/unmapped/postern/close_reason")
                                .asString())
                        .isEqualTo("client-closed");
            }
        }
    }

    /**
     * What the gateway buffers for one reader is sockets and a write mark, not the file; and another client of the same
     * event loop is served meanwhile.
     */
    @Test
    void aSlowReaderHoldsItsOwnSenderBack() throws Exception {
        long endless = 1L << 30;
        try (TestingPath path = TestingPath.open(dir, "runtime: {event-loops: 1}\n")) {
            AtomicLong sent = new AtomicLong();
            CompletableFuture<Void> down = behind(() -> {
                byte[] some = new byte[64 << 10];
                while (sent.get() < endless) {
                    path.server().send(some);
                    sent.addAndGet(some.length);
                }
            });
            await().until(() -> sent.get() > 0);
            try (TestingConnection other = tunnel(path.gateway(), path.origin().authority());
                    TestingConnection otherServer = path.origin().accept()) {
                CompletableFuture<Void> served = behind(() -> TestingBulk.send(otherServer, 8 * BULK, 6));
                TestingBulk.expect(other, 8 * BULK, 6);
                served.join();
            }
            // Four kernel buffers of a few MiB at most each, and the path.gateway()'s own 64 KiB mark and one read.
            assertThat(sent.get()).isLessThan(64L << 20);
            // The pooled memory of the path.gateway() holds what one flow may hold, whatever the sender has.
            assertThat(TestingMemory.used()).isLessThan(64L << 20);
            path.client().reset();
            assertThat(down)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(IOException.class);
            assertThat(path.gateway()
                            .record(record -> record.at("/unmapped/postern/close_reason")
                                    .asString()
                                    .equals("client-reset")))
                    .isNotNull();
            path.gateway().awaitNothingLeft();
        }
    }

    @Test
    void aHalfClosedFlowThatFallsSilentEnds() throws Exception {
        try (TestingPath path = TestingPath.open(dir, limited("idle-timeout: 1h, half-closed-timeout: 1s"))) {
            path.client().send("\0").finish();
            assertThat(path.server().rest()).isEqualTo("\0");
            assertThat(path.client().untilGone()).isEmpty();
            path.gateway().expectEnd("idle");
        }
    }

    @Test
    void aFlowThatFallsSilentEnds() throws Exception {
        try (TestingPath path = TestingPath.open(dir, limited("idle-timeout: 1s"))) {
            path.begin();
            assertThat(path.server().rest()).isEmpty();
            assertThat(path.client().rest()).isEmpty();
            path.gateway().expectEnd("idle");
        }
    }

    /** Neither says a word: nobody is left holding two sockets. */
    @Test
    void aTunnelNobodyEverUsesEnds() throws Exception {
        try (TestingPath path = TestingPath.open(dir, limited("idle-timeout: 1s"))) {
            assertThat(path.server().rest()).isEmpty();
            assertThat(path.client().untilGone()).isEmpty();
            path.gateway().expectEnd("idle");
        }
    }

    private static String runtime(String transport) {
        return "runtime: {transport: " + transport + "}\n";
    }

    private static String limited(String upstream) {
        return "upstream: {allow-networks: ['127.0.0.0/8'], " + upstream + "}\n";
    }
}
