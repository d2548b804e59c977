package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long it takes from a finding until the last of 10,000 live flows of its scope has ended, and what a judgement costs
 * meanwhile. Their clients and their server are processes of their own ({@link HeldSockets}); the gateway needs two file
 * descriptors a flow, so it is a command of its own (docs/development.md) and no part of {@code mvn verify}, where
 * {@link EnforceIT} does the same with one.
 */
class FindingCutSoak {

    private static final int FLOWS = Integer.getInteger("postern.flows", 10_000);
    private static final int ROUNDS = Integer.getInteger("postern.rounds", 5);
    private static final long POLL_NANOS = Duration.ofMillis(1).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    @TempDir
    Path dir;

    @Test
    void allFlowsOfAFindingEnd() throws Exception {
        String hosts = IntStream.range(0, ROUNDS)
                .mapToObj(round -> round + ".evil.example: 127.0.0.1")
                .collect(Collectors.joining(", "));
        String settings = "limits: {flows: 25000, flows-per-device: 25000, clients-per-source: 25000}\n"
                + "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {" + hosts + "}}\n"
                + "analytics: {AN1793: {mode: enforce,"
                + " enforce-without: {reason: trial, approver: ciso, until: 2099-12-31}}}\n";
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "")) {
            List<Long> millis = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                millis.add(round(gateway, round + ".evil.example"));
            }
            System.out.println("cut " + FLOWS + " flows, ms: " + millis);
            gateway.metrics()
                    .lines()
                    .filter(line -> line.startsWith("postern_verdict_seconds"))
                    .forEach(System.out::println);
        }
    }

    /** CPU of all event loops: on a machine that others use, time says little. */
    private static long loops() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            nanos += thread != null && thread.getThreadName().startsWith("flows")
                    ? threads.getThreadCpuTime(thread.getThreadId())
                    : 0;
        }
        return nanos;
    }

    /** The flow that is looked at is the last of its loop, opened after all others. */
    private static long round(TestingGateway gateway, String host) throws Exception {
        try (ServerSocket origin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HeldSockets servers = HeldSockets.servers(gateway.dir(), FLOWS - 1);
                HeldSockets clients = HeldSockets.clients(
                        gateway.dir(),
                        FLOWS - 1,
                        gateway.address().getPort(),
                        TestingClient.connect(host + ":" + servers.port(), "com.acme.app"))) {
            clients.awaitAll();
            try (TestingConnection client =
                            TestingClient.tunnel(gateway, host + ":" + origin.getLocalPort(), "com.acme.app");
                    Socket server = origin.accept()) {
                return cut(gateway, host, client.socket(), server);
            }
        }
    }

    private static long cut(TestingGateway gateway, String host, Socket client, Socket server) throws IOException {
        assertThat(gateway.gateway().liveFlows()).isEqualTo(FLOWS);
        long spent = loops();
        long began = System.nanoTime();
        AtomicLong last = new AtomicLong(began);
        CompletableFuture<Void> passed = TestingOrigin.behind(() -> {
            while (server.getInputStream().read() >= 0) {
                last.set(System.nanoTime());
            }
        });
        gateway.gateway()
                .findings()
                .found(
                        TestingFinding.of("LC01").to(host).blocking(System.currentTimeMillis()),
                        Verdict.Action.ALERT,
                        "");
        while (gateway.gateway().liveFlows() > 0 && System.nanoTime() - began < PATIENCE_NANOS) {
            try {
                client.getOutputStream().write(0);
            } catch (IOException cut) {
                // As it should be.
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        passed.handle((done, reset) -> null).join();
        long took = System.nanoTime() - began;
        assertThat(gateway.gateway().liveFlows()).isZero();
        System.out.println(String.format(
                Locale.ROOT,
                "%s: last byte after %.1f ms, last flow after %.1f ms, event loops %.1f ms of CPU, %.1f us a flow",
                host,
                (last.get() - began) / 1e6,
                took / 1e6,
                (loops() - spent) / 1e6,
                (loops() - spent) / 1e3 / FLOWS));
        return Duration.ofNanos(took).toMillis();
    }
}
