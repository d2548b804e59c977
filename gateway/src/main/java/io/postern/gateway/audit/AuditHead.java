package io.postern.gateway.audit;

import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Remembers beside a log how far it went, in {@code audit.ndjson.head}, so that a log cut at its end is noticed. */
final class AuditHead {

    private final Path file;

    AuditHead(Path log) {
        this.file = log.resolveSibling(log.getFileName() + ".head");
    }

    /** What the log lacks; it may be one entry ahead, when a crash came between the two. */
    Optional<String> missing(AuditChain chain) throws IOException {
        if (!Files.exists(file)) {
            return chain.entries() > 1
                    ? Optional.of("ends, and nothing remembers whether it went on: " + file + " is missing")
                    : Optional.empty();
        }
        String[] words =
                Files.readString(file, StandardCharsets.US_ASCII).strip().split(" ", -1);
        if (words.length != 2 || !words[0].matches("[0-9]{1,18}")) {
            return Optional.of("ends, and nothing remembers whether it went on: " + file + " does not read");
        }
        long sequence = Long.parseLong(words[0]);
        if (chain.sequence() < sequence) {
            return Optional.of("ends with entry " + chain.sequence() + ", but there were " + sequence);
        }
        if (chain.sequence() == sequence && !chain.last().equals(words[1])) {
            return Optional.of("ends with another entry " + sequence + " than was written");
        }
        return chain.sequence() > sequence + 1
                ? Optional.of("goes on to entry " + chain.sequence() + " after " + sequence + ", the last written here")
                : Optional.empty();
    }

    void remember(long sequence, String hash) throws IOException {
        OwnFile.replace(file, (sequence + " " + hash + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
