package io.postern.dns.forward;

import io.postern.dns.message.Reply;
import java.util.Optional;

/**
 * What is known of a question.
 *
 * @param reply empty when it could not be found out
 * @param loss why not; of no meaning with a reply
 * @param freshUntil in nanoseconds of the resolver's clock
 * @param keptUntil as above; between the two it is told only when there is nothing better, RFC 8767
 * @param stale whether it was told for want of better already
 */
record Remembered(Optional<Reply> reply, Loss loss, long freshUntil, long keptUntil, boolean stale) {

    private static final int OVERHEAD = 200;

    boolean fresh(long now) {
        return now - freshUntil < 0;
    }

    /** Whether it may be told for want of better. */
    boolean tellable(long now) {
        return reply.isPresent() && now - keptUntil < 0;
    }

    /** Seconds that are left, one at least. */
    long seconds(long now) {
        return Math.max(1, (freshUntil - now + 999_999_999L) / 1_000_000_000L);
    }

    int bytes() {
        return OVERHEAD + reply.map(Reply::bytes).orElse(0);
    }
}
