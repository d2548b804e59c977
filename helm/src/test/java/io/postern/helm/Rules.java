package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The rules of Prometheus that come with the chart. */
final class Rules {

    static final Path FILE = Chart.DIR.resolve("rules/postern.rules.yaml");

    private static final Path CASES = Path.of("src/test/resources/rules");

    private Rules() {}

    static List<JsonNode> all() throws IOException {
        return Chart.YAML
                .readTree(Files.readString(FILE, UTF_8))
                .path("groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .toList();
    }

    /** The series that promtool is told of. */
    static List<String> series() throws IOException {
        List<String> series = new ArrayList<>();
        try (Stream<Path> files = Files.list(CASES)) {
            for (Path file : files.sorted().toList()) {
                Chart.YAML
                        .readTree(Files.readString(file, UTF_8))
                        .path("tests")
                        .forEach(test -> test.path("input_series")
                                .forEach(each -> series.add(each.path("series").asString())));
            }
        }
        return series;
    }

    static List<JsonNode> alerts() throws IOException {
        return all().stream().filter(rule -> rule.has("alert")).toList();
    }
}
