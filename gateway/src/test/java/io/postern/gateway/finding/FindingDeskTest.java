package io.postern.gateway.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Conclusion;
import io.postern.analytics.finding.FindingBook;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Review;
import io.postern.analytics.finding.Status;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.e2e.TestingFinding;
import io.postern.gateway.e2e.TestingOrigin;
import io.postern.gateway.state.BusyDisk;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real store, by a clock that jumps. */
class FindingDeskTest {

    private static final TestingFinding OPEN = TestingFinding.of("LC01");
    private static final TestingFinding HARMLESS = TestingFinding.of("LC01").to("cdn.acme.example");

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Instant.parse("2026-11-21T12:00:00Z"));

    @Test
    void aJumpOfTheClockEndsNothingNorDoesAStartByAClockThatIsAhead() throws Exception {
        try (Store store = EmbeddedStore.open(dir.resolve("store"))) {
            try (FindingDesk desk = AnsweringProcess.desk(store, dir, clock)) {
                desk.accept(word(OPEN));
                desk.accept(word(HARMLESS));
                await().until(() -> desk.find(HARMLESS.uid()).isPresent());
                close(desk);
                clock.pass(Duration.ofDays(200));
                goesOn(desk);
            }
            try (FindingDesk desk = AnsweringProcess.desk(store, dir, clock)) {
                goesOn(desk);
                clock.pass(Duration.ofDays(-400));
                goesOn(desk);
            }
        }
    }

    @Test
    void whatStandsActsWhileTheDiskIsBusyAndIsToldOnceItIsStored() throws Exception {
        List<String> acting = new CopyOnWriteArrayList<>();
        List<String> told = new CopyOnWriteArrayList<>();
        try (BusyDisk store = new BusyDisk(EmbeddedStore.open(dir.resolve("store")))) {
            try (FindingDesk desk = AnsweringProcess.desk(store, dir, clock)) {
                desk.whenActing(kept -> acting.add(kept.uid()));
                desk.whenTold(each -> each.kept().ifPresent(kept -> told.add(kept.uid())));
                store.keepBusy();
                desk.accept(word(OPEN));
                store.untilAsked();
                // The first one waits for the disk; the next one does not wait for it.
                desk.accept(word(HARMLESS));
                await().until(() -> acting.equals(List.of(OPEN.uid(), HARMLESS.uid())));
                assertThat(told).isEmpty();
                store.free();
                await().until(() -> told.equals(List.of(OPEN.uid(), HARMLESS.uid())));
            }
            try (FindingDesk desk = AnsweringProcess.desk(store, dir, clock)) {
                assertThat(desk.list(any -> true, Long.MAX_VALUE, 10)).hasSize(2);
            }
        }
    }

    @Test
    void whatIsOverActsUntilThatIsStored() throws Exception {
        List<Status> acting = new CopyOnWriteArrayList<>();
        try (BusyDisk store = new BusyDisk(EmbeddedStore.open(dir.resolve("store")));
                FindingDesk desk = AnsweringProcess.desk(store, dir, clock)) {
            desk.accept(word(HARMLESS));
            await().until(() -> desk.find(HARMLESS.uid()).isPresent());
            desk.whenActing(kept -> acting.add(kept.status()));
            store.keepBusy();
            CompletableFuture<Void> answered = TestingOrigin.behind(() -> close(desk));
            store.untilAsked();
            assertThat(acting).isEmpty();
            assertThat(answered).isNotDone();
            store.free();
            answered.get(30, TimeUnit.SECONDS);
            assertThat(acting).containsExactly(Status.CLOSED);
        }
    }

    private void goesOn(FindingDesk desk) {
        desk.look();
        assertThat(desk.find(OPEN.uid()).map(Kept::status)).contains(Status.OPEN);
        assertThat(desk.find(HARMLESS.uid()).map(Kept::status)).contains(Status.CLOSED);
        assertThat(desk.silence(word(HARMLESS))).isPresent();
    }

    private void close(FindingDesk desk) throws Exception {
        Review review = new Review(Status.CLOSED, Optional.of(Conclusion.BENIGN), "known", "vera", clock.millis());
        assertThat(desk.review(HARMLESS.uid(), review, OptionalLong.empty())).isEqualTo(FindingBook.Reviewed.DONE);
    }

    private Finding word(TestingFinding what) {
        return what.at(clock.millis());
    }
}
