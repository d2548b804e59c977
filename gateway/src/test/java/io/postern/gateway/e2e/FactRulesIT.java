package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.event;
import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that ask what sources tell of a device: for what begins, and for what lives when it is told. */
class FactRulesIT {

    private static final String LOCKED = rule("locked: true");

    @TempDir
    Path dir;

    @Test
    void whatIsForbiddenWhileLockedIsCutByTheLockAndAllowedOnceItIsUnlocked() throws Exception {
        try (TestingGateway gateway = start(LOCKED, Clock.systemUTC());
                TestingOrigin origin = new TestingOrigin();
                TestingConnection before = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept();
                TestingConnection other = ofDevice(gateway, origin, "LC02");
                TestingConnection otherServer = origin.accept()) {
            before.send("\0");
            assertThat(server.read(1)).isEqualTo("\0");
            TestingSource agent = TestingSource.of(gateway, "agent");

            taken(agent.events(lock("e1", Instant.now(), "LC01", true)), 1, 0, 0);
            assertThatThrownBy(before::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            assertThatThrownBy(server::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            var line = gateway.record(record -> true);
            assertThat(line.at("/unmapped/postern/close_reason").asString()).isEqualTo("blocked");
            assertThat(line.at("/firewall_rule/name").asString()).isEqualTo("asks");
            assertThat(answer(gateway, origin)).startsWith("HTTP/1.1 403 ").contains("\nReason: asks\n");

            // The rule looks at its own device only.
            other.send("\0still");
            assertThat(otherServer.read(6)).isEqualTo("\0still");

            taken(agent.events(lock("e2", Instant.now(), "LC01", false)), 1, 0, 0);
            await().until(() -> answer(gateway, origin).startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void notKnowingIsNeitherLockedNorUnlockedAndCanBeAskedFor() throws Exception {
        try (TestingGateway gateway = start(LOCKED + also("unlocked", "locked: false"), Clock.systemUTC());
                TestingOrigin origin = new TestingOrigin()) {
            assertThat(answer(gateway, origin)).startsWith("HTTP/1.1 200 ");
        }
        try (TestingGateway gateway = TestingGateway.start(dir, "", rule("locked: unknown"));
                TestingOrigin origin = new TestingOrigin()) {
            assertThat(answer(gateway, origin)).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void anUnknownLockForbidsUntilTheAgentSpeaks() throws Exception {
        try (TestingGateway gateway = start(rule("locked: unknown"), Clock.systemUTC());
                TestingOrigin origin = new TestingOrigin()) {
            assertThat(answer(gateway, origin)).startsWith("HTTP/1.1 403 ");
            TestingSource agent = TestingSource.of(gateway, "agent");
            taken(agent.events(lock("e1", Instant.now(), "LC01", false)), 1, 0, 0);
            await().until(() -> answer(gateway, origin).startsWith("HTTP/1.1 200 "));
        }
    }

    /** Nothing is told when nobody touches the device: time alone makes it so. */
    @Test
    void aDeviceThatIsLeftAloneLosesItsFlow() throws Exception {
        TestingClock clock = new TestingClock(Instant.now());
        try (TestingGateway gateway = start(rule("no-interaction: 10m"), clock);
                TestingOrigin origin = new TestingOrigin()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            taken(agent.events(event("e1", clock.instant(), "LC01", "device.user_interaction", "", "")), 1, 0, 0);
            gateway.awaitMetric("postern_analytic_keys{table=\"device-contexts\"}", 1);
            try (TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                    TestingConnection server = origin.accept()) {
                client.send("\0");
                assertThat(server.read(1)).isEqualTo("\0");
                clock.pass(Duration.ofMinutes(11));
                assertThatThrownBy(server::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            }
        }
    }

    /** A record has what was known as the flow began, whatever is told later. */
    @Test
    void aRecordTellsWhatWasKnownWhenTheFlowBegan() throws Exception {
        TestingClock clock = new TestingClock(Instant.now());
        try (TestingGateway gateway = start("", clock);
                TestingOrigin origin = new TestingOrigin()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            taken(
                    agent.events(event("e1", clock.instant(), "LC01", "device.user_interaction", "", "")
                            + lock("e2", clock.instant(), "LC01", true)),
                    2,
                    0,
                    0);
            clock.pass(Duration.ofSeconds(90));
            try (TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                    TestingConnection server = origin.accept()) {
                client.send("\0");
                assertThat(server.read(1)).isEqualTo("\0");
                taken(agent.events(lock("e3", clock.instant(), "LC01", false)), 1, 0, 0);
            }
            var facts = gateway.record(record -> true).at("/unmapped/postern/facts");
            assertThat(facts.at("/locked").asBoolean(false)).isTrue();
            assertThat(facts.at("/no_interaction_seconds").asInt()).isEqualTo(90);
            assertThat(facts.at("/background").asBoolean(false))
                    .as("who tells of apps' states has told of none of its")
                    .isTrue();
            assertThat(facts.has("posture")).isFalse();
        }
    }

    /** Whatever else ends it later. */
    @Test
    void aRuleInShadowThatHeldAsTheFlowBeganIsTold() throws Exception {
        String watched = """
                rules:
                  - {name: watched, when: {device: {locked: true}}, action: block, mode: shadow}
                  - {name: cuts, when: {device: {locked: false}}, action: block, mode: enforce}
                """;
        try (TestingGateway gateway = start(watched, Clock.systemUTC());
                TestingOrigin origin = new TestingOrigin()) {
            TestingSource agent = TestingSource.of(gateway, "agent");
            taken(agent.events(lock("e1", Instant.now(), "LC01", true)), 1, 0, 0);
            gateway.awaitMetric("postern_analytic_keys{table=\"device-contexts\"}", 1);
            try (TestingConnection client = TestingClient.tunnel(gateway, origin.authority());
                    TestingConnection server = origin.accept()) {
                client.send("\0");
                assertThat(server.read(1)).isEqualTo("\0");
                taken(agent.events(lock("e2", Instant.now(), "LC01", false)), 1, 0, 0);
                assertThatThrownBy(server::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            }
            assertThat(gateway.record(record -> true).at("/unmapped/postern/rules"))
                    .extracting(rule -> rule.at("/name").asString())
                    .containsExactly("watched", "cuts");
            gateway.awaitMetric("postern_would_block_total{rule=\"watched\"}", 1);
        }
    }

    private static String answer(TestingGateway gateway, TestingOrigin origin) throws IOException {
        try (TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.connect(origin.authority(), TestingClient.APP));
            String head = client.head();
            return head.startsWith("HTTP/1.1 200 ") ? head : head + client.rest();
        }
    }

    private static TestingConnection ofDevice(TestingGateway gateway, TestingOrigin origin, String device)
            throws IOException {
        String target = origin.authority();
        TestingConnection client = TestingClient.to(gateway)
                .send("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nProxy-Authorization: "
                        + TestingGateway.basic(TestingGateway.deviceTag(device)) + "\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private static String rule(String fact) {
        return "rules:\n" + also("asks", fact);
    }

    private static String also(String name, String fact) {
        return "  - {name: " + name + ", when: {device: {" + fact + "}}, action: block, mode: enforce}\n";
    }

    private TestingGateway start(String policy, Clock clock) throws IOException {
        return TestingGateway.start(
                dir, """
                context:
                  bind: "127.0.0.1:0"
                  sources: [{name: agent, token-file: %s, devices: ["*"], reports: %s}]
                """.formatted(TestingSource.tokenFile(dir, "agent"), TestingSource.ALL), policy, clock);
    }
}
