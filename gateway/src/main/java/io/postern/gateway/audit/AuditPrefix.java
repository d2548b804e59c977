package io.postern.gateway.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The entries at the beginning of a log that is whole which are older than a time.
 *
 * @param last what is known of the last of them; empty if there are none
 * @param bytes that they take, a checkpoint before them included
 */
record AuditPrefix(Optional<Checkpoint> last, long bytes) {

    static final AuditPrefix NONE = new AuditPrefix(Optional.empty(), 0);

    static AuditPrefix of(Path file, Instant before) throws IOException {
        if (!Files.exists(file)) {
            return NONE;
        }
        AuditPrefix found = NONE;
        long bytes = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                bytes += line.length() + 1L;
                JsonNode entry = JsonMapper.shared().readTree(line);
                if (Checkpoint.of(entry).isPresent()) {
                    continue;
                }
                if (!time(entry).isBefore(before)) {
                    break;
                }
                Checkpoint last = new Checkpoint(
                        entry.path("sequence").asLong(), AuditChain.hash(line.getBytes(StandardCharsets.US_ASCII)));
                found = new AuditPrefix(Optional.of(last), bytes);
            }
        }
        return found;
    }

    private static Instant time(JsonNode entry) throws IOException {
        try {
            return Instant.parse(entry.path("time").asString(""));
        } catch (DateTimeException e) {
            throw new IOException("an entry has no time", e);
        }
    }
}
