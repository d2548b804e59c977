package io.postern.gateway.zeek;

import io.postern.gateway.input.Faults;
import io.postern.gateway.input.Input;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All logs of one kind, one after another, as if they were one. */
final class ZeekStream {

    private static final long DAY = Duration.ofDays(1).toNanos() / 1_000;

    /** What others say of a connection is written before it, if not much. */
    private static final long SLACK = Duration.ofSeconds(10).toNanos() / 1_000;

    private final ZeekKind kind;
    private final Deque<Path> files;
    private final Function<Path, Faults> faults;
    private @Nullable ZeekFile current;
    private long due = Long.MIN_VALUE;
    private long bytesBefore;
    private long rows;

    ZeekStream(ZeekKind kind, List<Path> files, Function<Path, Faults> faults) {
        this.kind = kind;
        this.files = new ArrayDeque<>(files);
        this.faults = faults;
    }

    ZeekKind kind() {
        return kind;
    }

    /**
     * Goes to the next row that has a time.
     *
     * @return false when there is none
     */
    boolean next() throws IOException {
        while (true) {
            ZeekFile file = current;
            if (file == null) {
                Path path = files.poll();
                if (path == null) {
                    return false;
                }
                open(path);
            } else if (!file.next()) {
                bytesBefore += file.bytes();
                file.close();
                current = null;
            } else if (file.row().micros(ZeekField.TS) < 0) {
                file.broken("ts is no time");
            } else {
                rows++;
                follow(file.row());
                return true;
            }
        }
    }

    private void open(Path path) {
        Faults wrong = faults.apply(path);
        try {
            current = new ZeekFile(Input.open(path), wrong);
        } catch (IOException e) {
            wrong.whole(Input.text(e));
        }
    }

    /** A row that is dated far ahead does not hold up those behind it. */
    private void follow(ZeekRow row) {
        long at = row.micros(ZeekField.TS);
        if (kind == ZeekKind.CONN || kind == ZeekKind.OPEN_CONN) {
            at += Math.max(0, row.micros(ZeekField.DURATION)) + SLACK;
        }
        due = due == Long.MIN_VALUE ? at : Math.min(at, due + DAY);
    }

    /** By when, of all rows of all logs, the one it has gone to is to be read: about in the order of their writing. */
    long due() {
        return due;
    }

    ZeekFile file() {
        if (current == null) {
            throw new IllegalStateException("a stream that has not begun");
        }
        return current;
    }

    long bytes() {
        return bytesBefore + (current == null ? 0 : current.bytes());
    }

    long rows() {
        return rows;
    }
}
