package io.postern.gateway.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest {

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("state/store.mv");
    }

    @Test
    void keepsWhatWasPutOverARestart() throws IOException {
        try (Store store = EmbeddedStore.open(file)) {
            store.table("a").put(bytes("k"), bytes("v"));
            store.table("a").put(bytes("gone"), bytes("v"));
            store.table("a").remove(bytes("gone"));
            store.table("b").put(bytes("k"), new byte[0]);
            store.sync();
        }
        try (Store store = EmbeddedStore.open(file)) {
            assertThat(store.table("a").get(bytes("k"))).contains(bytes("v"));
            assertThat(store.table("a").get(bytes("gone"))).isEmpty();
            assertThat(store.table("a").size()).isEqualTo(1);
            assertThat(store.table("b").get(bytes("k"))).contains(new byte[0]);
        }
    }

    /** A thread that is interrupted while it writes closes the file under H2, as a disk that fails does. */
    @Test
    void goesOnOnceItCanAfterItHasFailed() throws IOException {
        try (Store store = EmbeddedStore.open(file)) {
            Store.Table table = store.table("a");
            table.put(bytes("k"), bytes("v"));
            store.sync();
            table.put(bytes("lost"), bytes("v"));
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(store::sync).isInstanceOf(IOException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }

            assertThat(table.get(bytes("k"))).contains(bytes("v"));
            table.put(bytes("again"), bytes("v"));
            store.sync();
        }
        try (Store store = EmbeddedStore.open(file)) {
            assertThat(store.table("a").get(bytes("again"))).contains(bytes("v"));
            assertThat(store.table("a").get(bytes("lost"))).isEmpty();
        }
    }

    /** Another's sync finds the disk broken, and with it goes what this thread has put. */
    @Test
    void whoeverPutWhatIsGoneIsToldOnce() throws Exception {
        try (Store store = EmbeddedStore.open(file)) {
            Store.Table table = store.table("a");
            table.put(bytes("mine"), bytes("v"));
            syncOfAnotherFails(store);
            // Opened again by a change that is not among those that are gone.
            table.put(bytes("later"), bytes("v"));

            assertThatThrownBy(store::sync).isInstanceOf(IOException.class).hasMessageContaining("put before are gone");
            assertThat(table.get(bytes("mine"))).isEmpty();
            table.put(bytes("mine"), bytes("v"));
            store.sync();
        }
        try (Store store = EmbeddedStore.open(file)) {
            assertThat(store.table("a").get(bytes("mine"))).contains(bytes("v"));
            assertThat(store.table("a").get(bytes("later"))).contains(bytes("v"));
        }
    }

    /** The same of what was removed, where nothing follows. */
    @Test
    void whoeverRemovedWhatIsBackIsTold() throws Exception {
        try (Store store = EmbeddedStore.open(file)) {
            Store.Table table = store.table("a");
            table.put(bytes("k"), bytes("v"));
            store.sync();
            table.remove(bytes("k"));
            syncOfAnotherFails(store);

            assertThatThrownBy(store::sync).isInstanceOf(IOException.class);
            assertThat(table.get(bytes("k"))).isPresent();
        }
    }

    /** By the JVM's own events: a process that is killed loses nothing of what it wrote, a machine whose power fails does. */
    @Test
    void aSyncForcesTheFileOntoTheDisk() throws IOException {
        try (EmbeddedStore store = EmbeddedStore.open(file);
                Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            store.table("a").put(bytes("k"), bytes("v"));
            recording.start();
            store.sync();
            recording.stop();
            Path events = dir.resolve("events.jfr");
            recording.dump(events);
            assertThat(RecordingFile.readAllEvents(events))
                    .extracting(event -> event.getString("path"))
                    .contains(file.toString());
        }
    }

    @Test
    void whatAnotherSyncedBeforeTheDiskFailedIsNotMissed() throws Exception {
        try (Store store = EmbeddedStore.open(file)) {
            Store.Table table = store.table("a");
            table.put(bytes("mine"), bytes("v"));
            CompletableFuture.runAsync(() -> uninterrupted(store)).join();
            syncOfAnotherFails(store);

            store.sync();
            assertThat(table.get(bytes("mine"))).isPresent();
        }
    }

    @Test
    void aPurgeMissesNothingThatWasPutBefore() throws Exception {
        try (Store store = EmbeddedStore.open(file)) {
            Store.Table table = store.table("a");
            table.put(bytes("mine"), bytes("v"));
            CompletableFuture.runAsync(() -> {
                        try {
                            store.purge();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .join();
            store.sync();
            assertThat(table.get(bytes("mine"))).isPresent();
        }
    }

    private static void uninterrupted(Store store) {
        try {
            store.sync();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As when the disk is full, on a thread of its own. */
    private static void syncOfAnotherFails(Store store) throws InterruptedException {
        CompletableFuture<Void> failed = new CompletableFuture<>();
        Thread other = new Thread(() -> {
            try {
                store.table("b").put(bytes("k"), bytes("v"));
                Thread.currentThread().interrupt();
                store.sync();
                failed.complete(null);
            } catch (IOException e) {
                failed.completeExceptionally(e);
            }
        });
        other.start();
        other.join();
        assertThat(failed).isCompletedExceptionally();
    }

    /** A tree that only appends keeps what was removed until it needs the room. */
    @Test
    void afterAPurgeNothingThatWasRemovedIsInTheFile() throws Exception {
        String gone = "nobody-remembers-me";
        try (Store store = EmbeddedStore.open(file)) {
            Store.Table table = store.table("a");
            for (int i = 0; i < 10_000; i++) {
                table.put(bytes("k" + i), bytes(gone + i));
                if (i % 1_000 == 0) {
                    store.sync();
                }
            }
            store.table("b").put(bytes("k"), bytes("stays"));
            store.sync();
            for (int i = 0; i < 9_999; i++) {
                table.put(bytes("k" + i), bytes("v" + i));
            }
            table.remove(bytes("k9999"));
            store.sync();
            assertThat(Files.readString(file, ISO_8859_1)).contains(gone);
            CompletableFuture<Void> meanwhile = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 1_000; i++) {
                        store.table("c").put(bytes("k" + i), bytes("v"));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            store.purge();
            assertThat(Files.readString(file, ISO_8859_1)).doesNotContain(gone);
            meanwhile.join();
            assertThat(table.size()).as("whoever has a table goes on with it").isEqualTo(9_999);
            assertThat(table.get(bytes("k7"))).contains(bytes("v7"));
            assertThat(store.table("c").size()).isEqualTo(1_000);
            store.sync();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> all = Files.list(file.getParent())) {
            assertThat(all).containsExactly(file);
        }
        try (Store store = EmbeddedStore.open(file)) {
            assertThat(store.table("a").size()).isEqualTo(9_999);
            assertThat(store.table("b").get(bytes("k"))).contains(bytes("stays"));
            assertThat(store.table("c").size()).isEqualTo(1_000);
        }
    }

    @Test
    void goesThroughKeysInTheOrderOfUnsignedBytes() throws IOException {
        try (Store store = EmbeddedStore.open(file)) {
            Store.Table table = store.table("t");
            for (int key : new int[] {200, 3, 127, 128, 0}) {
                table.put(new byte[] {(byte) key}, new byte[0]);
            }
            assertThat(keys(table.range(new byte[] {3}, 10))).containsExactly(3, 127, 128, 200);
            assertThat(keys(table.range(new byte[] {4}, 2))).containsExactly(127, 128);
            assertThat(table.range(new byte[] {(byte) 201}, 10)).isEmpty();
        }
    }

    @Test
    void oneGatewayAtATimeHasIt() throws IOException {
        try (Store store = EmbeddedStore.open(file)) {
            assertThat(store.bytes()).isPositive();
            assertThatThrownBy(() -> EmbeddedStore.open(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another process")
                    .hasMessageContaining("state.dir");
        }
    }

    @Test
    void whatIsNoStoreIsNamedAndLeftAsItIs() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, "something else".repeat(1_000).getBytes(UTF_8));
        assertThatThrownBy(() -> EmbeddedStore.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("broken");
        assertThat(file).content().startsWith("something else");
    }

    @Test
    void itsOwnerAloneMayReadIt() throws IOException {
        EmbeddedStore.open(file).close();
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aClosedOneSaysSo() throws IOException {
        Store store = EmbeddedStore.open(file);
        Store.Table table = store.table("t");
        store.close();
        assertThatThrownBy(() -> table.put(bytes("k"), bytes("v"))).isInstanceOf(IOException.class);
        assertThatThrownBy(store::sync).isInstanceOf(IOException.class);
    }

    /** Another process puts and syncs as fast as it can and is killed in the middle of it, three times over. */
    @Test
    void whatWasSyncedSurvivesTheEndOfItsProcess() throws Exception {
        long synced = -1;
        for (int round = 0; round < 3; round++) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Putting.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader told = child.inputReader(UTF_8)) {
                long until = synced + 40;
                String line = told.readLine();
                while (line != null) {
                    synced = Long.parseLong(line);
                    if (synced == until) {
                        // Through the handle: what it said before stays to be read.
                        child.toHandle().destroyForcibly();
                    }
                    line = told.readLine();
                }
                assertThat(synced).isGreaterThanOrEqualTo(until);
            } finally {
                child.destroyForcibly().waitFor();
            }
            try (Store store = EmbeddedStore.open(file)) {
                for (long n = 0; n <= synced; n++) {
                    assertThat(store.table("t").get(number(n)))
                            .as("put %s of %s", n, synced)
                            .isPresent();
                }
            }
        }
    }

    /** Says a number once it is on the disk. */
    static final class Putting {
        public static void main(String... args) throws IOException {
            try (Store store = EmbeddedStore.open(Path.of(args[0]))) {
                Store.Table table = store.table("t");
                for (long n = table.size(); ; n++) {
                    table.put(number(n), new byte[1_000]);
                    store.sync();
                    System.out.println(n);
                    System.out.flush();
                }
            }
        }
    }

    private static byte[] number(long n) {
        return ByteBuffer.allocate(Long.BYTES).putLong(n).array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Stream<Integer> keys(List<Store.Entry> entries) {
        return entries.stream().map(entry -> entry.key()[0] & 0xff);
    }
}
