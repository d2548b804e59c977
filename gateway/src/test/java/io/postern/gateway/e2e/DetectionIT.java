package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.attack.KeyRoom;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Kept;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.HomeSettings;
import io.postern.gateway.analytics.TestingHunch;
import io.postern.gateway.analytics.TestingHunch.Heard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Flows are told to detection as they happen, and what it finds is told of flows. */
class DetectionIT {

    private static final String APP = "com.acme.updater";
    private static final Duration BEAT = Duration.ofMinutes(5);
    private static final int ENOUGH = 8;

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Clock.systemUTC().instant());
    private final Queue<Heard> heard = TestingHunch.hearing();
    private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();

    /** By the desk, once flows are told of it. */
    private final Queue<Kept> kept = new ConcurrentLinkedQueue<>();

    @Test
    void aBeaconIsFoundAndItsNextFlowSaysSo() throws Exception {
        try (TestingGateway gateway = start("");
                TestingOrigin origin = new TestingOrigin()) {
            long begin = clock.millis();
            // A connect and an exchange each.
            for (int i = 0; i < ENOUGH / 2; i++) {
                beat(gateway, origin, APP);
                clock.pass(BEAT);
            }
            await().until(() -> !kept.isEmpty());
            Finding found = kept.element().finding();
            assertThat(found.key().device()).isEqualTo("LC01");
            assertThat(found.key().app()).isEqualTo(APP);
            assertThat(found.destination()).isEqualTo("127.0.0.1");
            List<Long> connects = heard.stream()
                    .filter(each -> each.what().startsWith("Opened"))
                    .map(Heard::atMillis)
                    .toList();
            for (int i = 0; i < ENOUGH / 2; i++) {
                assertThat(connects.get(i)).isEqualTo(begin + i * BEAT.toMillis());
            }

            beat(gateway, origin, APP);
            beat(gateway, origin, "com.acme.other");
            JsonNode next = await()
                    .until(
                            () -> gateway.records().stream()
                                    .filter(line -> line.at("/start_time").asLong() == clock.millis())
                                    .toList(),
                            lines -> lines.size() == 2)
                    .stream()
                    .filter(line -> line.at("/actor/app_uid").asString().equals(APP))
                    .findFirst()
                    .orElseThrow();
            assertThat(next.at("/unmapped/postern/findings/0").asString()).isEqualTo(found.uid());
            assertThat(next.at("/unmapped/postern/verdict").asString()).isEqualTo("alert");
            assertThat(next.at("/disposition_id").asInt()).isEqualTo(19);
            assertThat(next.at("/firewall_rule/name").asString()).isEqualTo("AN1681");
            assertThat(gateway.records().stream()
                            .filter(line -> line.at("/actor/app_uid").asString().equals("com.acme.other")))
                    .allSatisfy(line -> assertThat(line.at("/unmapped/postern").has("findings"))
                            .isFalse());
        }
    }

    @Test
    void whatALongFlowDoesIsFoundWhileItLives() throws Exception {
        try (TestingGateway gateway = start("");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.tunnel(gateway, origin.authority(), APP);
                TestingConnection server = origin.accept()) {
            for (int i = 0; i < ENOUGH; i++) {
                exchange(client, server);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> !kept.isEmpty());
            JsonNode flow = await().until(
                            () -> json(TestingAdmin.of(gateway).get("/v1/flows?state=live"))
                                    .at("/flows/0"),
                            live -> live.at("/unmapped/postern").has("findings"));
            assertThat(flow.at("/unmapped/postern/findings/0").asString())
                    .isEqualTo(kept.element().uid());
            assertThat(flow.at("/unmapped/postern/verdict").asString()).isEqualTo("alert");

            exchange(client, server);
            long told = ENOUGH + 1;
            await().atMost(Duration.ofSeconds(20)).until(() -> count("Exchanged") == told);
            client.close();
            server.close();
            JsonNode last = gateway.record(origin);
            assertThat(last.at("/unmapped/postern/exchanges").size()).isEqualTo(ENOUGH + 1);
            await().until(() -> count("Closed") == 1);
            assertThat(count("Opened")).isEqualTo(1);
            assertThat(count("Exchanged")).isEqualTo(told);
        }
    }

    @Test
    void whatIsRememberedOutlivesARestartAndFactsComeBeforeFlows() throws Exception {
        String sources = "context: {bind: '127.0.0.1:0', sources: [{name: agent, token-file: "
                + TestingSource.tokenFile(dir, "agent") + ", devices: ['*'], reports: [lock]}]}\n";
        try (TestingOrigin origin = new TestingOrigin()) {
            try (TestingGateway gateway = start(sources)) {
                taken(TestingSource.of(gateway, "agent").events(lock("e1", clock.instant(), "LC01", true)), 1, 0, 0);
                for (int i = 0; i < ENOUGH / 2 - 1; i++) {
                    beat(gateway, origin, APP);
                }
                await().until(() -> count("told e1") == 1);
            }
            assertThat(findings).isEmpty();
            assertThat(count("Closed")).isEqualTo(ENOUGH / 2 - 1);
            heard.clear();
            try (TestingGateway gateway = start(sources)) {
                beat(gateway, origin, APP);
                await().until(() -> !findings.isEmpty());
            }
            assertThat(heard.element().what()).isEqualTo("told e1");
        }
    }

    @Test
    void datagramsAreToldToo() throws Exception {
        try (TestingGateway gateway = start("""
                        listeners: [{name: apps, type: socks5, bind: '127.0.0.1:0', udp: true}]
                        datagrams: {sessions: 100}
                        """);
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), "ping");
            TestingDatagrams.Received ping = server.receive();
            server.send(ping.from(), "pong");
            assertThat(client.receive().text()).isEqualTo("pong");
            client.control().close();
            await().atMost(Duration.ofSeconds(20)).until(() -> count("Closed") == 1);
            assertThat(heard)
                    .extracting(each -> each.what().substring(0, 6))
                    .containsExactly("Opened", "Exchan", "Closed");
        }
    }

    /** A tunnel of one association asks again and again from one port. */
    @Test
    void everyQuestionOfASessionOfDnsIsTold() throws Exception {
        try (TestingGateway gateway = start("""
                        listeners: [{name: apps, type: socks5, bind: '127.0.0.1:0', udp: true}]
                        datagrams: {sessions: 100}
                        """);
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            for (int i = 0; i < 5; i++) {
                client.send("127.0.0.1", server.port(), message(false, i));
                server.send(server.receive().from(), message(true, i));
                client.receive();
            }
            client.control().close();
            await().atMost(Duration.ofSeconds(20)).until(() -> count("Closed") == 1);
            assertThat(count("Asked")).isEqualTo(5);
        }
    }

    /** For the TXT record of {@code x<number>.t.example}, or an empty answer to it, by RFC 1035 section 4.1. */
    private static byte[] message(boolean answer, int number) {
        return HexFormat.of()
                .parseHex("0007" + (answer ? "8180" : "0100") + "00010000000000000278%02x0174".formatted('0' + number)
                        + "076578616d706c650000100001");
    }

    /** The five as they ship: found is what goes to an odd port again and again, and its flows say so. */
    @Test
    void theFiveFindAClockOnAnOddPort() throws Exception {
        Detecting five = Detecting.five(Settings.DEFAULTS, KeyRoom.unbounded(), findings::add)
                .orElseThrow();
        try (TestingGateway gateway = TestingGateway.start(dir, "", clock, five);
                TestingOrigin origin = new TestingOrigin()) {
            gateway.gateway().findings().whenTold(told -> told.kept().ifPresent(kept::add));
            await().atMost(Duration.ofMinutes(1)).pollDelay(Duration.ZERO).until(() -> {
                hello(gateway, origin);
                clock.pass(Duration.ofSeconds(61));
                return !kept.isEmpty();
            });
            assertThat(findings.element().analytic()).isIn("AN1827", "AN1793", "AN1681");
            assertThat(findings.element().key().app()).isEqualTo(APP);
            String uid = kept.element().uid();
            hello(gateway, origin);
            assertThat(gateway.record(line -> line.at("/unmapped/postern").has("findings"))
                            .at("/unmapped/postern/findings")
                            .valueStream()
                            .map(JsonNode::asString))
                    .contains(uid);
        }
    }

    private static void hello(TestingGateway gateway, TestingOrigin origin) throws Exception {
        try (TestingConnection client = TestingClient.tunnel(gateway, origin.authority(), APP);
                TestingConnection server = origin.accept()) {
            client.send(TestingHello.bytes("c2.acme.example"));
            server.send("\0none");
            assertThat(client.read(5)).isEqualTo("\0none");
        }
    }

    private TestingGateway start(String more) throws IOException {
        TestingGateway gateway = TestingGateway.start(
                dir,
                more,
                clock,
                new Detecting(HomeSettings.DEFAULTS, seed -> new TestingHunch(heard, ENOUGH), findings::add));
        gateway.gateway().findings().whenTold(told -> told.kept().ifPresent(kept::add));
        return gateway;
    }

    private long count(String what) {
        return heard.stream().filter(each -> each.what().startsWith(what)).count();
    }

    /** A flow with one exchange, told of to its end. */
    private void beat(TestingGateway gateway, TestingOrigin origin, String app) throws IOException {
        long before = count("Closed");
        try (TestingConnection client = TestingClient.tunnel(gateway, origin.authority(), app);
                TestingConnection server = origin.accept()) {
            exchange(client, server);
        }
        await().until(() -> count("Closed") > before);
    }

    private static void exchange(TestingConnection client, TestingConnection server) throws IOException {
        client.send("\0beat");
        assertThat(server.read(5)).isEqualTo("\0beat");
        server.send("\0none");
        assertThat(client.read(5)).isEqualTo("\0none");
    }
}
