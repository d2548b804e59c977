package io.postern.gateway.replay;

import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.detect.Telling;
import io.postern.gateway.facts.NativeEvents;
import io.postern.gateway.facts.Told;
import io.postern.gateway.input.Faults;
import io.postern.gateway.input.Input;
import io.postern.gateway.input.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Facts of a file, native events a line each, in order of time as far as {@value #AHEAD} of them reach: sources tell late, and
 * not in order. Lines that are none are passed over and told of.
 */
final class FactFile implements Telling.Facts, Closeable {

    static final int AHEAD = 65_536;

    /** Reads one line. */
    interface Reader {

        /**
         * @param wrong told what is wrong with it
         * @return null if it is no event
         */
        @Nullable
        ContextEvent read(byte[] bytes, int from, int to, Consumer<String> wrong);
    }

    private static final NativeEvents EVENTS = new NativeEvents();

    private final Input input;
    private final Faults faults;
    private final Reader reader;
    private final Lines lines;
    private final PriorityQueue<ContextEvent> next = new PriorityQueue<>(
            Comparator.comparingLong(ContextEvent::timeMillis).thenComparing(ContextEvent::id));
    private long read;
    private boolean over;

    private FactFile(Input input, Faults faults, Reader reader) {
        this.input = input;
        this.faults = faults;
        this.reader = reader;
        this.lines = new Lines(input.stream());
    }

    /**
     * Of native events.
     *
     * @throws IOException if it cannot be opened
     */
    static FactFile open(Path file, Faults faults) throws IOException {
        return open(file, faults, FactFile::event);
    }

    /** @throws IOException if it cannot be opened */
    static FactFile open(Path file, Faults faults, Reader reader) throws IOException {
        return new FactFile(Input.open(file), faults, reader);
    }

    private static @Nullable ContextEvent event(byte[] bytes, int from, int to, Consumer<String> wrong) {
        Told told = EVENTS.line(bytes, from, to);
        if (told instanceof Told.Fault fault) {
            wrong.accept(fault.pointer() + (fault.pointer().isEmpty() ? "" : " ") + fault.problem());
        }
        return told instanceof Told.Event event ? event.event() : null;
    }

    @Override
    public @Nullable ContextEvent until(long atMillis) {
        fill();
        ContextEvent first = next.peek();
        return first == null || first.timeMillis() > atMillis ? null : next.poll();
    }

    /** Events that it had. */
    long read() {
        return read;
    }

    @Override
    public void close() throws IOException {
        faults.end();
        input.close();
    }

    private void fill() {
        try {
            while (!over && next.size() < AHEAD) {
                over = !lines.next();
                if (!over && lines.tooLong()) {
                    faults.line(lines.number(), "is over " + Lines.LONGEST + " bytes");
                } else if (!over && lines.from() < lines.to()) {
                    take();
                }
            }
        } catch (IOException e) {
            over = true;
            faults.whole(Input.text(e));
        }
    }

    private void take() {
        ContextEvent event =
                reader.read(lines.bytes(), lines.from(), lines.to(), what -> faults.line(lines.number(), what));
        if (event != null) {
            read++;
            next.add(event);
        }
    }
}
