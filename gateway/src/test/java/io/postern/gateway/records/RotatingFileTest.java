package io.postern.gateway.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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
