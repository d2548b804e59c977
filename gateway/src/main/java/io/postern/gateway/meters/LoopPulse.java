package io.postern.gateway.meters;

import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Do the event loops still turn? Each runs a beat once a second; how late it comes is the loop's lag, and a loop whose
 * beat is missing is stuck in something that blocks.
 */
public final class LoopPulse implements AutoCloseable {
    private static final long BEAT = TimeUnit.SECONDS.toNanos(1);

    private final List<Loop> loops = new ArrayList<>();

    /** Starts beating on every loop of a group. */
    public LoopPulse(Iterable<EventExecutor> executors, Meters meters) {
        for (EventExecutor executor : executors) {
            loops.add(new Loop(executor, meters.loopLag()));
        }
    }

    /** Whether every loop has beaten within this time; choose a few seconds, a collection may pause them all. */
    public boolean beating(Duration within) {
        return loops.stream().allMatch(loop -> loop.now() - loop.last <= within.toNanos());
    }

    @Override
    public void close() {
        loops.forEach(loop -> loop.beats.cancel(false));
    }

    private static final class Loop {
        private final EventExecutor executor;
        private final Timer lag;
        private final Future<?> beats;

        private volatile long last;

        Loop(EventExecutor executor, Timer lag) {
            this.executor = executor;
            this.lag = lag;
            this.last = now();
            this.beats = executor.scheduleWithFixedDelay(this::beat, BEAT, BEAT, TimeUnit.NANOSECONDS);
        }

        private void beat() {
            long now = now();
            lag.record(Math.max(0, now - last - BEAT), TimeUnit.NANOSECONDS);
            last = now;
        }

        /** On the loop's own ticker, which may be asked on any thread. */
        private long now() {
            return executor.ticker().nanoTime();
        }
    }
}
