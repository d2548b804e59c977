package io.postern.gateway.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.quarantine.FullDisk;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import io.postern.gateway.state.StoreOver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {

    private static final Instant NOON = Instant.parse("2026-10-09T12:00:00Z");

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(NOON);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("store.mv");
    }

    @Test
    void tellsWhatIsStoredAndAgainAtTheNextStart() throws Exception {
        try (Store store = EmbeddedStore.open(file);
                Intake intake = intake(store)) {
            intake.start();
            assertThat(taken(intake, "a", "b").stored()).hasSize(2);
            assertThat(taken(intake, "b", "c").duplicates())
                    .extracting(ContextEvent::id)
                    .containsExactly("b");
            assertThat(told).containsExactly("a", "b", "c");
        }
        told.clear();
        try (Store store = EmbeddedStore.open(file);
                Intake intake = intake(store)) {
            assertThat(told).containsExactly("a", "b", "c");
            intake.start();
            assertThat(taken(intake, "c").stored()).isEmpty();
        }
    }

    /** More than one body may have is written behind one sync. */
    @Test
    void allThatWaitedTogetherIsToldAgain() throws Exception {
        try (Store store = EmbeddedStore.open(file);
                Intake intake = intake(store)) {
            CompletionStage<Intake.Taken> one = intake.take(many("one")).orElseThrow();
            CompletionStage<Intake.Taken> two = intake.take(many("two")).orElseThrow();
            intake.start();
            one.toCompletableFuture().join();
            two.toCompletableFuture().join();
        }
        told.clear();
        try (Store store = EmbeddedStore.open(file);
                Intake again = intake(store)) {
            assertThat(again.working()).isTrue();
            assertThat(told).hasSize(12_000).contains("one-0", "two-5999");
        }
    }

    private List<ContextEvent> many(String name) {
        return IntStream.range(0, 6_000).mapToObj(i -> event(name + "-" + i)).toList();
    }

    @Test
    void whatIsTooOldOrTooMuchIsNotKept() throws Exception {
        try (Store store = EmbeddedStore.open(file)) {
            FactLog log = new FactLog(store, Duration.ofHours(3), 1_000);
            log.append(List.of(event("old")), clock.millis());
            clock.pass(Duration.ofHours(2));
            log.append(List.of(event("young")), clock.millis());
            clock.pass(Duration.ofHours(2));
            log.prune(clock.millis());
            assertThat(kept(store)).containsExactly("young");
            for (int i = 0; i < 20; i++) {
                log.append(List.of(event("n" + i)), clock.millis());
            }
            log.prune(clock.millis());
            assertThat(log.bytes()).isLessThanOrEqualTo(1_000);
            assertThat(kept(store)).isNotEmpty().last().isEqualTo("n19");
        }
    }

    /** Facts go by the time that passed, not by a clock that is wrong for a while, nor by what time they tell. */
    @Test
    void aClockFarAheadHasNothingForgotten() throws Exception {
        try (Store store = EmbeddedStore.open(file);
                Intake intake = intake(store)) {
            intake.start();
            taken(intake, "before");
            clock.pass(Duration.ofDays(3_650));
            taken(intake, "ahead");
        }
        told.clear();
        try (Store store = EmbeddedStore.open(file);
                Intake intake = intake(store)) {
            assertThat(told).containsExactly("before", "ahead");
        }
    }

    /** Whoever was refused sends again; it counts as new then, and is kept and told once. */
    @Test
    void whatCannotBeStoredIsNeitherToldNorAcknowledgedUntilItCan() throws Exception {
        try (FullDisk disk = new FullDisk(EmbeddedStore.open(file));
                Intake intake = intake(disk)) {
            intake.start();
            taken(intake, "before");
            disk.fill(true);
            CompletionStage<Intake.Taken> waiting =
                    intake.take(List.of(event("a"))).orElseThrow();
            assertThatThrownBy(() -> waiting.toCompletableFuture().join()).hasCauseInstanceOf(IOException.class);
            assertThat(intake.take(List.of(event("b")))).isEmpty();
            await().untilAsserted(
                            () -> assertThat(failures).as("each try is counted").hasValueGreaterThan(2));
            assertThat(intake.failing()).isTrue();
            assertThat(intake.working()).isTrue();
            assertThat(told).containsExactly("before");

            disk.fill(false);
            await().until(() -> !intake.failing());
            assertThat(taken(intake, "before", "a").stored())
                    .extracting(ContextEvent::id)
                    .containsExactly("a");
            assertThat(told).containsExactly("before", "a");
        }
        told.clear();
        try (Store store = EmbeddedStore.open(file);
                Intake again = intake(store)) {
            assertThat(told).containsExactly("before", "a");
        }
    }

    /** Somebody else who writes finds the store broken and opens it again, between what is put here and its sync. */
    @Test
    void whatAnotherOpeningLostIsNotAcknowledged() throws Exception {
        try (Reopened store = new Reopened(EmbeddedStore.open(file));
                Intake intake = intake(store)) {
            intake.start();
            store.losing = true;
            CompletionStage<Intake.Taken> waiting =
                    intake.take(List.of(event("a"))).orElseThrow();
            assertThatThrownBy(() -> waiting.toCompletableFuture().join()).hasCauseInstanceOf(IOException.class);
            assertThat(told).isEmpty();
            store.losing = false;
            await().until(() -> !intake.failing());
            assertThat(taken(intake, "a").stored()).hasSize(1);
        }
    }

    /** A store of which what is put is gone when it is asked for. */
    private static final class Reopened extends StoreOver {

        private volatile boolean losing;

        Reopened(Store to) {
            super(to);
        }

        @Override
        public Table table(String name) throws IOException {
            return new TableOver(to.table(name)) {
                @Override
                public void put(byte[] key, byte[] value) throws IOException {
                    if (!losing) {
                        super.put(key, value);
                    }
                }
            };
        }
    }

    @Test
    void whenTooMuchWaitsNothingMoreIsTaken() throws Exception {
        try (Store store = EmbeddedStore.open(file);
                Intake intake = intake(store)) {
            for (int i = 0; i < Intake.MOST_WAITING; i++) {
                assertThat(intake.take(List.of(event("e" + i)))).isPresent();
            }
            assertThat(intake.take(List.of(event("more")))).isEmpty();
            intake.start();
        }
        assertThat(told).as("what waits when it stops is stored first").hasSize(Intake.MOST_WAITING);
    }

    /** Between the look whether anything is taken and the queue, which nobody looks at any more. */
    @Test
    void whatComesInTheInstantOfItsEndIsRefused() throws Exception {
        try (Store store = EmbeddedStore.open(file);
                Intake intake = intake(store)) {
            intake.start();
            List<ContextEvent> events = new AbstractList<>() {
                @Override
                public ContextEvent get(int index) {
                    intake.close();
                    return event("late");
                }

                @Override
                public int size() {
                    return 1;
                }
            };
            CompletionStage<Intake.Taken> taken = intake.take(events).orElseThrow();
            assertThat(taken.toCompletableFuture())
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(IOException.class);
            assertThat(intake.take(List.of(event("later")))).isEmpty();
            assertThat(told).isEmpty();
        }
    }

    @Test
    void idsAreKnownForAMillionEventsAtLeast() {
        Seen seen = new Seen(1);
        for (int i = 0; i < Seen.GENERATION + Seen.GENERATION / 2; i++) {
            seen.add("agent", "e" + i);
        }
        assertThat(seen.has("agent", "e" + (Seen.GENERATION + Seen.GENERATION / 2 - 1)))
                .isTrue();
        assertThat(seen.has("agent", "e" + Seen.GENERATION / 2)).isTrue();
        assertThat(seen.has("lab", "e" + Seen.GENERATION))
                .as("ids are each source's own")
                .isFalse();
        assertThat(seen.has("agent", "x")).isFalse();
    }

    private Intake intake(Store store) throws IOException {
        return new Intake(
                new FactLog(store, Duration.ofDays(3), 1 << 24),
                1,
                clock,
                event -> told.add(event.id()),
                failures::incrementAndGet);
    }

    private List<String> kept(Store store) throws IOException {
        List<String> kept = new CopyOnWriteArrayList<>();
        new FactLog(store, Duration.ofHours(3), 1_000).replay(event -> kept.add(event.id()));
        return kept;
    }

    private Intake.Taken taken(Intake intake, String... ids) {
        return intake.take(List.of(ids).stream().map(this::event).toList())
                .orElseThrow()
                .toCompletableFuture()
                .join();
    }

    private ContextEvent event(String id) {
        return new ContextEvent(id, clock.millis(), "LC01", "work", Optional.empty(), new Locked(true), "agent", false);
    }
}
