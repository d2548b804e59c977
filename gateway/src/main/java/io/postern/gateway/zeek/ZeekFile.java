package io.postern.gateway.zeek;

import io.postern.gateway.input.Faults;
import io.postern.gateway.input.Input;
import io.postern.gateway.input.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** One log of Zeek's, row by row. Lines that are broken are passed over and told of. */
final class ZeekFile implements Closeable {

    private final Input input;
    private final Faults faults;
    private final Lines lines;
    private final ZeekLines reader = new ZeekLines();
    private final ZeekRow row = new ZeekRow();
    private boolean over;

    ZeekFile(Input input, Faults faults) {
        this.input = input;
        this.faults = faults;
        this.lines = new Lines(input.stream());
    }

    /** What a log is, and when its first row was. */
    record Sight(Path path, ZeekKind kind, long firstMicros) {}

    /** Looks at the beginning of a log; nothing where it has no row that can be read. */
    static Optional<Sight> sight(Path path) throws IOException {
        try (ZeekFile file = new ZeekFile(Input.open(path), new Faults(what -> {}))) {
            while (file.next()) {
                long at = file.row.micros(ZeekField.TS);
                if (at >= 0) {
                    return Optional.of(new Sight(path, file.reader.kind().orElse(ZeekKind.OTHER), at));
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Goes to the next row that can be read. A fault of the file is told of and ends it.
     *
     * @return false when there is none
     */
    boolean next() {
        try {
            while (!over && lines.next()) {
                if (lines.tooLong()) {
                    faults.line(lines.number(), "is over " + Lines.LONGEST + " bytes");
                    continue;
                }
                switch (reader.read(lines.bytes(), lines.from(), lines.to(), row)) {
                    case ROW -> {
                        return true;
                    }
                    case BROKEN -> faults.line(lines.number(), reader.wrong());
                    case NOTHING -> {
                        // A header.
                    }
                }
            }
        } catch (IOException e) {
            faults.whole(Input.text(e));
        }
        over = true;
        return false;
    }

    /** The row it has gone to. */
    ZeekRow row() {
        return row;
    }

    /** What is wrong with that row. */
    void broken(String what) {
        faults.line(lines.number(), what);
    }

    /** Bytes of the file read by now. */
    long bytes() {
        return input.bytes();
    }

    @Override
    public void close() throws IOException {
        faults.end();
        input.close();
    }
}
