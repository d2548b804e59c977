package io.postern.helm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The rules of Prometheus that come with the chart. */
final class Rules {

    static final Path FILE = Chart.DIR.resolve("rules/postern.rules.yaml");

    private Rules() {}

    static List<JsonNode> all() throws IOException {
        return Chart.YAML
                .readTree(Files.readString(FILE, UTF_8))
                .path("groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .toList();
    }

    static List<JsonNode> alerts() throws IOException {
        return all().stream().filter(rule -> rule.has("alert")).toList();
    }
}
