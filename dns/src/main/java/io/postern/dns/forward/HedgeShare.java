package io.postern.dns.forward;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Questions that may be asked of a second server while the first has not answered: one for each {@value #EACH} that are
 * asked, {@value #SAVED} at a time at most, so that servers which are slow for all are not asked twice as much. Thread-safe.
 */
final class HedgeShare {

    private static final int EACH = 20;
    private static final int SAVED = 50;

    private final AtomicInteger saved = new AtomicInteger(SAVED * EACH);
    private final AtomicLong taken = new AtomicLong();

    /** A question is asked. */
    void asked() {
        if (saved.get() < SAVED * EACH) {
            saved.incrementAndGet();
        }
    }

    /** Whether there may be one more, unless somebody else takes it first. */
    boolean any() {
        return saved.get() >= EACH;
    }

    /** Whether there may be one more, which then is taken. */
    boolean take() {
        while (true) {
            int before = saved.get();
            if (before < EACH) {
                return false;
            }
            if (saved.compareAndSet(before, before - EACH)) {
                taken.incrementAndGet();
                return true;
            }
        }
    }

    long taken() {
        return taken.get();
    }
}
