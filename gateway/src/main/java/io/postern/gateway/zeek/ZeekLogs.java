package io.postern.gateway.zeek;

import io.postern.gateway.input.Faults;
import io.postern.gateway.input.Input;
import io.postern.gateway.input.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Logs of one Zeek, read at once: hourly ones of a kind one after another by when they begin, and the kinds beside each other
 * by time, so that what is said of a connection has been read when the connection is. What is no log of connections, TLS, QUIC,
 * HTTP or DNS is passed over.
 */
public final class ZeekLogs {

    /** Folders in the folder: a day each, and one above them. */
    public static final int DEPTH = 3;

    private final ZeekJoin join;

    /** @param join one for all logs of a replay */
    public ZeekLogs(ZeekJoin join) {
        this.join = join;
    }

    /** What was read. */
    public record Sum(long bytes, long rows) {}

    /** The logs in a folder and the folders in it. */
    public static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            List<Path> logs = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (zeek(file)) {
                    logs.add(file);
                }
            }
            return logs;
        } catch (UncheckedIOException e) {
            throw new IOException("has a folder in it that cannot be read", e);
        }
    }

    private static boolean zeek(Path file) {
        try (Input input = Input.open(file)) {
            return input.kind() == Kind.ZEEK;
        } catch (IOException e) {
            // It may be one: whoever reads it says what is wrong.
            return true;
        }
    }

    /**
     * Reads all of these.
     *
     * @param faults whom to tell what is wrong with a file
     * @param read told of how many bytes were read by now
     */
    public Sum read(List<Path> logs, Function<Path, Faults> faults, LongConsumer read) throws IOException {
        List<ZeekStream> all = new ArrayList<>();
        sorted(logs, faults)
                .forEach((kind, files) -> all.add(new ZeekStream(
                        kind, files.stream().map(ZeekFile.Sight::path).toList(), faults)));
        List<ZeekStream> open = new ArrayList<>();
        for (ZeekStream stream : all) {
            if (stream.next()) {
                open.add(stream);
            }
        }
        while (!open.isEmpty()) {
            ZeekStream next = first(open);
            join.row(next.kind(), next.file());
            if (!next.next()) {
                open.remove(next);
                read.accept(sum(all).bytes());
            }
        }
        join.end();
        return sum(all);
    }

    private static Map<ZeekKind, List<ZeekFile.Sight>> sorted(List<Path> logs, Function<Path, Faults> faults) {
        Map<ZeekKind, List<ZeekFile.Sight>> kinds = new EnumMap<>(ZeekKind.class);
        for (Path log : logs) {
            try {
                Optional<ZeekFile.Sight> sight = ZeekFile.sight(log);
                // One without any row is read all the same: its lines may be broken.
                ZeekFile.Sight seen = sight.orElse(new ZeekFile.Sight(log, ZeekKind.CONN, Long.MAX_VALUE));
                if (seen.kind() != ZeekKind.OTHER) {
                    kinds.computeIfAbsent(seen.kind(), kind -> new ArrayList<>())
                            .add(seen);
                }
            } catch (IOException e) {
                faults.apply(log).whole(Input.text(e));
            }
        }
        kinds.values()
                .forEach(files -> files.sort(
                        Comparator.comparingLong(ZeekFile.Sight::firstMicros).thenComparing(ZeekFile.Sight::path)));
        return kinds;
    }

    private static ZeekStream first(List<ZeekStream> open) {
        ZeekStream first = open.get(0);
        for (ZeekStream stream : open) {
            if (stream.due() < first.due()) {
                first = stream;
            }
        }
        return first;
    }

    private static Sum sum(List<ZeekStream> all) {
        return new Sum(
                all.stream().mapToLong(ZeekStream::bytes).sum(),
                all.stream().mapToLong(ZeekStream::rows).sum());
    }
}
