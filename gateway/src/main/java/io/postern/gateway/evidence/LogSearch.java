package io.postern.gateway.evidence;

import io.postern.gateway.input.Lines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks for lines in a log that rotates, oldest first. Where there are more than may be taken the newest are; where the log is
 * longer than may be read its oldest files are not, but for the newest file, which is read from its end.
 *
 * @param log the file that is written; those set aside have numbers behind
 * @param keep how many of those
 * @param mostBytes that are read
 * @param mostLines that are found
 */
public record LogSearch(Path log, int keep, long mostBytes, int mostLines, long mostFound) {

    /** Which lines. */
    public interface Wanted extends Predicate<JsonNode> {

        /** Asked first, of the bytes as they stand there. */
        default boolean mayHave(byte[] bytes, int from, int to) {
            return true;
        }
    }

    /**
     * What was found.
     *
     * @param dropped lines that were found and had no room
     * @param notRead bytes of the log
     */
    public record Found(List<JsonNode> lines, long dropped, long notRead) {

        /** What is missing of it; empty if nothing is. */
        public Optional<String> missing() {
            return dropped == 0 && notRead == 0
                    ? Optional.empty()
                    : Optional.of("older ones: " + dropped + " lines had no room, " + notRead
                            + " bytes of the log were not read");
        }
    }

    /** A line each. */
    public static byte[] text(List<JsonNode> lines) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (JsonNode line : lines) {
            text.writeBytes(JsonMapper.shared().writeValueAsBytes(line));
            text.write('\n');
        }
        return text.toByteArray();
    }

    private record Part(Path file, long from) {}

    /** A file that goes while it is looked for is passed over. */
    public Found find(Wanted wanted) throws IOException {
        Deque<JsonNode> lines = new ArrayDeque<>();
        Deque<Integer> sizes = new ArrayDeque<>();
        long dropped = 0;
        long held = 0;
        List<Part> parts = new ArrayList<>();
        long notRead = parts(parts);
        for (Part part : parts) {
            try (InputStream in = Files.newInputStream(part.file)) {
                in.skipNBytes(part.from);
                Lines each = new Lines(in);
                while (each.next()) {
                    // The first of a file that is not read from its beginning is the end of one.
                    boolean whole = part.from == 0 || each.number() > 1;
                    if (!whole || each.tooLong() || !wanted.mayHave(each.bytes(), each.from(), each.to())) {
                        continue;
                    }
                    Optional<JsonNode> line = read(each).filter(wanted);
                    if (line.isPresent()) {
                        lines.add(line.get());
                        sizes.add(each.to() - each.from());
                        held += each.to() - each.from();
                    }
                    while (lines.size() > mostLines || held > mostFound) {
                        lines.remove();
                        held -= sizes.remove();
                        dropped++;
                    }
                }
            }
        }
        return new Found(List.copyOf(lines), dropped, notRead);
    }

    private static Optional<JsonNode> read(Lines line) {
        try {
            return Optional.of(JsonMapper.shared().readTree(line.bytes(), line.from(), line.to() - line.from()));
        } catch (JacksonException e) {
            // Half a line, of a crash or of one that is just being written.
            return Optional.empty();
        }
    }

    /** @return bytes that are not among them */
    private long parts(List<Part> parts) throws IOException {
        long left = mostBytes;
        long notRead = 0;
        for (int age = 0; age <= keep; age++) {
            Path file = age == 0 ? log : log.resolveSibling(log.getFileName() + "." + age);
            if (Files.isRegularFile(file)) {
                long size = Files.size(file);
                long taken = Math.min(size, left);
                if (taken > 0) {
                    parts.add(new Part(file, size - taken));
                }
                left -= taken;
                notRead += size - taken;
            }
        }
        Collections.reverse(parts);
        return notRead;
    }
}
