package io.postern.gateway.quarantine;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long quarantines have still to last by a clock that nobody sets: one that was begun while the wall clock was ahead lasts as
 * long as it was to, not as long as the clock was wrong besides. For one thread at a time.
 */
final class Spans {

    /** Ours: less than this is no clock that was wrong. */
    private static final long TOLERANCE_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private final LongSupplier nanos;
    private final Map<String, Long> ends = new HashMap<>();

    Spans(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** It has begun, or its time has changed, by this wall clock. */
    void lasts(Quarantine one, long nowMillis) {
        if (one.sticky()) {
            ends.remove(one.id());
        } else {
            lasts(one.id(), one.untilMillis() - nowMillis);
        }
    }

    /** It stood when the process before this one ended. One that begins later than now has its whole time before it. */
    void goesOn(Quarantine one, long nowMillis) {
        if (!one.sticky()) {
            lasts(one.id(), one.untilMillis() - Math.max(nowMillis, one.sinceMillis()));
        }
    }

    private void lasts(String id, long millis) {
        ends.put(id, nanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void ended(Quarantine one) {
        ends.remove(one.id());
    }

    /** The same with the time it was to have, where the wall clock says it would last longer. */
    Optional<Quarantine> mended(Quarantine one, long nowMillis) {
        Long end = ends.get(one.id());
        if (end == null || one.sticky()) {
            return Optional.empty();
        }
        long until = nowMillis + TimeUnit.NANOSECONDS.toMillis(end - nanos.getAsLong());
        return one.untilMillis() - until > TOLERANCE_MILLIS
                ? Optional.of(one.until(until, nowMillis))
                : Optional.empty();
    }
}
