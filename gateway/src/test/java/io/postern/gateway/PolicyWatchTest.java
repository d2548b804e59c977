package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What time makes of policy. */
class PolicyWatchTest {

    @TempDir
    Path dir;

    @Test
    void whoWasRefusedInsideOfAWindowIsAskedAgainOnceItHasClosed() throws IOException {
        Files.writeString(
                dir.resolve("p.yaml"),
                "rules: [{name: r, when: {time: {from: '08:00', to: '12:00'}}, action: block, mode: enforce}]\n");
        TestingClock clock = new TestingClock(Instant.parse("2026-11-20T11:59:58Z"));
        Reading<Policy> reading = PolicyReader.read(List.of("p.yaml"), dir);
        assertThat(reading.problems()).isEmpty();
        Judges judges = new Judges(
                new EgressRanges(List.of(), List.of(), OwnAddresses.NONE),
                new Rules(reading.value().orElseThrow()),
                clock);
        try (Meters meters = new Meters()) {
            PolicyWatch watch = new PolicyWatch(
                    () -> reading,
                    judges,
                    new Flows(10, clock, new Witness() {}),
                    new Verdicts(judges, meters),
                    meters,
                    clock);
            Object before = judges.standing("LC01");
            clock.pass(Duration.ofSeconds(1));
            watch.look();
            assertThat(judges.standing("LC01")).isEqualTo(before);
            clock.pass(Duration.ofSeconds(1));
            watch.look();
            assertThat(judges.standing("LC01")).isNotEqualTo(before);
        }
    }
}
