package io.postern.gateway.records;

import io.postern.config.GatewaySettings.RecordFile;
import io.postern.gateway.meters.Counters;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records of one kind from event loops and writes them down on a thread of its own.
 *
 * <pre>
 * event loops → bounded queue → one thread → lines of one batch → rotating file
 * </pre>
 *
 * {@link #write} never waits: when the queue is full the record is dropped and counted. While the file cannot be
 * written one batch is kept and tried again every second, so nothing is lost before the queue is full.
 */
public final class RecordLines<T> implements AutoCloseable {
    /** How long {@link #close()} may take to write what is queued. */
    public static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    /** What the writer needs beyond that to force the file to the disk. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(RecordLines.class);

    /** A reader of the file sees a record this much after its flow ended; waking the thread for each would cost more. */
    private static final long IDLE_NANOS = Duration.ofMillis(20).toNanos();

    private static final long LOOK_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration SETTLE_WITHIN = Duration.ofSeconds(10);
    private static final int MAX_BATCH_BYTES = 64 * 1024;

    private final MpscAtomicArrayQueue<T> queue;
    private final Queue<Settling> settling = new ConcurrentLinkedQueue<>();
    private final Counters<DropReason> dropped;
    private final UnaryOperator<T> told;
    private final BiConsumer<T, OutputStream> renderer;
    private final Consumer<T> logged;
    private final @Nullable RotatingFile file;
    private final RecordFile settings;
    private final int batchBytes;
    private final LineBuffer batch = new LineBuffer();
    private final Thread writer;

    private final Retention retention;
    private long nextLook = System.nanoTime();
    private boolean faultLogged;

    /** Set by the writer; tells whoever finds the queue full why it is. */
    private volatile boolean failing;

    private volatile boolean closing;
    private volatile long closeBy;

    private RecordLines(
            String name,
            RecordFile settings,
            UnaryOperator<T> told,
            BiConsumer<T, OutputStream> renderer,
            Consumer<T> logged,
            Counters<DropReason> dropped,
            Retention retention) {
        this.retention = retention;
        this.settings = settings;
        this.dropped = dropped;
        this.told = told;
        this.renderer = renderer;
        this.logged = logged;
        this.queue = new MpscAtomicArrayQueue<>(settings.queue());
        this.file = settings.file()
                .map(path -> new RotatingFile(path, settings.maxSize(), settings.keep()))
                .orElse(null);
        this.batchBytes = (int) Math.min(MAX_BATCH_BYTES, settings.maxSize());
        this.writer = new Thread(this::run, name);
        writer.setDaemon(true);
    }

    /**
     * Starts writing. A file that cannot be opened is no error here: it is logged, counted and tried again.
     *
     * @param name of the thread
     * @param settings without a file, records only become log lines
     * @param told what may be told of each record; on the thread that writes
     * @param renderer writes one line with its end; on the thread that writes
     * @param logged told of each record before, on that thread
     * @param retention which lines go by their age
     */
    static <T> RecordLines<T> start(
            String name,
            RecordFile settings,
            UnaryOperator<T> told,
            BiConsumer<T, OutputStream> renderer,
            Consumer<T> logged,
            Counters<DropReason> dropped,
            Retention retention) {
        RecordLines<T> records = new RecordLines<>(name, settings, told, renderer, logged, dropped, retention);
        records.writer.start();
        return records;
    }

    /** Hands a record over; never waits and never throws. Any thread may call. */
    public void write(T record) {
        if (closing) {
            dropped.count(DropReason.STOPPED);
        } else if (!queue.offer(record)) {
            dropped.count(failing ? DropReason.UNWRITABLE : DropReason.QUEUE_FULL);
        }
    }

    /** Writes what is queued and stops; what cannot be written in this time is dropped and counted. */
    public void close(Duration within) {
        if (!closing) {
            closeBy = System.nanoTime() + within.toNanos();
            closing = true;
        }
        LockSupport.unpark(writer);
        try {
            writer.join(within.plus(GRACE).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #close(Duration)}, within {@link #CLOSE_WITHIN}. */
    @Override
    public void close() {
        close(CLOSE_WITHIN);
    }

    private void run() {
        try {
            while (!finished()) {
                fill();
                look();
                if (batch.length() == 0) {
                    settle();
                    pause(IDLE_NANOS);
                } else if (store()) {
                    batch.clear();
                    settle();
                } else {
                    pause(RETRY_NANOS);
                }
            }
            dropped.count(DropReason.UNWRITABLE, batch.lines() + queue.drain(lost -> {}));
        } catch (Error e) {
            // Such as want of memory. Nobody writes from here on, which the gateway's health says.
            closing = true;
            dropped.count(DropReason.FAULT, batch.lines() + queue.drain(lost -> {}));
            LOG.error("{} are not written any more", writer.getName(), e);
        } finally {
            closeFile();
        }
    }

    /** Whether records are still being written, or will be once the file takes them. */
    public boolean alive() {
        return writer.isAlive();
    }

    /** @param until how many records had been handed over */
    private record Settling(long until, CompletableFuture<Void> done) {}

    /**
     * Takes the lines about a device out of the file and those set aside, also those that were handed over and not yet written. Waits for the
     * disk.
     *
     * @return lines
     * @throws IOException when not all of them could be
     */
    public long erase(DeviceLines device) throws IOException {
        if (file == null) {
            return 0;
        }
        Settling settled = new Settling(queue.currentProducerIndex(), new CompletableFuture<>());
        settling.add(settled);
        LockSupport.unpark(writer);
        try {
            settled.done.get(SETTLE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(path() + ": what waits for it cannot be written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(path() + ": interrupted");
        }
        return file.erase(device);
    }

    /** Nothing waits in the batch. */
    private void settle() {
        for (Settling next = settling.peek();
                next != null && queue.currentConsumerIndex() >= next.until;
                next = settling.peek()) {
            settling.remove();
            next.done.complete(null);
        }
    }

    private boolean finished() {
        boolean done = batch.length() == 0 && queue.isEmpty();
        return closing && (done || System.nanoTime() - closeBy >= 0);
    }

    private void pause(long nanos) {
        long most = closing ? Math.min(nanos, Math.max(1, closeBy - System.nanoTime())) : nanos;
        LockSupport.parkNanos(this, most);
    }

    private void fill() {
        while (batch.length() < batchBytes) {
            T record = queue.poll();
            if (record == null) {
                return;
            }
            T known = told.apply(record);
            logged.accept(known);
            if (file != null) {
                render(known);
            }
        }
    }

    private void render(T record) {
        try {
            renderer.accept(record, batch);
            batch.endLine();
        } catch (RuntimeException e) {
            batch.dropLine();
            dropped.count(DropReason.FAULT);
            if (!faultLogged) {
                faultLogged = true;
                LOG.error("a record could not be rendered; the next ones are only counted", e);
            }
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (file == null || now - nextLook < 0) {
            return;
        }
        nextLook = now + LOOK_NANOS;
        try {
            file.look(retention);
        } catch (IOException e) {
            LOG.warn("old records cannot be let go of at {}: {}", path(), e.toString());
        }
    }

    private boolean store() {
        if (file == null) {
            return true;
        }
        try {
            file.append(batch.view());
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                failing = true;
                LOG.warn("records cannot be written to {}: {}", path(), e.toString());
            }
            return false;
        }
        if (failing) {
            failing = false;
            LOG.info("records are written to {} again", path());
        }
        return true;
    }

    private void closeFile() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.warn("records may be missing from {}: {}", path(), e.toString());
        }
    }

    private String path() {
        return settings.file().map(Object::toString).orElse("-");
    }
}
