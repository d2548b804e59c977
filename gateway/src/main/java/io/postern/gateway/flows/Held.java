package io.postern.gateway.flows;

import org.jspecify.annotations.Nullable;

/**
 * Until when no more of a throttled flow is read, each way: what has been read is passed on at once and paid for before the
 * next. Belongs to the flow's loop; takes a deadline of its clock when it is first needed, and no timer.
 */
final class Held {

    private final LoopClock clock;
    private final Runnable paid;
    private @Nullable Throttle throttle;
    private @Nullable Deadline deadline;
    /** By the clock; 0: not held. */
    private long outUntil;

    private long inUntil;

    /** @param paid told when it has changed what may be read */
    Held(LoopClock clock, Runnable paid) {
        this.clock = clock;
        this.paid = paid;
    }

    /** From now on what this throttle says, or nothing. What others owe it is waited for as well. */
    void by(@Nullable Throttle next) {
        if (throttle == next) {
            return;
        }
        boolean held = out() || in();
        long now = clock.now();
        throttle = next;
        outUntil = next == null ? 0 : until(next.out().owed(now), now);
        inUntil = next == null ? 0 : until(next.in().owed(now), now);
        await(now);
        if (held || out() || in()) {
            paid.run();
        }
    }

    boolean out() {
        return outUntil != 0;
    }

    boolean in() {
        return inUntil != 0;
    }

    /** Has gone out. */
    void sent(long bytes) {
        if (throttle != null) {
            long now = clock.now();
            outUntil = until(throttle.out().take(bytes, now), now);
            await(now);
        }
    }

    /** Has come in. */
    void received(long bytes) {
        if (throttle != null) {
            long now = clock.now();
            inUntil = until(throttle.in().take(bytes, now), now);
            await(now);
        }
    }

    boolean passesOut(int bytes) {
        return throttle == null || throttle.out().tryTake(bytes, clock.now());
    }

    boolean passesIn(int bytes) {
        return throttle == null || throttle.in().tryTake(bytes, clock.now());
    }

    private static long until(long wait, long now) {
        return wait > 0 ? now + wait : 0;
    }

    private void await(long now) {
        if (!out() && !in()) {
            return;
        }
        Deadline next = deadline;
        if (next == null) {
            next = clock.deadline(this::passed);
            deadline = next;
        }
        next.in(Math.min(left(outUntil, now), left(inUntil, now)));
    }

    private static long left(long until, long now) {
        return until == 0 ? Long.MAX_VALUE : until - now;
    }

    private void passed() {
        long now = clock.now();
        outUntil = outUntil - now > 0 ? outUntil : 0;
        inUntil = inUntil - now > 0 ? inUntil : 0;
        await(now);
        paid.run();
    }

    void end() {
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
