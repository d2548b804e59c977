package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Status;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.AnalyticsSettings;
import io.postern.config.AnalyticsSettings.Budget;
import io.postern.config.AnalyticsSettings.Enforcing;
import io.postern.config.AnalyticsSettings.Waiver;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.e2e.TestingFinding;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.Witness;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.rules.FactSource;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Overrules;
import io.postern.gateway.rules.Question;
import io.postern.gateway.rules.Rules;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which findings are known, and what is told of them. */
class FindingWatchTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC);
    private static final long NOW = CLOCK.millis();
    private static final TestingFinding BLOCKS = TestingFinding.of("LC01").to("blocks.example");

    private final Meters meters = new Meters();
    private boolean killed;
    private final Flows flows = new Flows(10, CLOCK, new Witness() {});
    private final Enforcement enforcement = new Enforcement(
            new AnalyticsSettings(
                    Map.of("AN1793", Mode.ENFORCE),
                    Settings.DEFAULTS,
                    Map.of(
                            "AN1793",
                            new Enforcing(
                                    Action.BLOCK,
                                    16 << 10,
                                    0.8,
                                    Optional.of(new Waiver("trial", "ciso", LocalDate.parse("2099-01-01"))))),
                    new Budget(0.1, 10),
                    0),
            analytic -> true,
            () -> killed);
    private final FindingWatch watch = new FindingWatch(analytic -> Mode.ENFORCE, enforcement, meters);
    private final Judges judges = new Judges(
            new EgressRanges(List.of(), List.of(), OwnAddresses.NONE),
            new Rules(Policy.EMPTY),
            CLOCK,
            FactSource.NOBODY,
            watch,
            Overrules.NONE);
    private final List<String> acting = new ArrayList<>();

    @BeforeEach
    void begin() {
        enforcement.refresh(TestingEnforcing.NOTHING_KNOWN);
        watch.begin(
                judges, flows, new Verdicts(judges, meters), (finding, action) -> acting.add(finding.destination()));
    }

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void whatActsPushesOutWhatOnlyMarks() {
        for (int i = 0; i < FindingWatch.MOST_OF_DEVICE; i++) {
            open(BLOCKS.to(i + ".example").score(20).at(NOW));
        }
        assertThat(ends("blocks.example")).isFalse();
        open(BLOCKS.blocking(NOW));
        assertThat(ends("blocks.example")).isTrue();
        assertThat(acting).containsExactly("blocks.example");
    }

    @Test
    void whatIsTurnedAwayIsNotSaidToAct() {
        for (int i = 0; i < FindingWatch.MOST_OF_DEVICE; i++) {
            open(BLOCKS.to(i + ".example").blocking(NOW));
        }
        acting.clear();
        open(BLOCKS.blocking(NOW));
        assertThat(ends("blocks.example")).isFalse();
        assertThat(acting).isEmpty();
        assertThat(ends("0.example")).as("what acts already").isTrue();
    }

    @Test
    void whoWasRefusedIsAskedAgainOnceAFindingIsOverAndNotForEachWord() {
        open(BLOCKS.blocking(NOW));
        Object refused = judges.standing("LC01");
        open(BLOCKS.later().blocking(NOW));
        open(BLOCKS.to("other.example").at(NOW));
        assertThat(judges.standing("LC01")).isEqualTo(refused);
        watch.kept(kept(BLOCKS.blocking(NOW), Status.CLOSED));
        assertThat(judges.standing("LC01")).isNotEqualTo(refused);
        assertThat(ends("blocks.example")).isFalse();
    }

    @Test
    void nothingIsSaidToActWhileEnforcementIsOff() {
        killed = true;
        open(BLOCKS.blocking(NOW));
        assertThat(acting).isEmpty();
        killed = false;
        watch.look(flows, new Verdicts(judges, meters));
        assertThat(acting).containsExactly("blocks.example");
    }

    /** What stands is told before it is stored, what is over after that. */
    @Test
    void whatIsOverIsNotTakenForWhatHasBegunSince() {
        Finding finding = BLOCKS.blocking(NOW);
        watch.kept(kept(finding, Status.OPEN, 1, 1));
        watch.kept(kept(finding, Status.OPEN, 2, 1));
        watch.kept(kept(finding, Status.CLOSED, 1, 2));
        assertThat(ends("blocks.example")).as("another that has begun since").isTrue();
        watch.kept(kept(finding, Status.OPEN, 2, 3));
        watch.kept(kept(finding, Status.CLOSED, 2, 2));
        assertThat(ends("blocks.example")).as("the same, opened again").isTrue();
        watch.kept(kept(finding, Status.CLOSED, 2, 4));
        assertThat(ends("blocks.example")).isFalse();
    }

    private void open(Finding finding) {
        watch.kept(kept(finding, Status.OPEN));
    }

    private static Kept kept(Finding finding, Status status) {
        return kept(finding, status, 1, 1);
    }

    private static Kept kept(Finding finding, Status status, long number, long version) {
        return new Kept(
                finding,
                "",
                number,
                status,
                Action.ALERT,
                "",
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                new Kept.Times(NOW, NOW, NOW, 0, 0, 0),
                List.of(),
                version);
    }

    private boolean ends(String host) {
        return judges.judge(Question.atOpen(
                        new AppTag(
                                "LC01",
                                "work",
                                "com.acme.app",
                                DeviceAssurance.TAG_VERIFIED,
                                AppAssurance.DEVICE_ASSERTED),
                        Optional.of(host),
                        Optional.empty(),
                        443))
                .ends();
    }
}
