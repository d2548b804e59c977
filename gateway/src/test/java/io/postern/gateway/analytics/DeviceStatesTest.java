package io.postern.gateway.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.state.BusyDisk;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceStatesTest {

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Instant.parse("2026-11-22T00:00:00Z"));

    /** Not by the order of their ids: it makes room first, here and in memory. */
    @Test
    void whatWasStoredLongestAgoIsReadFirst() throws IOException {
        try (Store store = EmbeddedStore.open(dir.resolve("store"))) {
            for (String device : List.of("LC03", "LC01", "LC02")) {
                try (DeviceStates states = states(store, 3)) {
                    states.start();
                    assertThat(states.offer(device, Optional.of(new byte[] {1})))
                            .isTrue();
                }
                clock.pass(Duration.ofMinutes(1));
            }
            assertThat(read(store, 3)).containsExactly("LC03", "LC01", "LC02");
            assertThat(read(store, 2)).containsExactly("LC01", "LC02");
            assertThat(read(store, 3)).as("the other is gone").containsExactly("LC01", "LC02");
        }
    }

    @Test
    void whatIsErasedIsToldToBeOnceTheDiskHasIt() throws Exception {
        try (BusyDisk store = new BusyDisk(EmbeddedStore.open(dir.resolve("store")));
                DeviceStates states = states(store, 3)) {
            states.start();
            assertThat(states.offer("LC01", Optional.of(new byte[] {1}))).isTrue();
            CompletableFuture<Boolean> gone = new CompletableFuture<>();
            store.keepBusy();
            assertThat(states.forget("LC01", gone)).isTrue();
            store.untilAsked();
            assertThat(gone).isNotDone();
            store.free();
            assertThat(gone.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private List<String> read(Store store, int most) throws IOException {
        List<String> read = new ArrayList<>();
        states(store, most).load((device, state) -> read.add(device));
        return read;
    }

    private DeviceStates states(Store store, int most) throws IOException {
        HomeSettings settings = new HomeSettings(1, 64, most, most, Duration.ofMinutes(5), Duration.ofDays(1));
        return new DeviceStates(store, settings, clock, new LongAdder(), new LongAdder());
    }
}
