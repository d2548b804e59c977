package io.postern.gateway.records;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How old lines may become, and which are still needed. Any thread may ask. */
public final class Retention {

    /** Files go by their number alone. */
    public static final Retention NONE = new Retention(Duration.ZERO, () -> 0);

    private final Duration keepFor;
    private final LongSupplier now;
    /** Until somebody knows better, all are. */
    private volatile LongSupplier needed = () -> Long.MIN_VALUE;

    /**
     * @param keepFor zero: for ever
     * @param now Unix milliseconds, as far as they are believed
     */
    public Retention(Duration keepFor, LongSupplier now) {
        this.keepFor = keepFor;
        this.now = now;
    }

    /** @param since Unix milliseconds from which on lines are needed, whatever their age; asked by the thread that writes */
    public void needed(LongSupplier since) {
        needed = since;
    }

    boolean limited() {
        return !keepFor.isZero();
    }

    long nowMillis() {
        return now.getAsLong();
    }

    /** How long one file may be written to where there are so many beside it. */
    long turnMillis(int files) {
        return keepFor.toMillis() / Math.max(1, files);
    }

    /** What was written last before this may go. */
    long oldestMillis() {
        return Math.min(nowMillis() - keepFor.toMillis(), needed.getAsLong());
    }
}
