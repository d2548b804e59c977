package io.postern.gateway.replay;

import io.postern.wire.packet.Packet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The flows of a replay by their ends, and by when they last moved. Finding one allocates nothing. Holds so many: one more,
 * and the one that has been silent longest is let go. For one thread.
 */
final class FlowTable {

    private static final int FIRST_BUCKETS = 1 << 10;

    private final int most;
    private final Consumer<ReplayFlow> gone;
    private @Nullable ReplayFlow[] buckets = new @Nullable ReplayFlow[FIRST_BUCKETS];
    private int size;
    private @Nullable ReplayFlow oldest;
    private @Nullable ReplayFlow newest;

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
        if (size == most && oldest != null) {
            remove(oldest);
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
        if (flow != newest) {
            unlink(flow);
            append(flow);
        }
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

    /** Lets go of the longest silent ones while this is true of them; all of them if it always is. */
    void removeWhile(Predicate<ReplayFlow> over) {
        for (ReplayFlow flow = oldest; flow != null && over.test(flow); flow = oldest) {
            remove(flow);
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
        flow.older = newest;
        flow.newer = null;
        if (newest == null) {
            oldest = flow;
        } else {
            newest.newer = flow;
        }
        newest = flow;
    }

    private void unlink(ReplayFlow flow) {
        if (flow.older == null) {
            oldest = flow.newer;
        } else {
            flow.older.newer = flow.newer;
        }
        if (flow.newer == null) {
            newest = flow.older;
        } else {
            flow.newer.older = flow.older;
        }
    }
}
