package io.postern.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Policy files in a folder of the test, read on the last day of January 2027. */
record TestingFiles(Path folder) {

    private static final Clock TODAY = Clock.fixed(Instant.parse("2027-01-31T23:59:59Z"), ZoneOffset.UTC);

    void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, UTF_8);
    }

    Reading<Policy> read(String pattern) {
        return PolicyReader.read(List.of(pattern), folder, TODAY);
    }

    /** What is read, without a problem. */
    Policy good(String pattern) {
        Reading<Policy> reading = read(pattern);
        assertThat(lines(reading.problems())).isEmpty();
        return reading.value().orElseThrow();
    }

    /** Why nothing is read. */
    List<String> problems(String pattern) {
        Reading<Policy> reading = read(pattern);
        assertThat(reading.value()).isEmpty();
        return lines(reading.problems());
    }

    /** What is read, and still is worth a word. */
    List<String> warnings(String pattern) {
        Reading<Policy> reading = read(pattern);
        assertThat(reading.problems()).isEmpty();
        return lines(reading.warnings());
    }

    /** As printed, with names from the folder on. */
    private List<String> lines(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString().replace(folder + "/", ""))
                .toList();
    }
}
