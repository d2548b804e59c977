package io.postern.gateway.admin;

import io.postern.gateway.records.FlowRecord;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The last ends of flows, in a ring, and while somebody watches their beginnings too. What is kept was made for the
 * record file anyway: an end costs an addition and two stores, a beginning that nobody watches one read.
 *
 * <p>Any thread may add or read; readers never hold up writers.
 */
public final class FlowFeed {

    private final Ring<Happened> ring;

    /** What happened to a flow. */
    enum Kind {
        OPEN,
        CLOSE
    }

    /** @param sequence from 0, without gaps */
    record Event(long sequence, Kind kind, FlowRecord flow) {}

    private record Happened(Kind kind, FlowRecord flow) {}

    /**
     * @param size events kept
     * @param startedMillis tells the events of this run from those of another
     */
    public FlowFeed(int size, long startedMillis) {
        this.ring = new Ring<>(size, startedMillis);
    }

    public void closed(FlowRecord flow) {
        ring.add(new Happened(Kind.CLOSE, flow));
    }

    /** @param flow made only when somebody watches */
    public void opened(Supplier<FlowRecord> flow) {
        if (ring.watched()) {
            ring.add(new Happened(Kind.OPEN, flow.get()));
        }
    }

    public void forget(String device) {
        ring.forget(one -> one.flow().tag().device().equals(device));
    }

    /** Told after each event, on the thread that brought it; it must only note that. */
    void watch(Optional<Runnable> who) {
        ring.watch(who);
    }

    /** The sequence of the next event. */
    long next() {
        return ring.next();
    }

    /** The least sequence that may still be there. */
    long oldest() {
        return ring.oldest();
    }

    /** Empty when it has been overwritten, or when whoever brings it has not yet finished. */
    Optional<Event> at(long sequence) {
        return ring.at(sequence).map(one -> new Event(sequence, one.kind(), one.flow()));
    }

    int size() {
        return ring.size();
    }

    /** Names the run of the gateway that the sequences belong to. */
    String run() {
        return ring.run();
    }
}
