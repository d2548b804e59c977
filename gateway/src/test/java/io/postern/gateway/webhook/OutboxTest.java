package io.postern.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.gateway.quarantine.FullDisk;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import io.postern.gateway.state.StoreOver;
import java.io.IOException;
import java.nio.ByteBuffer;
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
            outbox.sync();
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
            outbox.sync();
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

    /** A store that another's failure had opened anew, without what was put. */
    private static final class Reopened extends StoreOver {

        private boolean loses = true;

        Reopened(Store to) {
            super(to);
        }

        @Override
        public void sync() throws IOException {
            if (loses) {
                loses = false;
                to.table(Outbox.TABLE).remove(key(0));
            }
            to.sync();
        }
    }

    @Test
    void whatTheStoreLosesIsPutAgain() throws IOException {
        try (Reopened store = new Reopened(EmbeddedStore.open(dir.resolve("store")))) {
            Outbox outbox = new Outbox(store, 16, DAY, 0);
            put(outbox, "found f1", "found f2");
            outbox.sync();
            assertThat(store.loses).isFalse();
        }
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            assertThat(taken(new Outbox(store, 16, DAY, 0))).containsExactly("found f1", "found f2");
        }
    }

    /** The next time that the disk takes something it takes the letter too. */
    @Test
    void aFullDiskKeepsNoLetterFromBeingTold() throws IOException {
        try (FullDisk store = new FullDisk(EmbeddedStore.open(dir.resolve("store")))) {
            Outbox outbox = new Outbox(store, 16, DAY, 0);
            store.fill(true);
            put(outbox, "found f1");
            assertThatThrownBy(outbox::sync).isInstanceOf(IOException.class);
            assertThat(outbox.first().orElseThrow().letter().id()).isEqualTo("found f1");
            store.fill(false);
            outbox.sync();
        }
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            assertThat(taken(new Outbox(store, 16, DAY, 0))).containsExactly("found f1");
        }
    }

    /** It must not keep all others waiting. */
    @Test
    void aLetterThatIsGoneIsLeftOut() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(dir.resolve("store"))) {
            Outbox outbox = new Outbox(store, 16, DAY, 0);
            put(outbox, "found f1", "found f2");
            outbox.sync();
            store.table(Outbox.TABLE).remove(key(0));
            assertThat(taken(outbox)).containsExactly("found f2");
        }
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
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
