package io.postern.dns.forward;

import java.time.Duration;

/**
 * Bounds of what is remembered and asked.
 *
 * @param cacheBytes of answers that are remembered, about
 * @param serveStale how long an answer is kept beyond its time, for when no server answers (RFC 8767); zero for not at all
 * @param flights questions under way at the same time, at least 1
 */
public record ResolverSettings(long cacheBytes, Duration serveStale, int flights) {

    public static final ResolverSettings DEFAULTS = new ResolverSettings(64 * 1024 * 1024, Duration.ofDays(1), 8_192);

    public ResolverSettings {
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("cache-size is " + cacheBytes + ", must be at least 0");
        }
        if (serveStale.isNegative() || serveStale.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("serve-stale is " + serveStale + ", must be 0s to 7d");
        }
        if (flights < 1) {
            throw new IllegalArgumentException("flights is " + flights + ", must be at least 1");
        }
    }
}
