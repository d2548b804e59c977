package io.postern.analytics;

import io.postern.analytics.context.ContextLimits;
import java.time.Duration;

/**
 * How much is remembered of one device, and how it is looked at.
 *
 * @param keys pairs of app and destination; about 250 bytes each
 * @param apps at most 65,535
 * @param domains pairs of app and domain asked of DNS; about 120 bytes each
 * @param hostsOfDomain of one app that are told apart; more of them count as one
 * @param window how long before a check-in facts count as its precedents: the longest TimeWindow of those who ask, or what is
 *     told late is not seen
 * @param seed of hashes: not guessable from outside, and the same for states that are joined
 */
public record StateLimits(
        int keys, int apps, int domains, int hostsOfDomain, Duration window, long seed, ContextLimits context) {

    public static final StateLimits DEFAULTS =
            new StateLimits(4096, 512, 512, 16, Duration.ofMinutes(10), 0, ContextLimits.DEFAULTS);

    /** The same, hashed by another seed. */
    public StateLimits seeded(long other) {
        return new StateLimits(keys, apps, domains, hostsOfDomain, window, other, context);
    }

    public StateLimits {
        if (keys < 16 || keys > 1 << 20 || domains < 16 || domains > 1 << 20) {
            throw new IllegalArgumentException(
                    "keys are " + keys + " and domains " + domains + ", must be 16 to 1048576");
        }
        if (apps < 2 || apps > 65_535) {
            throw new IllegalArgumentException("apps are " + apps + ", must be 2 to 65535");
        }
        if (hostsOfDomain < 2 || hostsOfDomain > 200) {
            throw new IllegalArgumentException("hosts of a domain are " + hostsOfDomain + ", must be 2 to 200");
        }
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("window is " + window + ", must be longer than nothing");
        }
    }
}
