package io.postern.gateway.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a log is whole: each entry holds the SHA-256 of the line before it (64 zeros in the first) and the next
 * number, and the last one is what {@link AuditHead} remembers. Where entries went by their age it begins with a {@link Checkpoint}.
 *
 * <p>Whoever can write both files can write another history. Against that, keep copies of entries elsewhere.
 *
 * @param entries lines, broken ones too, but for a checkpoint
 * @param gone entries that went by their age
 * @param sequence of the last entry that could be read
 * @param last hash of the last line
 * @param bytes size of the file
 * @param whole whether the file ends with a line's end
 * @param broken the first place where it is not whole
 */
public record AuditChain(
        long entries, long gone, long sequence, String last, long bytes, boolean whole, Optional<String> broken) {

    static final String NOTHING = "0".repeat(64);
    private static final int MAX_LINE = 64 * 1024;

    /** Reads a log from end to end, a line at a time; none is an empty one. */
    public static AuditChain verify(Path file) throws IOException {
        Reader reader = new Reader();
        if (Files.exists(file)) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                reader.all(in);
            }
        }
        AuditChain chain = reader.chain();
        return new AuditHead(file)
                .missing(chain)
                .filter(missing -> chain.broken.isEmpty())
                .map(missing -> new AuditChain(
                        chain.entries,
                        chain.gone,
                        chain.sequence,
                        chain.last,
                        chain.bytes,
                        chain.whole,
                        Optional.of(missing)))
                .orElse(chain);
    }

    static String hash(byte[] line) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(line));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is known up to a line. */
    private static final class Reader {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long entries;
        private long sequence;
        private long bytes;
        private String last = NOTHING;
        private boolean whole = true;
        private Optional<String> broken = Optional.empty();
        private Optional<Checkpoint> checkpoint = Optional.empty();
        private boolean named;

        void all(InputStream in) throws IOException {
            for (int next = in.read(); next >= 0; next = in.read()) {
                bytes++;
                whole = next == '\n';
                if (whole) {
                    entry();
                } else if (line.size() <= MAX_LINE) {
                    line.write(next);
                }
            }
            if (!whole) {
                entry();
                breaks("is cut short");
            }
            if (checkpoint.isPresent() && !named && broken.isEmpty()) {
                broken = Optional.of("begins with a checkpoint that no entry names: somebody took entries away");
            }
        }

        private void entry() {
            byte[] content = line.toByteArray();
            line.reset();
            if (begins(content)) {
                return;
            }
            entries++;
            if (content.length > MAX_LINE) {
                breaks("is longer than any entry");
            } else {
                check(content);
            }
            last = hash(content);
        }

        private boolean begins(byte[] content) {
            if (entries > 0 || checkpoint.isPresent() || content.length > MAX_LINE) {
                return false;
            }
            try {
                checkpoint = Checkpoint.of(JsonMapper.shared().readTree(new String(content, StandardCharsets.UTF_8)));
            } catch (JacksonException e) {
                return false;
            }
            checkpoint.ifPresent(before -> {
                sequence = before.sequence();
                last = before.hash();
            });
            return checkpoint.isPresent();
        }

        private void check(byte[] content) {
            try {
                JsonNode entry = JsonMapper.shared().readTree(new String(content, StandardCharsets.UTF_8));
                long number = entry.path("sequence").asLong(-1);
                if (number != sequence + 1) {
                    breaks("has number " + number + ", must have " + (sequence + 1));
                }
                if (!entry.path("previous").asString("").equals(last)) {
                    breaks("does not hold the hash of the line before it");
                }
                sequence = Math.max(sequence, number);
                named |= checkpoint.isPresent()
                        && entry.path("action").asString("").equals(Checkpoint.ACTION)
                        && entry.path("after")
                                .asString("")
                                .equals(checkpoint.get().words());
            } catch (JacksonException e) {
                breaks("is no entry");
            }
        }

        private void breaks(String what) {
            if (broken.isEmpty()) {
                broken = Optional.of("line " + entries + " " + what);
            }
        }

        AuditChain chain() {
            return new AuditChain(
                    entries, checkpoint.map(Checkpoint::sequence).orElse(0L), sequence, last, bytes, whole, broken);
        }
    }
}
