package io.postern.gateway.replay;

import io.postern.gateway.detect.FlowReader;
import io.postern.gateway.input.Input;
import io.postern.gateway.input.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a flow log, read and taken apart on a thread of their own while those before them are told: some
 * {@value #BATCHES} batches of {@value #BATCH_BYTES} bytes ahead, in the order of the log.
 */
final class LinesAhead implements Closeable {

    private static final int BATCHES = 4;
    private static final int BATCH_BYTES = 256 * 1024;

    /** One line. */
    interface Taker {

        /** @param line what the bytes between these positions say; empty of a line that is too long to be read */
        void line(byte[] bytes, int from, int to, long number, FlowReader.@Nullable Read line) throws IOException;
    }

    /** Some lines, one behind the other. */
    private static final class Batch {
        byte[] bytes = new byte[BATCH_BYTES];
        final List<FlowReader.@Nullable Read> lines = new ArrayList<>();
        long[] numbers = new long[128];
        int[] ends = new int[128];
        /** Of the input, by its end. */
        long read;

        long number;
        boolean last;

        /** What ended it, if not the log's end. */
        @Nullable
        Throwable fault;

        void add(long number, FlowReader.@Nullable Read line, byte[] from, int at, int length) {
            int count = lines.size();
            int begin = count == 0 ? 0 : ends[count - 1];
            if (begin + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, begin + length);
            }
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            System.arraycopy(from, at, bytes, begin, length);
            ends[count] = begin + length;
            numbers[count] = number;
            lines.add(line);
        }

        boolean full() {
            return !lines.isEmpty() && ends[lines.size() - 1] >= BATCH_BYTES - (BATCH_BYTES >> 4);
        }
    }

    private final Input input;
    private final FlowReader reader;
    private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread = new Thread(this::read, "replay-read");
    private long bytes;
    private long number;

    /** @param reader which nobody else uses until this is closed */
    LinesAhead(Input input, FlowReader reader) {
        this.input = input;
        this.reader = reader;
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Hands over the next lines.
     *
     * @return false when there are none any more
     * @throws IOException as reading did, once all before it were handed over; also what {@code to} throws
     */
    boolean next(Taker to) throws IOException {
        Batch batch;
        try {
            batch = batches.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        int from = 0;
        for (int i = 0; i < batch.lines.size(); i++) {
            to.line(batch.bytes, from, batch.ends[i], batch.numbers[i], batch.lines.get(i));
            from = batch.ends[i];
        }
        bytes = batch.read;
        number = batch.number;
        failed(batch.fault);
        return !batch.last;
    }

    private static void failed(@Nullable Throwable fault) throws IOException {
        if (fault instanceof IOException e) {
            throw e;
        }
        if (fault instanceof RuntimeException e) {
            throw e;
        }
        if (fault instanceof Error e) {
            throw e;
        }
    }

    /** Of the input, as far as it was handed over. */
    long bytes() {
        return bytes;
    }

    /** Lines by now. */
    long number() {
        return number;
    }

    /** Reads no further. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void read() {
        Lines lines = new Lines(input.stream());
        Batch batch = new Batch();
        try {
            while (lines.next()) {
                if (lines.tooLong()) {
                    batch.add(lines.number(), null, lines.bytes(), 0, 0);
                } else if (lines.from() < lines.to()) {
                    batch.add(
                            lines.number(),
                            reader.read(lines.bytes(), lines.from(), lines.to()),
                            lines.bytes(),
                            lines.from(),
                            lines.to() - lines.from());
                }
                if (batch.full()) {
                    hand(batch, lines);
                    batch = new Batch();
                }
            }
        } catch (InterruptedException e) {
            return;
        } catch (Throwable e) {
            // An Error too: whoever waits for lines waits for ever otherwise.
            batch.fault = e;
        }
        batch.last = true;
        try {
            hand(batch, lines);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hand(Batch batch, Lines lines) throws InterruptedException {
        batch.read = input.bytes();
        batch.number = lines.number();
        batches.put(batch);
    }
}
