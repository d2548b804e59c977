package io.postern.gateway.replay;

import io.postern.wire.packet.Packet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The flows of a replay by their ends, and of each {@link Life} by when they last moved. Finding one allocates nothing. Holds
 * so many: one more, and the one that has been silent longest is let go. For one thread.
 */
final class FlowTable {

    private static final int FIRST_BUCKETS = 1 << 10;
    private static final Life[] LIVES = Life.values();

    private final int most;
    private final Consumer<ReplayFlow> gone;
    private @Nullable ReplayFlow[] buckets = new @Nullable ReplayFlow[FIRST_BUCKETS];
    private int size;
    private final @Nullable ReplayFlow[] oldest = new @Nullable ReplayFlow[LIVES.length];
    private final @Nullable ReplayFlow[] newest = new @Nullable ReplayFlow[LIVES.length];

    /** @param gone told of each flow that leaves */
    FlowTable(int most, Consumer<ReplayFlow> gone) {
        this.most = most;
        this.gone = gone;
    }

    int size() {
        return size;
    }

    /** Whichever end sent it. */
    @Nullable
    ReplayFlow find(Packet packet, int hash) {
        for (ReplayFlow flow = buckets[hash & buckets.length - 1]; flow != null; flow = flow.next) {
            if (flow.hash == hash && (flow.ends.sentByClient(packet) || flow.ends.sentByServer(packet))) {
                return flow;
            }
        }
        return null;
    }

    void add(ReplayFlow flow) {
        if (size == most) {
            removeOldest();
        }
        if (size == buckets.length) {
            grow();
        }
        size++;
        bucket(flow);
        append(flow);
    }

    /** It has moved just now. */
    void touch(ReplayFlow flow) {
        if (flow != newest[flow.life.place]) {
            unlink(flow);
            append(flow);
        }
    }

    /** It lives by other rules from here on. */
    void turn(ReplayFlow flow, Life to) {
        unlink(flow);
        flow.life = to;
        append(flow);
    }

    void remove(ReplayFlow flow) {
        size--;
        unlink(flow);
        int bucket = flow.hash & buckets.length - 1;
        ReplayFlow before = buckets[bucket];
        if (before == flow) {
            buckets[bucket] = flow.next;
        } else {
            while (before != null && before.next != flow) {
                before = before.next;
            }
            if (before != null) {
                before.next = flow.next;
            }
        }
        flow.next = null;
        gone.accept(flow);
    }

    /** Lets go of those that are over by now. */
    void removeSilent(long now) {
        for (Life life : LIVES) {
            ReplayFlow flow = oldest[life.place];
            while (flow != null && now - flow.lastMicros() > life.micros) {
                remove(flow);
                flow = oldest[life.place];
            }
        }
    }

    /** Lets go of all, those first that have been silent longest. */
    void removeAll() {
        while (size > 0) {
            removeOldest();
        }
    }

    private void removeOldest() {
        ReplayFlow first = null;
        for (ReplayFlow flow : oldest) {
            if (flow != null && (first == null || flow.lastMicros() < first.lastMicros())) {
                first = flow;
            }
        }
        if (first != null) {
            remove(first);
        }
    }

    private void grow() {
        @Nullable ReplayFlow[] old = buckets;
        buckets = new @Nullable ReplayFlow[2 * old.length];
        for (ReplayFlow first : old) {
            ReplayFlow flow = first;
            while (flow != null) {
                ReplayFlow next = flow.next;
                bucket(flow);
                flow = next;
            }
        }
    }

    private void bucket(ReplayFlow flow) {
        int bucket = flow.hash & buckets.length - 1;
        flow.next = buckets[bucket];
        buckets[bucket] = flow;
    }

    private void append(ReplayFlow flow) {
        int list = flow.life.place;
        ReplayFlow last = newest[list];
        flow.older = last;
        flow.newer = null;
        if (last == null) {
            oldest[list] = flow;
        } else {
            last.newer = flow;
        }
        newest[list] = flow;
    }

    private void unlink(ReplayFlow flow) {
        int list = flow.life.place;
        if (flow.older == null) {
            oldest[list] = flow.newer;
        } else {
            flow.older.newer = flow.newer;
        }
        if (flow.newer == null) {
            newest[list] = flow.older;
        } else {
            flow.newer.older = flow.older;
        }
    }
}
