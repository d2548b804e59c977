package io.postern.gateway.quarantine;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One containment, standing or over.
 *
 * @param id {@code q-} and 16 hexadecimal digits
 * @param actor who began it: a token's or certificate's name, or {@code rule:} and the rule's
 * @param automatic whether nobody in person did
 * @param sinceMillis Unix time
 * @param untilMillis Unix time; {@link #FOREVER}: until it is released
 * @param hits times that what brought it about has happened again
 * @param end how it ended; absent: it stands
 */
public record Quarantine(
        String id,
        Scope scope,
        String actor,
        boolean automatic,
        String reason,
        long sinceMillis,
        long untilMillis,
        long hits,
        Optional<End> end) {

    public static final long FOREVER = Long.MAX_VALUE;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one, which stands. */
    static Quarantine begun(Scope scope, String actor, boolean automatic, String reason, long now, long until) {
        byte[] id = new byte[8];
        RANDOM.nextBytes(id);
        return new Quarantine(
                "q-" + HexFormat.of().formatHex(id), scope, actor, automatic, reason, now, until, 0, Optional.empty());
    }

    /**
     * How one ended.
     *
     * @param actor who released it; empty: its time was over
     */
    public record End(long millis, String actor, String reason) {}

    public boolean sticky() {
        return untilMillis == FOREVER;
    }

    boolean stands(long nowMillis) {
        return end.isEmpty() && nowMillis < untilMillis;
    }

    /** The same until then, after one more hit. */
    Quarantine extended(long until) {
        return new Quarantine(id, scope, actor, automatic, reason, sinceMillis, until, hits + 1, end);
    }

    /** The same on somebody's word. */
    Quarantine taken(String by, String why, long until) {
        return new Quarantine(id, scope, by, false, why, sinceMillis, until, hits, end);
    }

    /** The same until then; it did not begin later than now. */
    Quarantine until(long until, long nowMillis) {
        return new Quarantine(id, scope, actor, automatic, reason, Math.min(sinceMillis, nowMillis), until, hits, end);
    }

    /** The same of somebody else: for whoever calls them otherwise. */
    public Quarantine of(Scope other) {
        return new Quarantine(id, other, actor, automatic, reason, sinceMillis, untilMillis, hits, end);
    }

    Quarantine ended(End how) {
        return new Quarantine(id, scope, actor, automatic, reason, sinceMillis, untilMillis, hits, Optional.of(how));
    }
}
