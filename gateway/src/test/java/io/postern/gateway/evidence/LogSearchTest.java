package io.postern.gateway.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LogSearchTest {

    @TempDir
    Path dir;

    private LogSearch search(long bytes, int lines, long found) {
        return new LogSearch(dir.resolve("log"), 2, bytes, lines, found);
    }

    private static boolean wanted(JsonNode line) {
        return line.has("n");
    }

    private void write() throws IOException {
        Files.writeString(dir.resolve("log.2"), "{\"n\":1}\n{\"n\":2}\n");
        Files.writeString(dir.resolve("log.1"), "{\"n\":3}\nbroken\n{\"m\":0}\n");
        Files.writeString(dir.resolve("log"), "{\"n\":4}\n{\"n\":5}\n{\"n\":");
    }

    @Test
    void findsThemInTheOrderTheyWereWritten() throws IOException {
        write();
        LogSearch.Found found = search(1 << 20, 10, 1 << 20).find(LogSearchTest::wanted);
        assertThat(found.lines().toString()).isEqualTo("[{\"n\":1}, {\"n\":2}, {\"n\":3}, {\"n\":4}, {\"n\":5}]");
        assertThat(found.missing()).isEmpty();
    }

    @Test
    void theNewestAreTakenAndTheRestIsCounted() throws IOException {
        write();
        LogSearch.Found few = search(1 << 20, 2, 1 << 20).find(LogSearchTest::wanted);
        assertThat(few.lines().toString()).isEqualTo("[{\"n\":4}, {\"n\":5}]");
        assertThat(few.missing()).contains("older ones: 3 lines had no room, 0 bytes of the log were not read");
        LogSearch.Found small = search(1 << 20, 10, 8).find(LogSearchTest::wanted);
        assertThat(small.lines().toString()).isEqualTo("[{\"n\":5}]");
    }

    /** Not from the middle of a line. */
    @Test
    void aLogThatIsTooLongIsReadFromItsEnd() throws IOException {
        write();
        LogSearch.Found found = search(16, 10, 1 << 20).find(LogSearchTest::wanted);
        assertThat(found.lines().toString()).isEqualTo("[{\"n\":5}]");
        assertThat(found.notRead()).isEqualTo(16 + 24 + 21 - 16 - 1);
    }

    @Test
    void noLogIsNoLines() throws IOException {
        assertThat(search(1 << 20, 10, 1 << 20).find(LogSearchTest::wanted).lines())
                .isEmpty();
    }
}
