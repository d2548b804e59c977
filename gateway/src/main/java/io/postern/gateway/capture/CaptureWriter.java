package io.postern.gateway.capture;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes captures on a thread of its own, from a bounded queue; what that has no room for is dropped and counted. */
final class CaptureWriter {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureWriter.class);

    private static final int QUEUE = 4096;
    /** That wait for the disk. */
    private static final long MOST_WAITING = 8L << 20;

    private static final long IDLE_NANOS = Duration.ofMillis(20).toNanos();

    private final long mostBytes;
    private final String application;
    private final Clock clock;
    private final LongAdder dropped;
    private final MpscAtomicArrayQueue<Piece> queue = new MpscAtomicArrayQueue<>(QUEUE);
    /** That are to be closed: what they are of is not kept any more. */
    private final Queue<Armed> forgotten = new ConcurrentLinkedQueue<>();

    private final AtomicLong waiting = new AtomicLong();
    private final Map<Armed, CaptureFile> open = new HashMap<>();
    private final Thread writer = new Thread(this::run, "captures");
    private volatile boolean closing;

    /** Something to be written, on the writer's thread. */
    private record Piece(Armed armed, int bytes, Writing what) {}

    interface Writing {
        void to(CaptureFile file) throws IOException;
    }

    /**
     * @param mostBytes of a file
     * @param application that files say wrote them
     * @param dropped counts what was not written
     */
    CaptureWriter(long mostBytes, String application, Clock clock, LongAdder dropped) {
        this.mostBytes = mostBytes;
        this.application = application;
        this.clock = clock;
        this.dropped = dropped;
        writer.setDaemon(true);
    }

    void start() {
        writer.start();
    }

    /**
     * To be written, if there is room. Any thread; never waits.
     *
     * @param bytes that it holds meanwhile
     */
    void offer(Armed one, int bytes, Writing what) {
        if (waiting.addAndGet(bytes) > MOST_WAITING || closing || !queue.offer(new Piece(one, bytes, what))) {
            waiting.addAndGet(-bytes);
            dropped.increment();
        }
    }

    /** Nothing more is written of them; each is closed soon, which it tells. */
    void letGo(Collection<Armed> some) {
        for (Armed one : some) {
            one.gone().set(true);
            forgotten.add(one);
        }
        LockSupport.unpark(writer);
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            Piece piece = queue.poll();
            closeGone();
            if (piece == null) {
                closeOver();
                LockSupport.parkNanos(this, IDLE_NANOS);
            } else {
                waiting.addAndGet(-piece.bytes());
                write(piece);
            }
        }
        open.values().forEach(CaptureWriter::close);
    }

    private void write(Piece piece) {
        try {
            CaptureFile file = open.get(piece.armed());
            if (piece.armed().gone().get()) {
                return;
            }
            // What is over was closed, and stays as it is.
            if (file == null && clock.millis() >= piece.armed().untilMillis()) {
                return;
            }
            if (file == null) {
                file = new CaptureFile(
                        piece.armed().file(), mostBytes, piece.armed().comment(), application);
                open.put(piece.armed(), file);
            }
            piece.what().to(file);
        } catch (IOException | RuntimeException e) {
            dropped.increment();
            LOG.warn("a capture cannot be written finding={}: {}", piece.armed().finding(), e.toString());
        }
    }

    /** The writer's. */
    private void closeGone() {
        for (Armed one = forgotten.poll(); one != null; one = forgotten.poll()) {
            CaptureFile file = open.remove(one);
            if (file != null) {
                close(file);
            }
            one.closed().complete(null);
        }
    }

    /** The writer's: of what may not go on nobody needs the file any more. */
    private void closeOver() {
        long now = clock.millis();
        open.entrySet().removeIf(each -> {
            boolean over = now >= each.getKey().untilMillis();
            if (over) {
                close(each.getValue());
            }
            return over;
        });
    }

    private static void close(CaptureFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("a capture may not be whole: {}", e.toString());
        }
    }

    /** Writes what waits, for so long at most. */
    void close(Duration within) {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(within.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
