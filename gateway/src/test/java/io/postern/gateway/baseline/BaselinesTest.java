package io.postern.gateway.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.Verdict;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Cause;
import io.postern.analytics.baseline.Decision;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.baseline.Tainted;
import io.postern.analytics.baseline.Trait;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Destination;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecordBuilder;
import io.postern.gateway.records.TestingFlows;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import io.postern.gateway.state.StoreOver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is learnt of records of flows, with the real store, which fails when it is told to. */
class BaselinesTest {

    private static final String APP = "com.acme.mail";
    private static final Subject MAIL = Subject.app(APP);
    private static final Destination ACME = new Destination("api.acme.example", "acme.example", "", 443);
    private static final BaselineSettings SETTINGS =
            new BaselineSettings(1, 1, Duration.ofDays(60), Duration.ofDays(60), 64, 1_024, 4_096);

    @TempDir
    Path dir;

    private final Clock clock = Clock.fixed(TestingFlows.END, ZoneOffset.UTC);
    private final Meters meters = new Meters();
    private volatile CountDownLatch asked = new CountDownLatch(0);
    private volatile CountDownLatch answered = new CountDownLatch(0);
    private Failing store;

    @BeforeEach
    void open() throws IOException {
        store = new Failing(EmbeddedStore.open(dir.resolve("store.mv")));
    }

    @AfterEach
    void close() {
        store.close();
        meters.close();
    }

    private Baselines start() throws IOException {
        return Baselines.start(SETTINGS, store, new Around(), clock, meters);
    }

    private static FlowRecord to(String host) {
        return ended(TestingFlows.relayed().destination(Optional.of(host), 443));
    }

    private static FlowRecord ended(FlowRecordBuilder flow) {
        return flow.ended(CloseReason.UPSTREAM_CLOSED, TestingFlows.END);
    }

    private static FlowRecord judged(String host, Action action, String rule) {
        return ended(TestingFlows.judged(TestingFlows.relayed().destination(Optional.of(host), 443), action, rule));
    }

    private static Standing standing(Baselines baselines, String domain) {
        return baselines.view(MAIL).stream()
                .flatMap(view -> view.entries().stream())
                .filter(known -> known.id().equals("destination/unknown/" + domain))
                .map(Known::standing)
                .findFirst()
                .orElse(Standing.ABSENT);
    }

    @Test
    void whatCouldNotBeStoredIsStoredTheNextTime() throws Exception {
        try (Baselines baselines = start()) {
            baselines.seen(to("api.acme.example"));
            await().until(() -> standing(baselines, "acme.example") == Standing.PROPOSED);

            store.failing = true;
            baselines.save();
            store.failing = false;
        }
        try (Baselines again = start()) {
            assertThat(standing(again, "acme.example")).isEqualTo(Standing.PROPOSED);
        }
    }

    @Test
    void nothingIsForgottenNorExpiresByAClockThatIsAYearAhead() throws Exception {
        try (Baselines baselines = start()) {
            baselines.seen(to("api.acme.example"));
            baselines.seen(to("cdn.other.example"));
            await().until(() -> standing(baselines, "other.example") == Standing.PROPOSED);
            Decision yes = new Decision(
                    true,
                    "ann",
                    clock.millis(),
                    "looked at it",
                    Build.UNKNOWN,
                    clock.millis() + Duration.ofDays(90).toMillis());
            baselines.decide(MAIL, Set.of("destination/unknown/acme.example"), yes);
        }
        Clock ahead = Clock.offset(clock, Duration.ofDays(365));
        try (Baselines again = Baselines.start(SETTINGS, store, new Around(), ahead, new Meters())) {
            again.refresh();
            assertThat(standing(again, "acme.example")).isEqualTo(Standing.APPROVED);
            assertThat(standing(again, "other.example")).isEqualTo(Standing.PROPOSED);
        }
        Clock back = Clock.offset(clock, Duration.ofDays(-365));
        try (Baselines again = Baselines.start(SETTINGS, store, new Around(), back, new Meters())) {
            again.refresh();
            assertThat(standing(again, "acme.example")).isEqualTo(Standing.APPROVED);
            assertThat(standing(again, "other.example")).isEqualTo(Standing.PROPOSED);
        }
    }

