package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Decision;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.baseline.Trait;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Policy;
import io.postern.gateway.analytics.HomeSettings;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.analytics.TestingHunch;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.baseline.Surroundings;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.TestingFlows;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnowledgeWatchTest {

    private static final String APP = "com.acme.mail";
    private static final Subject MAIL = Subject.app(APP);
    private static final Set<String> ENTRY = Set.of("destination/unknown/acme.example");
    private static final BaselineSettings SETTINGS =
            new BaselineSettings(1, 1, Duration.ofDays(60), Duration.ofDays(60), 64, 1_024, 4_096);

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(TestingFlows.END);
    private final List<Baseline> handed = new ArrayList<>();

    @Test
    void aDecisionOfABaselineIsHandedOverAtTheNextLookAndElseByTheTenMinutes() throws Exception {
        try (Meters meters = new Meters();
                Store store = EmbeddedStore.open(dir.resolve("store"));
                Baselines baselines = Baselines.start(SETTINGS, store, new Nowhere(), clock, meters);
                Homes homes = Homes.open(
                        HomeSettings.DEFAULTS,
                        seed -> new TestingHunch(TestingHunch.hearing(), 5),
                        name -> "",
                        finding -> {},
                        store,
                        clock,
                        meters)) {
            baselines.seen(TestingFlows.relayed()
                    .destination(Optional.of("api.acme.example"), 443)
                    .ended(CloseReason.UPSTREAM_CLOSED, TestingFlows.END));
            await().until(() -> baselines.view(MAIL).isPresent());
            baselines.refresh();
            KnowledgeWatch watch = watch(baselines);
            watch.look(homes);
            watch.look(homes);
            assertThat(handed).hasSize(1);
            String first = watch.version();
            assertThat(first)
                    .as("what findings say that they rest on")
                    .endsWith(" of " + clock.instant().truncatedTo(ChronoUnit.SECONDS));

            for (boolean approved : List.of(true, false)) {
                baselines.decide(
                        MAIL, ENTRY, new Decision(approved, "ann", clock.millis(), "looked", Build.UNKNOWN, 0));
                watch.look(homes);
                watch.look(homes);
            }
            assertThat(handed)
                    .hasSize(3)
                    .extracting(known -> known.app(APP)
                            .find(Trait.DESTINATION, "acme.example", Situation.UNKNOWN)
                            .standing())
                    .endsWith(Standing.APPROVED, Standing.REJECTED);

            clock.pass(Duration.ofMinutes(9));
            watch.look(homes);
            assertThat(handed).hasSize(3);
            clock.pass(Duration.ofMinutes(1));
            watch.look(homes);
            assertThat(handed).hasSize(4);
            assertThat(watch.version())
                    .isNotEqualTo(first)
                    .endsWith(" of " + clock.instant().truncatedTo(ChronoUnit.SECONDS));
        }
    }

    @Test
    void whereNothingWasLearntFindingsRestOnNone() throws Exception {
        try (Meters meters = new Meters();
                Store store = EmbeddedStore.open(dir.resolve("store"));
                Baselines baselines = Baselines.start(SETTINGS, store, new Nowhere(), clock, meters);
                Homes homes = Homes.open(
                        HomeSettings.DEFAULTS,
                        seed -> new TestingHunch(TestingHunch.hearing(), 5),
                        name -> "",
                        finding -> {},
                        store,
                        clock,
                        meters)) {
            KnowledgeWatch watch = watch(baselines);
            watch.look(homes);
            assertThat(watch.version()).isEmpty();
        }
    }

    private KnowledgeWatch watch(Baselines baselines) {
        Judges judges =
                new Judges(new EgressRanges(List.of(), List.of(), OwnAddresses.NONE), new Rules(Policy.EMPTY), clock);
        return new KnowledgeWatch(
                judges,
                () -> {
                    handed.add(baselines.snapshot());
                    return baselines.snapshot();
                },
                baselines::decisions,
                3,
                List.of(),
                tag -> Build.UNKNOWN,
                clock);
    }

    private static final class Nowhere implements Surroundings {

        @Override
        public Situation situation(AppKey key, long atMillis) {
            return Situation.UNKNOWN;
        }

        @Override
        public Build build(AppTag tag, long atMillis) {
            return Build.UNKNOWN;
        }

        @Override
        public String category(String app) {
            return "";
        }
    }
}
