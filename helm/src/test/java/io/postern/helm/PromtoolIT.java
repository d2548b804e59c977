package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules by promtool, of Debian's package prometheus: they read, and each alert fires and ends. */
@Tag("real")
class PromtoolIT {

    @Test
    void theRulesRead() throws IOException, InterruptedException {
        promtool("check", "rules", Rules.FILE.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"minutes.test.yaml", "days.test.yaml"})
    void everyAlertFiresAndEnds(String cases) throws IOException, InterruptedException {
        promtool("test", "rules", Path.of("src/test/resources/rules", cases).toString());
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
    }
}