    @Test
    void aDecisionThatCouldNotBeStoredHoldsAndIsStoredTheNextTime() throws Exception {
        try (Baselines baselines = start()) {
            baselines.seen(to("api.acme.example"));
            await().until(() -> standing(baselines, "acme.example") == Standing.PROPOSED);
            baselines.save();
            store.failing = true;
            Decision yes = new Decision(true, "ann", clock.millis(), "looked at it", Build.UNKNOWN, 0);
            Set<String> entry = Set.of("destination/unknown/acme.example");
            assertThatThrownBy(() -> baselines.decide(MAIL, entry, yes)).isInstanceOf(IOException.class);
            assertThat(standing(baselines, "acme.example")).isEqualTo(Standing.APPROVED);
            store.failing = false;
        }
        try (Baselines again = start()) {
            assertThat(standing(again, "acme.example")).isEqualTo(Standing.APPROVED);
        }
    }

    /** The thread that learns is held up while it holds what it learns into. */
    @Test
    void nobodyOnALoopWaitsForTheLearner() throws Exception {
        try (Baselines baselines = start()) {
            baselines.seen(to("api.acme.example"));
            await().until(() -> keys() > 0);
            double before = keys();
            asked = new CountDownLatch(1);
            answered = new CountDownLatch(1);
            baselines.seen(to("cdn.other.example"));
            asked.await();

            CompletableFuture<Double> told = CompletableFuture.supplyAsync(() -> {
                baselines.seen(to("www.third.example"));
                baselines.suspect(APP, ACME, "f-1");
                baselines.cleared(APP, ACME, "f-1");
                return keys() + baselines.snapshot().app(APP).devices();
            });
            assertThat(told).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(before);
            answered.countDown();
            await().until(() -> keys() > before);
        }
    }

    private double keys() {
        return meters.registry()
                .get("postern.analytic.keys")
                .tag("table", "baselines")
                .gauge()
                .value();
    }

    @Test
    void whatPolicyRefusesIsNotLearntAndTakesNoRoomFromWhatIsSuspect() throws Exception {
        try (Baselines baselines = start()) {
            for (int i = 0; i < 2_000; i++) {
                baselines.seen(judged("ads" + i + ".example", Action.BLOCK, "no-ads"));
            }
            baselines.seen(to("api.acme.example"));
            await().until(() -> standing(baselines, "acme.example") != Standing.ABSENT);

            Learner.View view = baselines.view(MAIL).orElseThrow();
            assertThat(standing(baselines, "acme.example")).isEqualTo(Standing.PROPOSED);
            assertThat(view.tainted()).isEmpty();
            assertThat(view.entries())
                    .filteredOn(known -> known.trait() == Trait.DESTINATION)
                    .hasSize(1);
        }
    }

    @Test
    void whatARuleWatchesIsTaintedInTheRulesName() throws Exception {
        try (Baselines baselines = start()) {
            baselines.seen(judged("api.acme.example", Action.ALERT, "watch-acme"));
            await().until(() -> standing(baselines, "acme.example") == Standing.TAINTED);

            assertThat(baselines.view(MAIL).orElseThrow().tainted())
                    .containsExactly(new Tainted(
                            "acme.example",
                            List.of(Cause.rule("watch-acme")),
                            TestingFlows.START.toEpochMilli(),
                            TestingFlows.START.toEpochMilli()));
        }
    }

    @Test
    void aFlowThatAFindingSpeaksOfIsNoRules() throws Exception {
        FlowRecord flow = ended(TestingFlows.relayed()
                .destination(Optional.of("api.acme.example"), 443)
                .judged(new Verdict(Action.ALERT, "AN1827"), List.of(), "0123456789ab"));
        try (Baselines baselines = start()) {
            baselines.suspect(APP, ACME, "f-1");
            baselines.seen(flow);
            await().until(() -> standing(baselines, "acme.example") == Standing.TAINTED);
            baselines.cleared(APP, ACME, "f-1");

            await().until(() -> standing(baselines, "acme.example") == Standing.PROPOSED);
        }
    }

