package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** Rounds of flows of device LC01, each of an app of its own, that are decided against while they pour; see {@link EscapeIT}. */
final class EscapeRounds {

    /** Of each way and each event. */
    static final int ROUNDS = Integer.getInteger("postern.rounds", 5);

    static final String HEAD = """
            | decided by | way in | p50 KiB | p99 KiB | p50 ms | p99 ms | MiB/s before |
            |---|---|---|---|---|---|---|""";

    /** Sent before anything is decided: the buffers of all sockets have grown by then. */
    private static final long WARM = 8 << 20;

    private final TestingGateway gateway;
    private int numbers;

    /** How a client comes in. */
    interface Way {

        /** What the table calls it. */
        String label();

        /** Where a finding says that its flows go. */
        String destination();

        /** A new flow of {@link EscapeRounds#app}. */
        Pouring open(int number) throws Exception;
    }

    private enum Event {
        FINDING("AN1793"),
        QUARANTINE("quarantine:"),
        POLICY("no");

        /** What the name of the rule begins with that its flows' records have. */
        private final String rule;

        Event(String rule) {
            this.rule = rule;
        }
    }

    EscapeRounds(TestingGateway gateway) {
        this.gateway = gateway;
    }

    /** Each flow is of another. */
    static String app(int number) {
        return "com.acme.app" + number;
    }

    /** How many flows that are, and so numbers, which begin with zero. */
    static int flows(int ways) {
        return Event.values().length * ways * (ROUNDS + 1);
    }

    /** Prints a row for each event and way. */
    void print(List<Way> ways) throws Exception {
        for (Event event : Event.values()) {
            for (Way way : ways) {
                long[] bytes = new long[ROUNDS];
                long[] nanos = new long[ROUNDS];
                double speed = 0;
                // Whatever happens for the first time is not what is asked.
                new Round(way, event, numbers++).run();
                for (int round = 0; round < ROUNDS; round++) {
                    Round one = new Round(way, event, numbers++);
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
                        way.label(),
                        bytes[ROUNDS / 2] >> 10,
                        bytes[ROUNDS * 99 / 100] >> 10,
                        nanos[ROUNDS / 2] / 1e6,
                        nanos[ROUNDS * 99 / 100] / 1e6,
                        speed / (1 << 20)));
            }
        }
    }

    /** One flow, until it is cut. */
    private final class Round {

        private final Way way;
        private final Event event;
        private final int number;
        private final AtomicLong arrived = new AtomicLong();
        private final AtomicLong last = new AtomicLong();
        private long before;
        private long began;
        private long decided;
        private volatile boolean against;

        Round(Way way, Event event, int number) {
            this.way = way;
            this.event = event;
            this.number = number;
        }

        long escaped() {
            return Math.max(0, arrived.get() - before);
        }

        double bytesPerSecond() {
            return before / ((decided - began) / 1e9);
        }

        void run() throws Exception {
            TestingAdmin admin = TestingAdmin.of(gateway);
            try (Pouring flow = way.open(number)) {
                began = System.nanoTime();
                CompletableFuture<Void> received = TestingOrigin.behind(() -> flow.receive(this::arrived));
                CompletableFuture<Void> sent = TestingOrigin.behind(flow::send);
                while (arrived.get() < WARM) {
                    assertThat(System.nanoTime() - began)
                            .as("%s has come of %s", arrived, way.label())
                            .isLessThan(Pouring.PATIENCE.toNanos());
                    LockSupport.parkNanos(100_000);
                }
                decided = System.nanoTime();
                last.set(decided);
                against = true;
                // What waits for the server to be read had come by then.
                before = arrived.get() + flow.waiting();
                decide(admin);
                flow.decided();
                // It has a deadline from the decision on, and one for silence.
                assertThat(received)
                        .as("%s, cut by %s", way.label(), event)
                        .succeedsWithin(Pouring.PATIENCE.multipliedBy(3));
                assertThat(sent).as("%s, whose client is told", way.label()).succeedsWithin(Pouring.PATIENCE);
            }
            expectRecord();
        }

        private void arrived(int bytes) {
            long now = System.nanoTime();
            arrived.addAndGet(bytes);
            last.set(now);
            if (against && now - decided > Pouring.PATIENCE.toNanos()) {
                throw new AssertionError("it is not cut, %s have come".formatted(arrived));
            }
        }

        /** It says what ended the flow, and no byte came behind its back: the gateway counts what it passes on, until then. */
        private void expectRecord() {
            JsonNode record =
                    gateway.record(line -> line.at("/traffic/bytes_out").asLong() > 0
                            && line.at("/actor/app_uid").asString("").equals(app(number)));
            assertThat(record.at("/unmapped/postern/close_reason").asString("")).isEqualTo("blocked");
            assertThat(record.at("/firewall_rule/name").asString("")).startsWith(event.rule);
            assertThat(arrived.get())
                    .as("%s, cut by %s", way.label(), event)
                    .isLessThanOrEqualTo(record.at("/traffic/bytes_out").asLong());
        }

        private void decide(TestingAdmin admin) throws Exception {
            switch (event) {
                case FINDING -> find();
                case QUARANTINE -> contain(admin);
                case POLICY -> rule();
            }
        }

        private void find() {
            gateway.gateway()
                    .findings()
                    .found(
                            new TestingFinding(
                                            "AN1793",
                                            "LC01",
                                            app(number),
                                            way.destination(),
                                            75,
                                            10,
                                            TestingFinding.of("LC01").evidence())
                                    .blocking(System.currentTimeMillis()),
                            Verdict.Action.ALERT,
                            "");
        }

        private void contain(TestingAdmin admin) throws Exception {
            assertThat(admin.send(
                                    "POST",
                                    "/v1/quarantine",
                                    "{\"device\": \"LC01\", \"profile\": \"work\", \"app\": \"" + app(number)
                                            + "\", \"reason\": \"odd\"}",
                                    "content-type",
                                    "application/json")
                            .statusCode())
                    .isEqualTo(201);
        }

        private void rule() throws IOException {
            Path next = Files.writeString(
                    gateway.dir().resolve("next"),
                    "rules: [{name: no, when: {app: " + app(number) + "}, action: block, mode: enforce}]\n");
            Files.move(next, gateway.dir().resolve("policy.yaml"), StandardCopyOption.ATOMIC_MOVE);
            gateway.gateway().reload();
        }
    }
}
