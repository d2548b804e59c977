package io.postern.gateway.real;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The file of flow records, while somebody is writing it. */
public record FlowLines(Path file) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The first that is as wanted; waits for it. */
    public JsonNode first(Predicate<JsonNode> wanted) {
        return await().atMost(PATIENCE)
                .until(() -> all().stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    public List<JsonNode> all() throws IOException {
        if (Files.notExists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        // The last line may be half written.
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(JSON::readTree)
                .toList();
    }
}