    @Test
    void aFindingTaintsUntilItIsClosedAsHarmless() throws Exception {
        try (Baselines baselines = start()) {
            baselines.seen(to("api.acme.example"));
            await().until(() -> standing(baselines, "acme.example") == Standing.PROPOSED);
            baselines.suspect(APP, ACME, "f-1");
            baselines.suspect(APP, ACME, "f-2");
            await().until(() -> baselines.view(MAIL).orElseThrow().tainted().stream()
                    .anyMatch(one -> one.causes().size() == 2));
            assertThat(standing(baselines, "acme.example")).isEqualTo(Standing.TAINTED);

            baselines.cleared(APP, ACME, "f-1");
            await().until(() -> baselines.view(MAIL).orElseThrow().tainted().stream()
                    .anyMatch(one -> one.causes().equals(List.of(Cause.finding("f-2")))));
            assertThat(standing(baselines, "acme.example")).isEqualTo(Standing.TAINTED);

            baselines.cleared(APP, ACME, "f-2");
            await().until(() -> standing(baselines, "acme.example") == Standing.PROPOSED);
        }
    }

    @Test
    void anAnswerThatItWasWhatItSaidHoldsUntilItIsAnsweredOtherwise() throws Exception {
        try (Baselines baselines = start()) {
            baselines.seen(to("api.acme.example"));
            baselines.suspect(APP, ACME, "f-1");
            baselines.confirmed(APP, ACME, "f-1");
            await().until(() -> {
                baselines.refresh();
                return baselines.snapshot().app(APP).confirmed("acme.example");
            });

            baselines.suspect(APP, ACME, "f-1");
            await().until(() -> {
                baselines.refresh();
                return !baselines.snapshot().app(APP).confirmed("acme.example");
            });
            assertThat(standing(baselines, "acme.example")).isEqualTo(Standing.TAINTED);

            baselines.confirmed(APP, ACME, "f-1");
            baselines.cleared(APP, ACME, "f-1");
            await().until(() -> standing(baselines, "acme.example") == Standing.PROPOSED);
            baselines.refresh();
            assertThat(baselines.snapshot().app(APP).confirmed("acme.example")).isFalse();
        }
    }

    /** Low, or suppressed by now, it says nothing by itself. */
    @Test
    void anAnswerToAFindingThatSaysNothingElseMayBeTakenBackToo() throws Exception {
        try (Baselines baselines = start()) {
            baselines.seen(to("api.acme.example"));
            baselines.confirmed(APP, ACME, "f-1");
            await().until(() -> standing(baselines, "acme.example") == Standing.TAINTED);

            baselines.unanswered(APP, ACME, "f-1");
            await().until(() -> standing(baselines, "acme.example") == Standing.PROPOSED);
        }
    }

    /** Answers when it may. */
    private final class Around implements Surroundings {

        @Override
        public Situation situation(AppKey key, long atMillis) {
            return Situation.UNKNOWN;
        }

        @Override
        public Build build(AppTag tag, long atMillis) {
            asked.countDown();
            try {
                answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Build.UNKNOWN;
        }

        @Override
        public String category(String app) {
            return "mail";
        }
    }

    /** A store whose disk is full for a while. */
    private static final class Failing extends StoreOver {

        private volatile boolean failing;

        Failing(Store to) {
            super(to);
        }

        @Override
        public Table table(String name) throws IOException {
            return new TableOver(to.table(name)) {
                @Override
                public void put(byte[] key, byte[] value) throws IOException {
                    check();
                    super.put(key, value);
                }

                @Override
                public void remove(byte[] key) throws IOException {
                    check();
                    super.remove(key);
                }
            };
        }

        private void check() throws IOException {
            if (failing) {
                throw new IOException("no space left on device");
            }
        }

        @Override
        public void sync() throws IOException {
            check();
            to.sync();
        }
    }
}
