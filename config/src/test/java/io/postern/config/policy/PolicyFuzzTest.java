package io.postern.config.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;

/** Whatever a policy file holds: the same policy however often it is read, or problems with their places. */
class PolicyFuzzTest {

    private static final Clock TODAY = Clock.fixed(Instant.parse("2027-01-31T12:00:00Z"), ZoneOffset.UTC);
    private static final Path FOLDER = folder();
    private static final Path FILE = FOLDER.resolve("policy.yaml");

    @AfterAll
    static void delete() throws IOException {
        Files.deleteIfExists(FILE);
        Files.deleteIfExists(FOLDER);
    }

    @FuzzTest
    void everyFileIsReadOrRefused(byte[] bytes) throws IOException {
        // Its operator may name any file as a list.
        try (SilentCloseable anywhere = BugDetectors.setFilePathTraversalAllowPath(path -> true)) {
            Files.write(FILE, bytes);
            Reading<Policy> reading = read();
            assertThat(reading.value().isPresent()).isEqualTo(reading.problems().isEmpty());
            assertThat(Stream.concat(reading.problems().stream(), reading.warnings().stream()))
                    .extracting(Problem::toString)
                    .allSatisfy(line -> assertThat(line).doesNotContainPattern("[\\r\\n]"));
            assertThat(read().value().map(Policy::version))
                    .isEqualTo(reading.value().map(Policy::version));
        }
    }

    private static Reading<Policy> read() {
        return PolicyReader.read(List.of("policy.yaml"), FOLDER, TODAY);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("policy");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
