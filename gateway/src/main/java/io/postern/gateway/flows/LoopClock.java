package io.postern.gateway.flows;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlines of one event loop, looked at ten times a second.
 *
 * <p>A timer per connection would cost each short flow an insertion into and a removal from the loop's sorted queue.
 * A flow's deadlines are seconds, so a scan is exact enough and costs 1 ms per 100,000 connections and tick.
 */
public final class LoopClock {

    /** How late a deadline can be noticed. */
    public static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger LOG = LoggerFactory.getLogger(LoopClock.class);

    private final EventExecutor loop;
    private final List<Deadline> deadlines = new ArrayList<>();

    /** @param loop the only thread that may touch this clock */
    public LoopClock(EventExecutor loop) {
        this.loop = loop;
        loop.scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Nanoseconds on the loop's own ticker. */
    public long now() {
        return loop.ticker().nanoTime();
    }

    /** A deadline that is not yet set. */
    public Deadline deadline(Runnable missed) {
        Deadline deadline = new Deadline(this, missed);
        deadline.index = deadlines.size();
        deadlines.add(deadline);
        return deadline;
    }

    void remove(Deadline deadline) {
        if (deadline.index < 0) {
            return;
        }
        Deadline last = deadlines.remove(deadlines.size() - 1);
        if (last != deadline) {
            deadlines.set(deadline.index, last);
            last.index = deadline.index;
        }
        deadline.index = -1;
    }

    private void tick() {
        long now = now();
        // Backwards: a missed deadline usually cancels itself, and then the last one takes its place.
        for (int i = deadlines.size() - 1; i >= 0; i--) {
            if (i < deadlines.size() && deadlines.get(i).due(now)) {
                miss(deadlines.get(i));
            }
        }
    }

    /** A repeated task that throws is never run again, and with it every deadline of this loop. */
    private static void miss(Deadline deadline) {
        try {
            deadline.miss();
        } catch (RuntimeException e) {
            LOG.error("what was to happen at a deadline failed", e);
        }
    }
}
