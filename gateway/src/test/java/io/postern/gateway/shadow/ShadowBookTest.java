package io.postern.gateway.shadow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.sketch.Distinct;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.e2e.TestingLog;
import io.postern.gateway.quarantine.FullDisk;
import io.postern.gateway.rules.Match;
import io.postern.gateway.rules.Precedence;
import io.postern.gateway.state.Ages;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShadowBookTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Match NO_CLOUD = new Match("no-cloud", Precedence.DENY, Action.BLOCK, Mode.SHADOW);
    private static final Match FOUND =
            new Match("AN1827", Precedence.ANALYTIC, Action.THROTTLE, Mode.ALERT).alerting("no approved baseline");

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(NOON);
    private final LongAdder errors = new LongAdder();
    private long nanos;

    private Store store() throws IOException {
        return EmbeddedStore.open(dir.resolve("store.mv"));
    }

    private ShadowBook book(Shadow shadow, Store store) throws IOException {
        return ShadowBook.open(shadow, store, Ages.open(store, "shadow", clock, () -> nanos), errors);
    }

    private Shadow kept(Store store) throws IOException {
        Shadow shadow = new Shadow(clock);
        book(shadow, store);
        return shadow;
    }

    private void pass(Duration some) {
        clock.pass(some);
        nanos += some.toNanos();
    }

    private static AppTag tag(String device, String app) {
        return new AppTag(device, "work", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
    }

    private static List<Shadow.DeviceRow> devices(Shadow shadow) {
        return shadow.byDevice(UnaryOperator.identity()).rows();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void countsGoOnWhereTheyEnded() throws IOException {
        Shadow.Report<Shadow.AppRow> before;
        try (Store store = store()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            for (int device = 0; device < 20; device++) {
                shadow.add(NO_CLOUD, tag("LC" + device, "com.acme.mail"));
            }
            shadow.add(FOUND, tag("LC01", "com.acme.dev"));
            book.save();
            before = shadow.byApp();
        }
        pass(Duration.ofHours(1));
        try (Store store = store()) {
            Shadow shadow = kept(store);
            assertThat(shadow.byApp().since()).isEqualTo(NOON);
            assertThat(shadow.byApp().rows()).isEqualTo(before.rows());
            assertThat(shadow.byDevice(UnaryOperator.identity()).rows()).hasSize(21);

            shadow.add(NO_CLOUD, tag("LC7", "com.acme.mail"));
            Shadow.AppRow row = shadow.byApp().rows().get(0);
            assertThat(row.flows()).isEqualTo(21);
            assertThat(row.devices())
                    .as("one it has counted")
                    .isEqualTo(before.rows().get(0).devices());
            assertThat(row.first()).isEqualTo(NOON);
            assertThat(row.last()).isEqualTo(NOON.plusSeconds(3_600));
            assertThat(shadow.byDevice(UnaryOperator.identity()).rows().get(0))
                    .extracting(Shadow.DeviceRow::device, Shadow.DeviceRow::flows, Shadow.DeviceRow::apps)
                    .containsExactly("LC7", 2L, 1L);
        }
    }

    @Test
    void whatDoesNotReadIsSaidAndDropped() throws IOException {
        try (Store store = store();
                TestingLog log = new TestingLog()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            shadow.add(NO_CLOUD, tag("LC02", "com.acme.mail"));
            book.save();
            Store.Table table = store.table("shadow");
            long whole = table.size();
            assertThat(whole).as("an app, two devices, since when").isEqualTo(4);
            byte[] damaged = bytes("device\0LC01\0no-cloud\0\0BLOCK\0SHADOW");
            byte[] row = table.get(damaged).orElseThrow();
            table.put(damaged, Arrays.copyOf(row, row.length - 1));
            table.put(bytes("since"), new byte[3]);
            table.put(bytes("odd"), row);
            table.put(bytes("other\0LC01\0no-cloud\0\0BLOCK\0SHADOW"), row);
            table.put(bytes("app\0com.acme.dev\0no-cloud\0\0EXPLODE\0SHADOW"), row);
            pass(Duration.ofHours(1));

            Shadow again = kept(store);
            assertThat(again.byApp())
                    .satisfies(report ->
                            assertThat(report.rows()).isEqualTo(shadow.byApp().rows()));
            assertThat(again.byDevice(UnaryOperator.identity()).rows())
                    .extracting(Shadow.DeviceRow::device)
                    .containsExactly("LC02");
            assertThat(again.byApp().since()).as("by what is left").isEqualTo(NOON);
            assertThat(table.size()).isEqualTo(2);
            assertThat(log.text()
                            .lines()
                            .filter(line -> line.contains("a count of the shadow that was stored is dropped")))
                    .hasSize(5);
        }
    }

    @Test
    void whatCannotBeStoredIsStoredTheNextTime() throws IOException {
        try (Store store = store();
                TestingLog log = new TestingLog()) {
            FullDisk disk = new FullDisk(store);
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, disk);
            shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            disk.fill(true);
            book.save();
            book.save();
            assertThat(errors.sum()).isEqualTo(2);
            log.expectOnce("counts of the shadow could not be stored, it is tried again");
            // As after a failure: what was put and not synced may be gone.
            store.table("shadow").remove(bytes("app\0com.acme.mail\0no-cloud\0\0BLOCK\0SHADOW"));

            disk.fill(false);
            book.save();
            assertThat(kept(store).byApp().rows()).isEqualTo(shadow.byApp().rows());
        }
    }

    @Test
    void aRowThatWentWhileTheDiskWasFullGoesFromItTheNextTime() throws IOException {
        try (Store store = store()) {
            FullDisk disk = new FullDisk(store);
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, disk);
            shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            book.save();
            byte[] key = bytes("device\0LC01\0no-cloud\0\0BLOCK\0SHADOW");
            byte[] row = store.table("shadow").get(key).orElseThrow();
            disk.fill(true);
            pass(Duration.ofDays(31));
            book.save();
            assertThat(shadow.size()).isZero();
            // As after a failure: what was removed and not synced may be there again.
            store.table("shadow").put(key, row);

            disk.fill(false);
            book.save();
            assertThat(kept(store).size()).isZero();
        }
    }

    @Test
    void aRowGoesWhenNothingWasAddedForAMonth() throws IOException {
        try (Store store = store()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            pass(Duration.ofDays(20));
            shadow.add(NO_CLOUD, tag("LC02", "com.acme.mail"));
            book.save();
            pass(Duration.ofDays(11));
            book.save();
            assertThat(shadow.byDevice(UnaryOperator.identity()).rows())
                    .extracting(Shadow.DeviceRow::device)
                    .containsExactly("LC02");
            assertThat(shadow.byApp().rows()).extracting(Shadow.AppRow::flows).containsExactly(2L);
            assertThat(kept(store).size()).isEqualTo(2);
        }
    }

    @Test
    void aClockThatIsFarBehindAtAStartDamagesNothing() throws IOException {
        Duration behind = Duration.ofDays(2_000);
        try (Store store = store()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            for (int flow = 0; flow < 5; flow++) {
                shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            }
            book.save();
        }
        clock.pass(behind.negated());
        try (Store store = store()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            assertThat(shadow.byApp().since()).isEqualTo(NOON);
            shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            book.save();
            clock.pass(behind);
            book.save();
            pass(Duration.ofHours(2));
            book.save();

            for (Shadow each : new Shadow[] {shadow, kept(store)}) {
                assertThat(each.byApp().since()).isEqualTo(NOON);
                assertThat(each.byApp().rows())
                        .extracting(Shadow.AppRow::flows, Shadow.AppRow::first, Shadow.AppRow::last)
                        .containsExactly(tuple(6L, NOON, NOON));
                assertThat(each.byDevice(UnaryOperator.identity()).rows()).hasSize(1);
            }
        }
    }

    @Test
    void whereSinceDoesNotReadAClockThatIsBehindDoesNotSetIt() throws IOException {
        try (Store store = store()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            pass(Duration.ofHours(1));
            shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            book.save();
            store.table("shadow").put(bytes("since"), new byte[3]);
            clock.pass(Duration.ofDays(-2_000));
            assertThat(kept(store).byApp().since()).isEqualTo(NOON.plusSeconds(3_600));
        }
    }

    @Test
    void rowsOfARuleThatIsGoneMakeRoom() throws IOException {
        Match other = new Match("no-shares", Precedence.DENY, Action.BLOCK, Mode.SHADOW);
        try (Store store = store()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            for (int device = 0; device < Shadow.MOST; device++) {
                shadow.add(NO_CLOUD, tag("LC" + device, "com.acme.mail"));
            }
            book.save();
            assertThat(devices(shadow)).as("nothing is untouched for long").hasSize(Shadow.MOST);
            assertThat(shadow.turnedAway()).isZero();

            pass(Duration.ofHours(2));
            shadow.add(NO_CLOUD, tag("LC7", "com.acme.mail"));
            book.save();
            shadow.add(other, tag("LC1", "com.acme.mail"));
            for (Shadow each : new Shadow[] {shadow, kept(store)}) {
                assertThat(devices(each))
                        .hasSizeLessThan(Shadow.MOST)
                        .anySatisfy(row -> assertThat(row)
                                .extracting(Shadow.DeviceRow::device, Shadow.DeviceRow::flows)
                                .containsExactly("LC7", 2L));
                assertThat(devices(each).stream()
                                .filter(row -> row.rule().equals("no-cloud"))
                                .mapToLong(Shadow.DeviceRow::flows)
                                .sum())
                        .as("no flow is lost")
                        .isEqualTo(Shadow.MOST + 1);
            }
            assertThat(shadow.turnedAway()).isEqualTo(Shadow.MOST / 10);
            assertThat(devices(shadow))
                    .anySatisfy(row -> assertThat(row)
                            .extracting(Shadow.DeviceRow::rule, Shadow.DeviceRow::device)
                            .containsExactly("no-shares", "LC1"));
            assertThat(devices(shadow).get(0))
                    .as("those that made room")
                    .extracting(
                            Shadow.DeviceRow::device,
                            Shadow.DeviceRow::flows,
                            Shadow.DeviceRow::apps,
                            Shadow.DeviceRow::first,
                            Shadow.DeviceRow::last)
                    .containsExactly(Shadow.OTHERS, Shadow.MOST / 10L, 1L, NOON, NOON);
        }
    }

    @Test
    void aForgottenDeviceIsNotCountedAmongThoseOfItsAppsEither() throws IOException {
        try (Store store = store()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            shadow.add(NO_CLOUD, tag("LC02", "com.acme.mail"));
            book.save();
            byte[] mail = bytes("app\0com.acme.mail\0no-cloud\0\0BLOCK\0SHADOW");
            byte[] before = store.table("shadow").get(mail).orElseThrow();
            book.forget("LC01");
            // As after a failure: what was put and not synced may be gone.
            store.table("shadow").put(mail, before);
            book.forget("LC01");
            for (Shadow each : new Shadow[] {shadow, kept(store)}) {
                assertThat(each.byApp().rows())
                        .extracting(Shadow.AppRow::flows, Shadow.AppRow::devices)
                        .containsExactly(tuple(2L, 1L));
                each.add(NO_CLOUD, tag("LC02", "com.acme.mail"));
                assertThat(each.byApp().rows().get(0).devices())
                        .as("the one that is left")
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aDeviceIsForgottenOnTheDiskToo() throws IOException {
        try (Store store = store()) {
            Shadow shadow = new Shadow(clock);
            ShadowBook book = book(shadow, store);
            shadow.add(NO_CLOUD, tag("LC01", "com.acme.mail"));
            shadow.add(FOUND, tag("LC01", "com.acme.dev"));
            shadow.add(NO_CLOUD, tag("LC011", "com.acme.mail"));
            book.save();
            assertThat(book.forget("LC01")).isEqualTo(2);
            assertThat(book.forget("LC01")).isZero();
            for (Shadow each : new Shadow[] {shadow, kept(store)}) {
                assertThat(each.byDevice(UnaryOperator.identity()).rows())
                        .extracting(Shadow.DeviceRow::device)
                        .containsExactly("LC011");
                assertThat(each.byApp().rows()).hasSize(2);
            }
        }
    }

    @Test
    void noMoreIsTakenThanThereIsRoomFor() {
        ShadowCounts counts = new ShadowCounts(1);
        byte[] row = ShadowBytes.write(new ShadowBytes.Stored(1, 0, 0, new Distinct()));
        assertThat(counts.restore(ShadowCounts.Key.of(NO_CLOUD, "LC01"), ShadowBytes.read(row)))
                .isTrue();
        assertThat(counts.restore(ShadowCounts.Key.of(NO_CLOUD, "LC02"), ShadowBytes.read(row)))
                .isTrue();
        assertThat(counts.restore(ShadowCounts.Key.of(NO_CLOUD, "LC03"), ShadowBytes.read(row)))
                .isFalse();
        assertThat(counts.size()).isEqualTo(2);
    }
}
