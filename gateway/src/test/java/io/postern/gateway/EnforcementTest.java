package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.detect.Finding;
import io.postern.config.AnalyticsSettings;
import io.postern.config.AnalyticsSettings.Budget;
import io.postern.config.AnalyticsSettings.Enforcing;
import io.postern.config.AnalyticsSettings.Waiver;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.Enforcement.Lack;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.e2e.TestingFinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When findings of an analytic in {@code enforce} may act. */
class EnforcementTest {

    private static final String ANALYTIC = "AN1827";
    private static final String APP = "com.acme.app";

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T00:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path dir;

    private boolean answered = true;

    private Enforcement.Answers answers = new Enforcement.Answers(0, 0);
    private boolean killed;
    private OptionalDouble coverage = OptionalDouble.of(0.9);

    @Test
    void itMayNotWithoutAnApprovedBaseline() {
        assertThat(lack(Optional.empty(), false)).contains(Lack.BASELINE);
    }

    @Test
    void itMayNotWhereItSeesTooLittleOrNobodyKnowsYet() {
        coverage = OptionalDouble.of(0.79);
        assertThat(lack(Optional.empty(), false)).contains(Lack.COVERAGE);
        assertThat(lack(Optional.empty(), true)).contains(Lack.COVERAGE);
        coverage = OptionalDouble.empty();
        assertThat(lack(Optional.empty(), false)).contains(Lack.COVERAGE);
        assertThat(lack(Optional.empty(), true))
                .as("what acted before the start is not held up by it")
                .contains(Lack.BASELINE);
    }

    @Test
    void aWaiverStandsForBothUntilItsDayHasPassed() {
        coverage = OptionalDouble.of(0);
        assertThat(lack(waiver("2026-11-22"), false)).isEmpty();
        assertThat(lack(waiver("2026-11-21"), false)).contains(Lack.COVERAGE);
    }

    @Test
    void aWaiverStandsOnceTheAuditLogSaysWhoAnswers() throws IOException {
        answered = false;
        assertThat(lack(waiver("2099-01-01"), false)).isPresent();
        answered = true;
        assertThat(lack(waiver("2099-01-01"), false)).isEmpty();
        assertThat(Files.readString(dir.resolve("audit.ndjson")))
                .contains("analytics.enforce-without", "ciso", "until 2099-01-01; trial");
    }

    @Test
    void noWaiverStandsForTheBudget() {
        answers = new Enforcement.Answers(0.5, 9);
        assertThat(lack(waiver("2099-01-01"), false)).as("too few to say").isEmpty();
        answers = new Enforcement.Answers(0.5, 10);
        assertThat(lack(waiver("2099-01-01"), true)).contains(Lack.BUDGET);
        answers = new Enforcement.Answers(0.1, 10);
        assertThat(lack(waiver("2099-01-01"), true)).isEmpty();
    }

    @Test
    void whatIsToldIsWhatIsDoneNow() {
        Finding finding = TestingFinding.of("LC01").by(ANALYTIC).blocking(CLOCK.millis());
        Enforcement enforcement = enforcement(waiver("2099-01-01"));
        assertThat(enforcement.words(finding, false)).isEqualTo("ends its flows");
        assertThat(enforcement.action(finding, false)).isEqualTo(Action.BLOCK);
        killed = true;
        assertThat(enforcement.words(finding, false)).startsWith("alerts").endsWith("kill switch on");
        assertThat(enforcement.action(finding, false)).isEqualTo(Action.ALERT);
        killed = false;
        answers = new Enforcement.Answers(0.5, 10);
        assertThat(enforcement(waiver("2099-01-01")).words(finding, true)).startsWith("alerts");
    }

    private AuditLog audit() {
        try {
            return AuditLog.open(dir.resolve("audit.ndjson"), result -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Waiver> waiver(String until) {
        return Optional.of(new Waiver("trial", "ciso", LocalDate.parse(until)));
    }

    private Optional<Lack> lack(Optional<Waiver> without, boolean acted) {
        return enforcement(without).lack(ANALYTIC, APP, acted);
    }

    private Enforcement enforcement(Optional<Waiver> without) {
        AnalyticsSettings settings = new AnalyticsSettings(
                Map.of(ANALYTIC, Mode.ENFORCE),
                Settings.DEFAULTS,
                Map.of(ANALYTIC, new Enforcing(Action.BLOCK, 16 << 10, 0.8, without)),
                new Budget(0.1, 10),
                0);
        Waivers waivers = new Waivers(settings, CLOCK);
        if (answered) {
            waivers.tell(audit());
        }
        Enforcement enforcement = new Enforcement(settings, waivers, () -> killed);
        enforcement.refresh(new Enforcement.Sources() {
            @Override
            public Enforcement.Answers answers(String analytic) {
                return answers;
            }

            @Override
            public OptionalDouble coverage(String analytic) {
                return coverage;
            }

            @Override
            public Baseline baseline() {
                return Baseline.EMPTY;
            }
        });
        return enforcement;
    }
}
