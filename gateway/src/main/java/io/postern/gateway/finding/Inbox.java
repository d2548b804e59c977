package io.postern.gateway.finding;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/** A bounded queue and the thread that sees to it: when something comes, and every five seconds. Whoever offers never waits. */
final class Inbox<E> {

    private static final long IDLE_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();

    private final MessagePassingQueue<E> queue;
    private final IntSupplier take;
    private final Runnable look;
    private final Thread thread;
    private volatile boolean idle;
    private volatile boolean closing;

    /**
     * @param name of the thread
     * @param most that wait at most
     * @param take drains some, and tells how many
     * @param look what is to be done every five seconds
     */
    Inbox(String name, int most, IntSupplier take, Runnable look) {
        this.queue = new MpscAtomicArrayQueue<>(most);
        this.take = take;
        this.look = look;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** False when it is full or closed. Any thread. */
    boolean offer(E one) {
        return !closing && queue.offer(one);
    }

    /** What was offered is taken now rather than at the next look for it. Any thread. */
    void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** For one thread at a time. */
    int drain(MessagePassingQueue.Consumer<E> what, int most) {
        return queue.drain(what, most);
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int capacity() {
        return queue.capacity();
    }

    private void run() {
        long lookAt = System.nanoTime() + LOOK_NANOS;
        while (!closing || !queue.isEmpty()) {
            int done = take.getAsInt();
            long now = System.nanoTime();
            if (now - lookAt >= 0) {
                look.run();
                lookAt = now + LOOK_NANOS;
            }
            if (done == 0 && !closing) {
                idle = true;
                if (queue.isEmpty()) {
                    LockSupport.parkNanos(this, IDLE_NANOS);
                }
                idle = false;
            }
        }
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** Takes what waits, for so long at most, and nothing more. */
    void close(Duration within) {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(within.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
