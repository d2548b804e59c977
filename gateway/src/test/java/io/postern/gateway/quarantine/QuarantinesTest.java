package io.postern.gateway.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.ResponseSettings;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.e2e.TestingOrigin;
import io.postern.gateway.quarantine.Quarantines.Result;
import io.postern.gateway.quarantine.Quarantines.Wish;
import io.postern.gateway.state.Ages;
import io.postern.gateway.state.BusyDisk;
import io.postern.gateway.state.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is contained, by whose word, and for how long. */
class QuarantinesTest {

    private static final ResponseSettings.Quarantine SETTINGS =
            new ResponseSettings.Quarantine(Duration.ofHours(1), Duration.ofHours(3), 3, 8, "Ask Bob.", List.of());
    private static final AppTag MAIL = tag("LC01", "work", "com.acme.mail");

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Instant.parse("2026-11-21T08:00:00Z"));
    private final List<Result> results = new CopyOnWriteArrayList<>();
    private FullDisk store;
    /** Milliseconds that the wall clock is wrong by, so that the other does not go with it. */
    private final AtomicLong wrong = new AtomicLong();

    private Quarantines quarantines;

    @BeforeEach
    void open() throws IOException {
        store = new FullDisk(EmbeddedStore.open(dir.resolve("store.mv")));
        quarantines = Quarantines.open(SETTINGS, store, clock, this::nanos, results::add);
    }

    private long nanos() {
        return (clock.millis() - wrong.get()) * 1_000_000;
    }

    /** The wall clock alone. */
    private void jump(Duration some) {
        clock.pass(some);
        wrong.addAndGet(some.toMillis());
    }

    @AfterEach
    void close() {
        quarantines.close();
        store.close();
    }

    private void again() throws IOException {
        close();
        open();
    }

    private static AppTag tag(String device, String profile, String app) {
        return new AppTag(device, profile, app, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
    }

    private static Scope scope(String device, String profile, String app) {
        return new Scope(
                device,
                Optional.of(profile).filter(text -> !text.isEmpty()),
                Optional.of(app).filter(text -> !text.isEmpty()));
    }

    private Quarantine contain(Scope scope, Optional<Duration> ttl, boolean sticky) throws IOException {
        return quarantines
                .contain(new Wish(scope, "ann", "looks odd", ttl, sticky))
                .orElseThrow()
                .now();
    }

    private Quarantine contain(Scope scope) throws IOException {
        return contain(scope, Optional.empty(), false);
    }

    private boolean holds(AppTag tag) {
        return quarantines.of(tag, clock.instant()).isPresent();
    }

    /** A rule's word, taken. */
    private void hit(AppTag tag, String rule, Result as) {
        long before = count(as);
        quarantines.hit(tag, rule);
        await().atMost(Duration.ofSeconds(30)).until(() -> count(as) == before + 1);
    }

    private long count(Result as) {
        return results.stream().filter(as::equals).count();
    }

    @Test
    void thoseThatWereOverLongAgoAreForgottenOnTheDiskToo() throws IOException {
        close();
        ResponseSettings.Quarantine kept = new ResponseSettings.Quarantine(
                Duration.ofHours(1), Duration.ofHours(3), 3, 8, "Ask Bob.", List.of(), List.of(), Duration.ofDays(2));
        store = new FullDisk(EmbeddedStore.open(dir.resolve("store.mv")));
        quarantines = Quarantines.open(kept, store, clock, this::nanos, results::add);
        Quarantine first = contain(scope("LC01", "", ""));
        quarantines.release(first.id(), "ann", "over");
        clock.pass(Duration.ofDays(1));
        Quarantine second = contain(scope("LC02", "", ""));
        quarantines.release(second.id(), "ann", "over");
        quarantines.look();
        assertThat(quarantines.ended()).hasSize(2);

        clock.pass(Duration.ofHours(25));
        store.fill(true);
        quarantines.look();
        assertThat(quarantines.ended()).as("while the disk is full").hasSize(2);
        store.fill(false);
        quarantines.look();
        assertThat(quarantines.ended()).extracting(Quarantine::id).containsExactly(second.id());
        again();
        assertThat(quarantines.ended()).extracting(Quarantine::id).containsExactly(second.id());
    }

    @Test
    void ofADeviceNothingIsKnownAnyMoreButWhatStands() throws IOException {
        Quarantine over = contain(scope("LC01", "", ""));
        quarantines.release(over.id(), "ann", "over");
        Quarantine other = contain(scope("LC02", "", ""));
        quarantines.release(other.id(), "ann", "over");
        contain(scope("LC01", "work", ""));
        assertThat(quarantines.forget("LC01")).isEqualTo(1);

        again();
        assertThat(quarantines.ended()).extracting(Quarantine::id).containsExactly(other.id());
        assertThat(holds(MAIL)).isTrue();
    }

    @Test
    void eachScopeHoldsWhatItNames() throws IOException {
        contain(scope("LC01", "work", "com.acme.mail"));
        contain(scope("LC02", "work", ""));
        contain(scope("LC03", "", ""));
        contain(scope("LC04", "", "com.acme.mail"));

        assertThat(holds(MAIL)).isTrue();
        assertThat(holds(tag("LC01", "work", "com.acme.chat"))).isFalse();
        assertThat(holds(tag("LC01", "10", "com.acme.mail"))).isFalse();
        assertThat(holds(tag("LC02", "work", "-"))).isTrue();
        assertThat(holds(tag("LC02", "10", "-"))).isFalse();
        assertThat(holds(tag("LC03", "10", "com.acme.any"))).isTrue();
        assertThat(holds(tag("LC04", "10", "com.acme.mail"))).isTrue();
        assertThat(holds(tag("LC04", "10", "com.acme.chat"))).isFalse();
        assertThat(holds(tag("LC05", "work", "com.acme.mail"))).isFalse();
        assertThat(holds(tag("LC01", "work", "com.acme.chat+com.acme.mail")))
                .as("either of one UID may be the one")
                .isTrue();
        assertThat(quarantines.count(Scope.Kind.APP)).isEqualTo(2);
        assertThat(quarantines.of(MAIL, clock.instant()).orElseThrow().words())
                .isEqualTo("In quarantine: this app on this device. looks odd\nHelp: Ask Bob.");
    }

    @Test
    void itEndsWithItsTimeAndIsRememberedAfterwards() throws IOException {
        Quarantine one = contain(scope("LC01", "work", "com.acme.mail"));
        clock.pass(Duration.ofMinutes(59));
        quarantines.look();
        assertThat(holds(MAIL)).isTrue();
        clock.pass(Duration.ofMinutes(1));
        assertThat(holds(MAIL)).as("before anybody has looked").isFalse();
        quarantines.look();

        assertThat(quarantines.standing()).isEmpty();
        assertThat(quarantines.count(Scope.Kind.APP)).isZero();
        again();
        assertThat(quarantines.find(one.id()).orElseThrow().end().orElseThrow().actor())
                .isEmpty();
    }

    @Test
    void whatStandsAndWhatIsReleasedIsKeptOverARestart() throws IOException {
        Quarantine sticky = contain(scope("LC01", "", ""), Optional.empty(), true);
        Quarantine brief = contain(scope("LC02", "", ""), Optional.of(Duration.ofMinutes(5)), false);
        Quarantine over = contain(scope("LC03", "", ""));
        quarantines.release(over.id(), "bob", "harmless");
        again();

        assertThat(quarantines.standing()).containsExactlyInAnyOrder(sticky, brief);
        clock.pass(Duration.ofDays(1_000));
        quarantines.look();
        assertThat(quarantines.standing()).containsExactly(sticky);
        Quarantine.End end = quarantines.find(over.id()).orElseThrow().end().orElseThrow();
        assertThat(end.actor() + " " + end.reason()).isEqualTo("bob harmless");
        assertThat(quarantines
                        .release(over.id(), "eve", "again")
                        .orElseThrow()
                        .over()
                        .end())
                .as("once over it stays as it ended")
                .contains(end);
        assertThat(quarantines.release("q-0", "eve", "again")).isEmpty();
    }

    @Test
    void askingAgainNeverMakesItShorterAndNothingLastsLongerThanItMay() throws IOException {
        Scope scope = scope("LC01", "", "");
        Quarantine first = contain(scope, Optional.of(Duration.ofDays(30)), false);
        assertThat(first.untilMillis() - first.sinceMillis())
                .isEqualTo(Duration.ofHours(3).toMillis());
        Quarantine again = contain(scope, Optional.of(Duration.ofMinutes(1)), false);
        assertThat(again).isEqualTo(first);
        assertThat(contain(scope, Optional.empty(), true).sticky()).isTrue();
        assertThat(contain(scope, Optional.empty(), false).sticky()).isTrue();
        assertThat(quarantines.standing()).hasSize(1);
    }

    @Test
    void aRuleThatHitsAgainMakesItLongerUpToTheLongest() {
        hit(MAIL, "r", Result.BEGUN);
        Quarantine begun = quarantines.standing().get(0);
        assertThat(begun.actor()).isEqualTo("rule:r");
        for (int i = 0; i < 2; i++) {
            clock.pass(Duration.ofMinutes(50));
            hit(MAIL, "r", Result.EXTENDED);
        }
        Quarantine extended = quarantines.standing().get(0);
        assertThat(extended.id()).isEqualTo(begun.id());
        assertThat(extended.hits()).isEqualTo(2);
        assertThat(extended.untilMillis())
                .isEqualTo(clock.millis() + Duration.ofHours(1).toMillis());
        clock.pass(Duration.ofMinutes(50));
        hit(MAIL, "r", Result.EXTENDED);
        assertThat(quarantines.standing().get(0).untilMillis())
                .isEqualTo(begun.sinceMillis() + Duration.ofHours(3).toMillis());
    }

    @Test
    void aRuleThatHitsMakesNothingLongerThatAPersonHasSaid() throws IOException {
        Quarantine said = contain(scope("LC01", "", ""), Optional.of(Duration.ofMinutes(5)), false);
        clock.pass(Duration.ofMinutes(4));
        quarantines.hit(MAIL, "r");
        hit(tag("LC02", "work", "com.acme.mail"), "r", Result.BEGUN);
        assertThat(quarantines.standing()).contains(said).hasSize(2);
    }

    @Test
    void rulesContainNoMoreThanTheyMayInAnHourOverARestartToo() throws IOException {
        for (int i = 1; i <= 3; i++) {
            hit(tag("LC0" + i, "work", "com.acme.mail"), "bad", Result.BEGUN);
        }
        hit(tag("LC04", "work", "com.acme.mail"), "bad", Result.OVER_LIMIT);
        assertThat(quarantines.begunByRules()).isEqualTo(3);
        assertThat(quarantines.standing()).hasSize(3);
        quarantines.release(quarantines.standing().get(0).id(), "bob", "harmless");
        again();
        hit(tag("LC05", "work", "com.acme.mail"), "bad", Result.OVER_LIMIT);
        contain(scope("LC06", "", ""));
        assertThat(quarantines.begunByRules()).as("people's do not count").isEqualTo(3);
        clock.pass(Duration.ofMinutes(61));
        assertThat(quarantines.begunByRules()).isZero();
        hit(tag("LC07", "work", "com.acme.mail"), "bad", Result.BEGUN);
    }

    /** Who can pass for a neighbour must not have the neighbour contained. */
    @ParameterizedTest
    @EnumSource(DeviceAssurance.class)
    void aRuleContainsOnlyWhoHasProvedWhoTheyAre(DeviceAssurance assurance) {
        AppTag tag = new AppTag("LC01", "work", "com.acme.mail", assurance, AppAssurance.DEVICE_ASSERTED);
        boolean proven =
                switch (assurance) {
                    case MTLS_BOUND, TAG_VERIFIED, TUNNEL_KEY, CONCENTRATOR -> true;
                    case ADDRESS, NONE, INVALID -> false;
                };
        hit(tag, "r", proven ? Result.BEGUN : Result.UNPROVEN);
        assertThat(holds(tag)).isEqualTo(proven);
    }

    @Test
    void aFullTableRefusesAndDropsNoneThatStands() throws IOException {
        for (int i = 0; i < SETTINGS.entries(); i++) {
            contain(scope("LC0" + i, "", ""));
        }
        assertThat(quarantines.contain(new Wish(scope("LC99", "", ""), "ann", "r", Optional.empty(), false)))
                .isEmpty();
        hit(tag("LC98", "work", "com.acme.mail"), "r", Result.FULL);
        assertThat(quarantines.standing()).hasSize(SETTINGS.entries());
        assertThat(contain(scope("LC01", "", ""), Optional.empty(), true).sticky())
                .isTrue();
    }

    @Test
    void oneThatIsOverMakesWayBeforeAnybodyHasLooked() throws IOException {
        Quarantine first = contain(scope("LC01", "", ""));
        clock.pass(Duration.ofHours(1));
        Quarantine second = contain(scope("LC01", "", ""));
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(quarantines.find(first.id()).orElseThrow().end()).isPresent();
        assertThat(quarantines.count(Scope.Kind.DEVICE)).isEqualTo(1);
        again();
        assertThat(quarantines.standing()).containsExactly(second);
    }

    @Test
    void whoeverCutsFlowsIsToldWhoseOnceItHolds() throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        quarantines.whenChanged(devices -> {
            if (devices.contains("LC01")) {
                told.add(Boolean.toString(holds(MAIL)));
            }
        });
        Quarantine one = contain(scope("LC01", "", ""));
        quarantines.release(one.id(), "bob", "harmless");
        assertThat(told).containsExactly("true", "false");
    }

    @Test
    void itHoldsWhileTheDiskIsBusyAndEndsOnceThatIsStored() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (BusyDisk busy = new BusyDisk(EmbeddedStore.open(dir.resolve("busy.mv")));
                Quarantines all = Quarantines.open(SETTINGS, busy, clock, this::nanos, results::add)) {
            all.whenTold(one -> told.add(one.scope().device()));
            busy.keepBusy();
            Wish wish = new Wish(scope("LC01", "", ""), "bob", "odd", Optional.empty(), false);
            CompletableFuture<Void> asked = TestingOrigin.behind(() -> all.contain(wish));
            await().until(() -> all.of(MAIL, clock.instant()).isPresent());
            assertThat(asked).as("not acknowledged").isNotDone();
            assertThat(told).isEmpty();
            busy.free();
            asked.get(30, TimeUnit.SECONDS);
            assertThat(told).containsExactly("LC01");

            busy.keepBusy();
            String id = all.standing().get(0).id();
            CompletableFuture<Void> released = TestingOrigin.behind(() -> all.release(id, "bob", "harmless"));
            busy.untilAsked();
            assertThat(all.of(MAIL, clock.instant())).isPresent();
            busy.free();
            released.get(30, TimeUnit.SECONDS);
            assertThat(all.of(MAIL, clock.instant())).isEmpty();
        }
    }

    @Test
    void whatCouldNotBeStoredIsNotStoredLaterEither() throws IOException {
        Quarantine over = contain(scope("LC01", "", ""));
        clock.pass(Duration.ofHours(2));
        store.fill(true);
        assertThatThrownBy(() -> contain(scope("LC01", "", ""))).isInstanceOf(IOException.class);
        assertThat(holds(MAIL)).isFalse();
        assertThat(quarantines.ended()).isEmpty();
        store.fill(false);
        contain(scope("LC02", "", ""));
        again();

        assertThat(quarantines.standing())
                .extracting(one -> one.scope().device())
                .containsExactly("LC02");
        quarantines.look();
        assertThat(quarantines.ended()).extracting(Quarantine::id).containsExactly(over.id());
    }

    @Test
    void ofOneScopeTheLastStandsAfterAStart() throws IOException {
        Quarantine first = contain(scope("LC01", "", ""), Optional.empty(), true);
        clock.pass(Duration.ofSeconds(1));
        Quarantine last = new Quarantine(
                "q-0123456789abcdef",
                first.scope(),
                "bob",
                false,
                "r",
                clock.millis(),
                Quarantine.FOREVER,
                0,
                Optional.empty());
        new QuarantineStore(store, Ages.open(store, "test", clock)).save(List.of(last));
        again();
        assertThat(quarantines.standing()).containsExactly(last);
        quarantines.release(last.id(), "bob", "harmless");
        again();
        assertThat(quarantines.standing()).isEmpty();
    }

    @Test
    void aFullDiskKeepsNobodyFromReleasing() throws IOException {
        Quarantine one = contain(scope("LC01", "", ""));
        store.fill(true);
        assertThat(quarantines
                        .release(one.id(), "bob", "harmless")
                        .orElseThrow()
                        .stored())
                .isFalse();

        assertThat(holds(MAIL)).isFalse();
        assertThat(count(Result.NOT_STORED)).isEqualTo(1);
        assertThat(quarantines.find(one.id()).orElseThrow().end().orElseThrow().actor())
                .isEqualTo("bob");
        store.fill(false);
        again();
        assertThat(holds(MAIL)).as("as was told").isTrue();
    }

    @Test
    void aWallClockThatJumpsEndsNothingForAnHour() throws IOException {
        contain(scope("LC01", "", ""));
        jump(Duration.ofHours(7));
        quarantines.look();
        assertThat(holds(MAIL)).isTrue();
        again();
        assertThat(holds(MAIL)).as("after a start either").isTrue();
        clock.pass(Duration.ofMinutes(61));
        quarantines.look();
        assertThat(holds(MAIL)).isFalse();
    }

    @Test
    void oneBegunByAClockThatWasAheadLastsNoLongerThanItWasTo() throws IOException {
        jump(Duration.ofHours(5));
        contain(scope("LC01", "", ""));
        jump(Duration.ofHours(-5));
        quarantines.look();
        assertThat(quarantines.standing().get(0).untilMillis())
                .isEqualTo(clock.millis() + Duration.ofHours(1).toMillis());
        clock.pass(Duration.ofMinutes(59));
        quarantines.look();
        assertThat(holds(MAIL)).isTrue();
        clock.pass(Duration.ofMinutes(2));
        quarantines.look();
        assertThat(holds(MAIL)).isFalse();
    }

    @Test
    void oneBegunByAClockThatWasAheadLastsNoLongerOverARestartEither() throws IOException {
        jump(Duration.ofHours(5));
        contain(scope("LC01", "", ""));
        close();
        jump(Duration.ofHours(-5));
        open();
        quarantines.look();
        clock.pass(Duration.ofMinutes(61));
        quarantines.look();
        assertThat(holds(MAIL)).isFalse();
    }

    @Test
    void whatCouldNotBeStoredIsStoredOnceItCanBe() throws IOException {
        Quarantine one = contain(scope("LC01", "", ""));
        KillSwitch killSwitch = new KillSwitch(false, store, clock);
        store.fill(true);
        quarantines.release(one.id(), "bob", "harmless");
        killSwitch.turn(true, "ann", "a bad rule");
        hit(tag("LC02", "work", "com.acme.mail"), "bad", Result.BEGUN);
        quarantines.look();
        killSwitch.look();
        assertThat(killSwitch.unstored()).isTrue();
        store.fill(false);
        quarantines.look();
        killSwitch.look();

        assertThat(killSwitch.unstored()).isFalse();
        assertThat(new KillSwitch(false, store, clock).on()).isTrue();
        again();
        assertThat(holds(MAIL)).isFalse();
        assertThat(holds(tag("LC02", "work", "com.acme.mail"))).isTrue();
        assertThat(quarantines.ended()).extracting(Quarantine::id).containsExactly(one.id());
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void aClockThatIsSetNeitherLiftsNorKeepsWhatRulesMayContain(int hours) {
        for (int i = 1; i <= 3; i++) {
            hit(tag("LC0" + i, "work", "com.acme.mail"), "bad", Result.BEGUN);
        }
        jump(Duration.ofHours(hours));
        assertThat(quarantines.begunByRules()).isEqualTo(3);
        hit(tag("LC04", "work", "com.acme.mail"), "bad", Result.OVER_LIMIT);
        clock.pass(Duration.ofMinutes(61));
        hit(tag("LC04", "work", "com.acme.mail"), "bad", Result.BEGUN);
    }

    @Test
    void oneDeviceDoesNotUseUpWhatRulesMayContain() {
        HourlyCap cap = new HourlyCap(20, this::nanos);
        for (int i = 0; i < 5; i++) {
            assertThat(cap.take("LC01")).isTrue();
        }
        assertThat(cap.take("LC01")).isFalse();
        assertThat(cap.take("LC02")).isTrue();
        clock.pass(Duration.ofHours(1));
        assertThat(cap.take("LC01")).isTrue();
        assertThat(new HourlyCap(0, this::nanos).take("LC01")).isFalse();
    }

    @Test
    void theKillSwitchIsTurnedOnAFullDiskToo() throws IOException {
        KillSwitch first = new KillSwitch(false, store, clock);
        store.fill(true);
        assertThat(first.turn(true, "ann", "a bad rule")).isFalse();
        assertThat(first.on()).isTrue();
        assertThat(first.unstored()).isTrue();
        store.fill(false);
        assertThat(first.turn(true, "ann", "again")).isTrue();
        assertThat(first.unstored()).isFalse();
    }

    @Test
    void theKillSwitchIsKeptOverARestart() throws IOException {
        KillSwitch first = new KillSwitch(false, store, clock);
        assertThat(first.on()).isFalse();
        first.turn(true, "ann", "a bad rule");
        assertThat(new KillSwitch(false, store, clock).on()).isTrue();
        assertThat(new KillSwitch(false, store, clock).state().reason()).isEqualTo("a bad rule");
        first.turn(false, "ann", "mended");
        assertThat(new KillSwitch(false, store, clock).on()).isFalse();
        assertThat(new KillSwitch(true, store, clock).on()).isTrue();
    }
}
