package io.postern.gateway.identity;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * How much time have the compact tags that clients use? Of those remembered the one that expires last counts for its
 * device, profile and app: what was renewed is not about to expire. Counts anew when a second has passed; a hundred
 * thousand take some ten milliseconds, so not for an event loop. Thread-safe.
 */
public final class Expiries {

    private static final Duration FRESH = Duration.ofSeconds(1);

    /** Less than this much, and more than the one before; the label is that of the metric. */
    public enum Remaining {
        NOTHING("expired", Duration.ZERO),
        DAY("1d", Duration.ofDays(1)),
        WEEK("7d", Duration.ofDays(7)),
        MONTH("30d", Duration.ofDays(30)),
        LONGER("more", Duration.ofMillis(Long.MAX_VALUE));

        private final String label;
        private final long millis;

        Remaining(String label, Duration limit) {
            this.label = label;
            this.millis = limit.toMillis();
        }

        public String label() {
            return label;
        }

        static Remaining of(long millis) {
            for (Remaining some : values()) {
                if (millis <= some.millis) {
                    return some;
                }
            }
            return LONGER;
        }
    }

    private record Speaker(String device, String profile, String app) {}

    private final Proofs proofs;
    private final Clock clock;
    private Map<Remaining, Long> counted = Map.of();
    private long countedAt;

    public Expiries(Proofs proofs, Clock clock) {
        this.proofs = proofs;
        this.clock = clock;
    }

    public synchronized long count(Remaining remaining) {
        long now = clock.millis();
        if (counted.isEmpty() || Math.abs(now - countedAt) >= FRESH.toMillis()) {
            counted = counted(now);
            countedAt = now;
        }
        return counted.getOrDefault(remaining, 0L);
    }

    private Map<Remaining, Long> counted(long now) {
        Map<Speaker, Long> last = new HashMap<>();
        for (Proof.Authentic proof : proofs.ofTags()) {
            last.merge(new Speaker(proof.device(), proof.profile(), proof.app()), proof.expiryMillis(), Math::max);
        }
        Map<Remaining, Long> counts = new EnumMap<>(Remaining.class);
        for (Remaining each : Remaining.values()) {
            counts.put(each, 0L);
        }
        last.values().forEach(expiry -> counts.merge(Remaining.of(expiry - now), 1L, Long::sum));
        return counts;
    }
}
