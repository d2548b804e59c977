package io.postern.gateway.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {
    @TempDir
    private Path folder;

    @Test
    void aFullFileIsSetAsideAndTheOldestGoes() throws IOException {
        try (RotatingFile file = new RotatingFile(path(), 8, 2)) {
            for (String line : List.of("one\n", "two\n", "3\n", "four\n", "five\n", "six\n", "seven\n", "8\n")) {
                append(file, line);
            }
        }

        assertThat(path()).hasContent("seven\n8\n");
        assertThat(aged(1)).hasContent("six\n");
        assertThat(aged(2)).hasContent("five\n");
        assertThat(names()).hasSize(3);
    }

    private static String line(String device, int number) {
        return "{\"device\":{\"uid\":\"" + device + "\"},\"n\":" + number + "}\n";
    }

    @Test
    void linesOfADeviceAreTakenOutOfEveryFileAndTheOthersStayAsTheyAre() throws IOException {
        DeviceLines lines = new DeviceLines(Set.of("LC01"));
        try (RotatingFile file = new RotatingFile(path(), 3L * line("LC01", 1).length(), 3)) {
            for (int i = 1; i <= 8; i++) {
                append(file, line(i % 2 == 0 || i > 6 ? "LC01" : "LC02", i));
            }
            Files.setLastModifiedTime(aged(2), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
            Object untouched =
                    Files.readAttributes(aged(2), BasicFileAttributes.class).fileKey();

            assertThat(file.erase(lines)).isEqualTo(5);
            assertThat(aged(2)).hasContent(line("LC02", 1) + line("LC02", 3));
            assertThat(aged(1)).hasContent(line("LC02", 5));
            assertThat(path()).isEmptyFile();
            assertThat(Files.getLastModifiedTime(aged(2)).toInstant()).isEqualTo("2026-01-01T00:00:00Z");
            assertThat(Files.readAttributes(aged(2), BasicFileAttributes.class).fileKey())
                    .isNotEqualTo(untouched);
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                        .isEqualTo("rw-r-----");
            }
            append(file, line("LC02", 9));
            Object again =
                    Files.readAttributes(path(), BasicFileAttributes.class).fileKey();
            assertThat(file.erase(lines)).as("nothing of it is left").isZero();
            assertThat(Files.readAttributes(path(), BasicFileAttributes.class).fileKey())
                    .as("so nothing is written anew")
                    .isEqualTo(again);
        }
        assertThat(path()).hasContent(line("LC02", 9));
        assertThat(names()).hasSize(3);
    }

    /** Nobody set them aside by a setting of today, and they are there all the same. */
    @Test
    void filesOfATimeWhenMoreWereKeptAreErasedAndAgedToo() throws IOException {
        try (RotatingFile file = new RotatingFile(path(), 8, 5)) {
            for (int i = 1; i <= 5; i++) {
                append(file, line("LC01", i));
            }
        }
        Files.writeString(folder.resolve(path().getFileName() + ".old"), line("LC01", 6));
        try (RotatingFile file = new RotatingFile(path(), 8, 1)) {
            assertThat(file.erase(new DeviceLines(Set.of("LC01")))).isEqualTo(5);
            assertThat(aged(4)).isEmptyFile();
            Retention hour = new Retention(Duration.ofHours(1), () -> System.currentTimeMillis() + 7_200_000);
            hour.needed(() -> Long.MAX_VALUE);
            file.look(hour);
        }
        assertThat(names()).as("only what is not its own").hasSize(1);
    }

    /** What is written meanwhile is neither lost nor left. */
    @Test
    void erasesWhileAnotherThreadAppendsAndSetsAside() throws Exception {
        DeviceLines lines = new DeviceLines(Set.of("LC01"));
        int all = 20_000;
        try (RotatingFile file = new RotatingFile(path(), 64 * 1024, 100)) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < all; i++) {
                    try {
                        append(file, line(i % 2 == 0 ? "LC01" : "LC02", i));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
            long erased = 0;
            do {
                erased += file.erase(lines);
            } while (!writer.isDone());
            writer.join();
            erased += file.erase(lines);
            assertThat(erased).isEqualTo(all / 2);
        }
        List<String> left = new ArrayList<>();
        for (int age = 100; age >= 0; age--) {
            Path each = age == 0 ? path() : aged(age);
            left.addAll(Files.exists(each) ? Files.readAllLines(each) : List.of());
        }
        assertThat(left)
                .containsExactlyElementsOf(IntStream.range(0, all)
                        .filter(i -> i % 2 == 1)
                        .mapToObj(i -> line("LC02", i).strip())
                        .toList());
    }

    @Test
    void noFileNeedBeKept() throws IOException {
        try (RotatingFile file = new RotatingFile(path(), 4, 0)) {
            append(file, "one\n");
            append(file, "two\n");
        }

        assertThat(path()).hasContent("two\n");
        assertThat(names()).hasSize(1);
    }

    @Test
    void aLineLargerThanAFileHasAFileOfItsOwn() throws IOException {
        try (RotatingFile file = new RotatingFile(path(), 4, 9)) {
            append(file, "one\n");
            append(file, "a long line\n");
            append(file, "two\n");
        }

        assertThat(aged(1)).hasContent("a long line\n");
        assertThat(path()).hasContent("two\n");
    }

    @Test
    void aRestartGoesOnWhereItStopped() throws IOException {
        for (String line : List.of("one\n", "two\n", "three\n")) {
            try (RotatingFile file = new RotatingFile(path(), 8, 1)) {
                append(file, line);
            }
        }

        assertThat(aged(1)).hasContent("one\ntwo\n");
        assertThat(path()).hasContent("three\n");
    }

    @Test
    void halfALineOfACrashSpoilsNoOther() throws IOException {
        Files.writeString(path(), "one\nha");

        try (RotatingFile file = new RotatingFile(path(), 100, 1)) {
            append(file, "two\n");
        }

        assertThat(path()).hasContent("one\nha\ntwo\n");
    }

    @Test
    void filesGoByTheirAgeUnlessAFindingNeedsThem() throws IOException {
        long now = System.currentTimeMillis();
        AtomicLong ahead = new AtomicLong();
        AtomicLong needed = new AtomicLong(Long.MAX_VALUE);
        Retention month = new Retention(
                Duration.ofDays(30), () -> now + Duration.ofDays(ahead.get()).toMillis());
        try (RotatingFile file = new RotatingFile(path(), 8, 3)) {
            append(file, "one\n");
            file.look(month);
            assertThat(names()).as("young").hasSize(1);
            ahead.set(11);
            file.look(month);
            assertThat(aged(1)).as("written to for a third of the time").hasContent("one\n");
            append(file, "two\n");
            ahead.set(31);
            file.look(month);
            assertThat(aged(2)).as("until it is known what is needed").exists();
            month.needed(needed::get);
            needed.set(now - 1_000);
            file.look(month);
            assertThat(aged(2)).as("a finding began before it was written").exists();
            needed.set(Long.MAX_VALUE);
            file.look(month);
            assertThat(names()).isEmpty();
            append(file, "three\n");
            assertThat(path()).hasContent("three\n");
        }
    }

    @Test
    void theFolderIsMade() throws IOException {
        Path deep = folder.resolve("a/b/flows.ndjson");

        try (RotatingFile file = new RotatingFile(deep, 100, 1)) {
            append(file, "one\n");
        }

        assertThat(deep).hasContent("one\n");
    }

    @Test
    void onlyOwnerAndGroupMayRead() throws IOException {
        Assumptions.assumeTrue(
                folder.getFileSystem().supportedFileAttributeViews().contains("posix"));

        try (RotatingFile file = new RotatingFile(path(), 100, 1)) {
            append(file, "one\n");
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .doesNotEndWith("r--")
                .endsWith("---");
    }

    @Test
    void whatFailsMaySucceedLater() throws IOException {
        Files.createDirectory(path());
        try (RotatingFile file = new RotatingFile(path(), 100, 1)) {
            assertThatThrownBy(() -> append(file, "one\n")).isInstanceOf(IOException.class);
            Files.delete(path());
            append(file, "one\n");
        }

        assertThat(path()).hasContent("one\n");
    }

    /** A device that is always full stands for a disk that is. */
    @Test
    void aFullDiskIsAnErrorAndNotALoss() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(full));

        try (RotatingFile file = new RotatingFile(full, 100, 1)) {
            assertThatThrownBy(() -> append(file, "one\n")).isInstanceOf(IOException.class);
        } catch (IOException e) {
            throw new AssertionError("nothing is left to close", e);
        }
    }

    private static void append(RotatingFile file, String line) throws IOException {
        file.append(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    }

    private Path path() {
        return folder.resolve("flows.ndjson");
    }

    private Path aged(int age) {
        return folder.resolve("flows.ndjson." + age);
    }

    private List<Path> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
