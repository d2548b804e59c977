package io.postern.gateway.capture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The captures on the disk: {@code BEGUN-FINDING.pcapng}, Unix time in ms and the finding's id, encoded as in a URL. Waits for
 * the disk.
 *
 * @param kept how long after it was begun
 */
public record CaptureFolder(Path folder, Duration kept, Clock clock) {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureFolder.class);
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})-(.{1,230})[.]pcapng");

    /**
     * One capture.
     *
     * @param begun RFC 3339
     * @param deletedAt when it goes
     */
    public record Capture(String finding, String begun, String deletedAt, long bytes) {}

    private record Kept(Path path, Instant begun, String finding) {}

    Path file(String finding, Instant begun) {
        return folder.resolve(begun.toEpochMilli() + "-" + URLEncoder.encode(finding, UTF_8) + ".pcapng");
    }

    /** Oldest first. */
    public List<Capture> list() {
        return files().stream()
                .map(file -> new Capture(
                        file.finding,
                        file.begun.toString(),
                        file.begun.plus(kept).toString(),
                        size(file.path)))
                .toList();
    }

    /** The capture of a finding as it is by now; empty where there is none. */
    public Optional<byte[]> of(String finding) throws IOException {
        Optional<Kept> file =
                files().stream().filter(one -> one.finding.equals(finding)).findFirst();
        return file.isPresent() ? Optional.of(Files.readAllBytes(file.get().path)) : Optional.empty();
    }

    void prune() {
        Instant now = clock.instant();
        files().stream().filter(file -> !file.begun.plus(kept).isAfter(now)).forEach(file -> {
            try {
                Files.deleteIfExists(file.path);
                LOG.info("capture deleted finding={}", file.finding);
            } catch (IOException e) {
                LOG.error("capture cannot be deleted, it is tried again {}: {}", file.path, e.toString());
            }
        });
    }

    /**
     * Deletes the captures that name a device; how many.
     *
     * @throws IOException when not all of them could be looked at and deleted
     */
    public long forget(Set<String> names) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long gone = 0;
        for (Kept file : found()) {
            String text = new String(Files.readAllBytes(file.path), ISO_8859_1);
            if (names.stream().anyMatch(name -> text.contains("device=" + name + " "))) {
                gone += Files.deleteIfExists(file.path) ? 1 : 0;
            }
        }
        return gone;
    }

    private List<Kept> found() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(CaptureFolder::kept)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(Kept::begun))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<Kept> files() {
        try {
            return found();
        } catch (IOException e) {
            LOG.error("captures cannot be listed {}: {}", folder, e.toString());
            return List.of();
        }
    }

    private static Optional<Kept> kept(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches()
                ? Optional.of(new Kept(
                        path,
                        Instant.ofEpochMilli(Long.parseLong(name.group(1))),
                        URLDecoder.decode(name.group(2), UTF_8)))
                : Optional.empty();
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException gone) {
            return 0;
        }
    }
}
