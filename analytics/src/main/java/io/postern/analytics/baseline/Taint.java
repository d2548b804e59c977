package io.postern.analytics.baseline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What speaks against one destination, and when each cause of it was last seen; some 200 bytes and 64 a cause. */
final class Taint {

    /** Beyond it the one that was told longest ago is forgotten. */
    static final int MOST_CAUSES = 8;

    /** Its time is not known: it counts from the next look on. */
    static final long UNDATED = 0;

    private final Map<Cause, Long> lastMillis = new LinkedHashMap<>();
    private long firstMillis;

    Taint(long firstMillis) {
        this.firstMillis = firstMillis;
    }

    static Taint of(Cause cause, long atMillis) {
        Taint taint = new Taint(atMillis);
        taint.add(cause, atMillis);
        return taint;
    }

    void add(Cause cause, long atMillis) {
        Long before = lastMillis.remove(cause);
        if (before == null && lastMillis.size() == MOST_CAUSES) {
            lastMillis.remove(leastWorth());
        }
        lastMillis.put(cause, before == null ? atMillis : Math.max(before, atMillis));
    }

    /** What somebody confirmed stays while there is anything else. */
    private Cause leastWorth() {
        return lastMillis.keySet().stream()
                .filter(cause -> cause.kind() != Cause.Kind.CONFIRMED)
                .findFirst()
                .orElseGet(() -> lastMillis.keySet().iterator().next());
    }

    void add(Taint other) {
        firstMillis = Math.min(firstMillis, other.firstMillis);
        other.lastMillis.forEach(this::add);
    }

    /** The app goes there still: that keeps its findings, while rules and evidence speak again of each flow. */
    void seen(long atMillis) {
        lastMillis.replaceAll(
                (cause, last) -> cause.kind() == Cause.Kind.FINDING || cause.kind() == Cause.Kind.CONFIRMED
                        ? Math.max(last, atMillis)
                        : last);
    }

    /** @return whether it was among them */
    boolean remove(Cause cause) {
        return lastMillis.remove(cause) != null;
    }

    /** Drops what was not seen for so long. */
    void expire(Duration after, long nowMillis) {
        if (firstMillis == UNDATED) {
            firstMillis = nowMillis;
        }
        lastMillis.replaceAll((cause, last) -> last == UNDATED ? nowMillis : last);
        lastMillis.values().removeIf(last -> nowMillis - last > after.toMillis());
    }

    /** Whether nothing speaks against it any more. */
    boolean over() {
        return lastMillis.isEmpty();
    }

    boolean confirmed() {
        return lastMillis.keySet().stream().anyMatch(cause -> cause.kind() == Cause.Kind.CONFIRMED);
    }

    /** The one told last comes last. */
    Map<Cause, Long> causes() {
        return Collections.unmodifiableMap(lastMillis);
    }

    long firstMillis() {
        return firstMillis;
    }

    Tainted of(String destination) {
        List<Cause> causes = new ArrayList<>(lastMillis.keySet());
        return new Tainted(
                destination,
                List.copyOf(causes),
                firstMillis,
                lastMillis.values().stream().mapToLong(Long::longValue).max().orElse(firstMillis));
    }
}
