package io.postern.gateway.context;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.config.Bind;
import io.postern.config.ContextSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeviceContextsTest {

    private static final long NOON = 1_791_547_200_000L;

    private final DeviceContexts contexts = new DeviceContexts(settings());
    private int ids;

    /** Whoever has lab's credential names devices that are not; the agent's are as many as its share. */
    @Test
    void whoNamesDevicesWithoutNumberHasNobodyElsesForgotten() {
        IntStream.range(0, 50).forEach(i -> tell("agent", "LC" + i));
        IntStream.range(0, 10_000).forEach(i -> tell("lab", "fake" + i));
        assertThat(known("LC")).isEqualTo(50);
        assertThat(contexts.size()).isEqualTo(100);
        assertThat(contexts.evicted()).isEqualTo(9_950L);
        assertThat(contexts.crowdedOut("lab")).isEqualTo(9_950L);
        assertThat(contexts.crowdedOut("agent")).isZero();
    }

    @Test
    void whoFillsTheTableGivesToOthersTheirShareAndNoMore() {
        IntStream.range(0, 100).forEach(i -> tell("agent", "LC" + i));
        IntStream.range(0, 10_000).forEach(i -> tell("lab", "fake" + i));
        assertThat(known("LC")).isBetween(49L, 51L);
        assertThat(contexts.of("LC99", device -> true))
                .as("those silent longest go first")
                .isPresent();
        assertThat(contexts.of("LC0", device -> true)).isEmpty();
    }

    /** Being the first to name a device, or naming one that another tells of, moves no one's device out. */
    @Test
    void aDeviceTakesRoomOfTheSourceThatHasFewest() {
        IntStream.range(0, 40).forEach(i -> tell("lab", "LC" + i));
        IntStream.range(0, 40).forEach(i -> tell("agent/in-app", "LC" + i));
        IntStream.range(0, 10_000).forEach(i -> {
            tell("lab", "fake" + i);
            tell("agent", "LC" + i % 40);
        });
        assertThat(known("LC")).isEqualTo(40);
        assertThat(contexts.crowdedOut("agent")).isZero();
    }

    @Test
    void anAppThatWasUsedTakesNoRoom() {
        contexts.tell(new ContextEvent(
                "e",
                NOON,
                "LC01",
                "work",
                Optional.of(new ContextEvent.App("com.acme.mail", OptionalLong.empty(), OptionalLong.empty())),
                new ContextEvent.Interacted(),
                "agent",
                false));
        assertThat(contexts.of("LC01", device -> device.apps())).contains(0);
        assertThat(contexts.of("LC01", device -> device.interacted(1_000, NOON).truth()))
                .contains(Truth.TRUE);
    }

    private long known(String prefix) {
        return IntStream.range(0, 100)
                .filter(i -> contexts.of(prefix + i, device -> true).isPresent())
                .count();
    }

    private void tell(String source, String device) {
        contexts.tell(
                new ContextEvent("e" + ids++, NOON, device, "work", Optional.empty(), new Locked(true), source, false));
    }

    private static ContextSettings settings() {
        return new ContextSettings(
                new Bind(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Duration.ofMinutes(2),
                Duration.ofDays(3),
                1 << 24,
                Duration.ofMinutes(15),
                Duration.ofHours(26),
                100,
                Stream.of("agent", "lab").map(DeviceContextsTest::source).toList());
    }

    private static ContextSettings.Source source(String name) {
        return new ContextSettings.Source(
                name,
                Optional.of(Path.of("token")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of("*"),
                Set.of(FactKind.LOCK),
                10_000,
                "work");
    }
}
