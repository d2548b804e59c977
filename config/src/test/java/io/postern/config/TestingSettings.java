package io.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** A folder in which settings are written and read, with the one key that the defaults look for. */
final class TestingSettings {

    private final Path folder;

    TestingSettings(Path folder) throws IOException {
        this.folder = folder;
        secret("var/keys/k1", "x".repeat(32) + "\n");
    }

    GatewaySettings good(String yaml) throws IOException {
        Reading<GatewaySettings> reading = read(yaml, Map.of());
        assertThat(lines(reading.problems())).isEmpty();
        return reading.value().orElseThrow();
    }

    List<String> problems(String yaml) throws IOException {
        Reading<GatewaySettings> reading = read(yaml, Map.of());
        assertThat(reading.value()).isEmpty();
        return lines(reading.problems());
    }

    Reading<GatewaySettings> read(String yaml, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("postern.yaml");
        Files.writeString(file, yaml, UTF_8);
        return SettingsReader.read(file, environment);
    }

    /** As printed, with the file's name alone. */
    List<String> lines(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString()
                        .replace(folder.resolve("postern.yaml").toString(), "postern.yaml"))
                .map(line -> line.replace(folder.resolve("absent.yaml").toString(), "absent.yaml"))
                .toList();
    }

    void secret(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content, UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
