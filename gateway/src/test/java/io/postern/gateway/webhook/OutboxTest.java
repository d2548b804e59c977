package io.postern.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path dir;

    @Test
    void whatIsAboutTheSameStaysInOrder() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            Outbox outbox = new Outbox(store, 16, DAY, 0);
            put(outbox, "contained LC01", "found f1", "released LC01", "found f2");

            outbox.later(outbox.first().orElseThrow());

            assertThat(taken(outbox)).containsExactly("found f1", "found f2", "contained LC01", "released LC01");
        }
    }

    @Test
    void whatWaitsIsThereAfterAStart() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            Outbox outbox = new Outbox(store, 16, DAY, 0);
            put(outbox, "contained LC01", "found f1", "released LC01");
            outbox.done(outbox.first().orElseThrow());
            outbox.sync();
        }
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            Outbox outbox = new Outbox(store, 16, DAY, DAY.toMillis());
            put(outbox, "found f2");
            assertThat(outbox.first().orElseThrow().last())
                    .as("a day has passed")
                    .isTrue();
            assertThat(taken(outbox)).containsExactly("found f1", "released LC01", "found f2");
        }
    }

    @Test
    void aClockThatHasJumpedGivesNothingUp() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            Outbox outbox = new Outbox(store, 1, DAY, 0);
            put(outbox, "found f1");
            assertThat(outbox.first().orElseThrow().last()).isFalse();
            assertThat(outbox.put(letter("found f2"))).as("there is no room").isFalse();
        }
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            Outbox outbox = new Outbox(store, 1, DAY, -DAY.toMillis());
            assertThat(outbox.first().orElseThrow().last()).isFalse();
        }
    }

    /** Also the one whose turn it is: it is on its way, and nobody sets it aside any more. */
    @Test
    void lettersAboutADeviceThatIsErasedGo() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            Outbox outbox = new Outbox(store, 16, DAY, 0);
            for (String device : List.of("LC01", "LC02", "LC01", "LC03")) {
                String body = "{\"device\":\"" + device + "\"}";
                outbox.put(new Letter(device + outbox.size(), device, 0, body.getBytes(UTF_8)));
            }
            Outbox.Turn turn = outbox.first().orElseThrow();
            assertThat(outbox.forget(new DeviceLines(Set.of("LC01")))).isEqualTo(2);
            assertThat(outbox.has(turn)).isFalse();
            outbox.done(turn);
            assertThat(Outbox.forget(store.table(Outbox.TABLE), new DeviceLines(Set.of("LC01"))))
                    .isZero();
            assertThat(Outbox.forget(store.table(Outbox.TABLE), new DeviceLines(Set.of("LC03"))))
                    .isEqualTo(1);
        }
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            assertThat(taken(new Outbox(store, 16, DAY, 0))).containsExactly("LC021");
        }
    }

    private static void put(Outbox outbox, String... letters) throws IOException {
        for (String one : letters) {
            assertThat(outbox.put(letter(one))).isTrue();
        }
    }

    private static Letter letter(String words) {
        return new Letter(words, words.substring(words.indexOf(' ')), 0, words.getBytes(UTF_8));
    }

    private static List<String> taken(Outbox outbox) throws IOException {
        List<String> taken = new ArrayList<>();
        while (outbox.size() > 0) {
            Outbox.Turn first = outbox.first().orElseThrow();
            taken.add(first.letter().id());
            outbox.done(first);
        }
        return taken;
    }
}
