package io.postern.gateway.admin;

import io.postern.gateway.records.FlowRecord;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last ends of flows, in a ring, and while somebody watches their beginnings too. What is kept was made for the
 * record file anyway: an end costs an addition and two stores, a beginning that nobody watches one read.
 *
 * <p>Any thread may add or read; readers never hold up writers.
 */
public final class FlowFeed {

    private final AtomicReferenceArray<@Nullable Event> ring;
    private final AtomicLong next = new AtomicLong();
    private final String run;
    private volatile Optional<Runnable> watcher = Optional.empty();

    /** What happened to a flow. */
    enum Kind {
        OPEN,
        CLOSE
    }

    /** @param sequence from 0, without gaps */
    record Event(long sequence, Kind kind, FlowRecord flow) {}

    /**
     * @param size events kept
     * @param startedMillis tells the events of this run from those of another
     */
    public FlowFeed(int size, long startedMillis) {
        this.ring = new AtomicReferenceArray<>(size);
        this.run = Long.toString(startedMillis, Character.MAX_RADIX);
    }

    public void closed(FlowRecord flow) {
        add(Kind.CLOSE, flow);
    }

    /** @param flow made only when somebody watches */
    public void opened(Supplier<FlowRecord> flow) {
        if (watcher.isPresent()) {
            add(Kind.OPEN, flow.get());
        }
    }

    private void add(Kind kind, FlowRecord flow) {
        long sequence = next.getAndIncrement();
        ring.set((int) (sequence % ring.length()), new Event(sequence, kind, flow));
        watcher.ifPresent(Runnable::run);
    }

    /** Told after each event, on the thread that brought it; it must only note that. */
    void watch(Optional<Runnable> who) {
        watcher = who;
    }

    /** The sequence of the next event. */
    long next() {
        return next.get();
    }

    /** The least sequence that may still be there. */
    long oldest() {
        return Math.max(0, next.get() - ring.length());
    }

    /** Empty when it has been overwritten, or when whoever brings it has not yet finished. */
    Optional<Event> at(long sequence) {
        Event event = ring.get((int) (sequence % ring.length()));
        return Optional.ofNullable(event).filter(found -> found.sequence() == sequence);
    }

    int size() {
        return ring.length();
    }

    /** Names the run of the gateway that the sequences belong to. */
    String run() {
        return run;
    }
}
