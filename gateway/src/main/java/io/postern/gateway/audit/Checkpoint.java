package io.postern.gateway.audit;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stands in the place of entries that went by their age: the first line of the log,
 * <pre>{"checkpoint": sequence of the last that went, "hash": of its line}</pre>
 *
 * <p>The entry behind it holds the same hash, and a later one ({@value #ACTION}) names both: who takes entries away has to add one,
 * and so has another last entry than {@link AuditHead} and copies elsewhere know.
 */
record Checkpoint(long sequence, String hash) {

    static final String ACTION = "audit.prune";

    static Optional<Checkpoint> of(JsonNode line) {
        return line.has("checkpoint")
                ? Optional.of(new Checkpoint(
                        line.path("checkpoint").asLong(-1), line.path("hash").asString("")))
                : Optional.empty();
    }

    /** Without a line's end. */
    String line() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("checkpoint", sequence)
                .put("hash", hash)
                .toString();
    }

    /** As the entry names it that says why. */
    String words() {
        return "entries to " + sequence + ", " + hash;
    }
}
