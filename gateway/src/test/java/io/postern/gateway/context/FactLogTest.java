package io.postern.gateway.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactLogTest {

    private static final long NOON = 1_791_547_200_000L;
    private static final long ROOM = 4_000;

    @TempDir
    Path dir;

    private Store store;
    private FactLog log;

    @BeforeEach
    void open() throws IOException {
        store = EmbeddedStore.open(dir.resolve("store.mv"));
        log = new FactLog(store, Duration.ofHours(3), ROOM);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A flood of one source, whoever sends it, is paid for with that source's own facts. */
    @Test
    void whoTellsMuchHasNobodyElsesFactsForgotten() throws IOException {
        log.append(List.of(event("a", "agent"), event("b", "agent/in-app")), NOON);
        log.append(List.of(event("c", "age")), NOON);
        for (int i = 0; i < 200; i++) {
            log.append(List.of(event("flood" + i, "lab")), NOON + 1);
            log.prune(NOON + 1);
        }
        assertThat(log.bytes()).isLessThanOrEqualTo(ROOM);
        List<String> kept = kept();
        assertThat(kept).startsWith("a", "b", "c").endsWith("flood199").doesNotContain("flood0");
        assertThat(log.crowdedOut("lab")).isEqualTo(203 - kept.size());
        assertThat(log.crowdedOut("agent")).isZero();
        assertThat(log.crowdedOut("age")).isZero();
    }

    /** It may have reached the disk or not; the source sends it again either way. */
    @Test
    void whatWasNotSyncedIsTakenBackAndTheRestCounted() throws IOException {
        log.append(List.of(event("a", "agent")), NOON);
        log.sync();
        long before = log.bytes();
        log.append(List.of(event("b", "agent"), event("c", "lab")), NOON);
        log.recover();

        assertThat(log.bytes()).isEqualTo(before);
        log.append(List.of(event("d", "lab")), NOON);
        log.sync();
        assertThat(kept()).containsExactly("a", "d");
    }

    @Test
    void whatSeveralSourcesToldIsReadInTheOrderInWhichItCame() throws IOException {
        for (int i = 0; i < 10; i++) {
            log.append(List.of(event("e" + i, List.of("lab", "agent", "mtd").get(i % 3))), NOON);
        }
        assertThat(kept()).containsExactly("e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8", "e9");
        log = reread();
        log.append(List.of(event("after", "agent")), NOON);
        assertThat(kept()).last().isEqualTo("after");
    }

    /** When the clock was ahead and is right again, what came meanwhile grows old like the rest. */
    @Test
    void whatCameWhileTheClockWasAheadGrowsOldFromNowOn() throws IOException {
        log.append(
                List.of(event("ahead", "agent")), NOON + Duration.ofDays(3_650).toMillis());
        log.append(List.of(event("too", "agent")), NOON + Duration.ofDays(3_651).toMillis());
        log.append(List.of(event("behind", "agent")), NOON);
        log.prune(NOON);
        assertThat(kept()).containsExactly("ahead", "too", "behind");
        log.prune(NOON + Duration.ofHours(4).toMillis());
        assertThat(kept()).isEmpty();
    }

    private FactLog reread() throws IOException {
        FactLog again = new FactLog(store, Duration.ofHours(3), ROOM);
        again.replay(event -> {});
        return again;
    }

    private List<String> kept() throws IOException {
        List<String> kept = new ArrayList<>();
        new FactLog(store, Duration.ofHours(3), ROOM).replay(event -> kept.add(event.id()));
        return kept;
    }

    private static ContextEvent event(String id, String source) {
        return new ContextEvent(id, NOON, "LC01", "work", Optional.empty(), new Locked(true), source, false);
    }
}
