package io.postern.analytics.finding;

import java.time.Duration;

/**
 * Bounds of a {@link FindingBook}.
 *
 * @param entries findings kept, 1 to 3 kB each and 20 kB at most
 * @param keep how long a closed one is kept
 * @param suppress how long the like of what was found harmless is suppressed
 * @param quiet after so long without a word of its detector an open one is closed; daily beacons need days
 * @param refused an open one stays open for so long after the gateway last refused what it is about
 * @param campaign distinct devices that make one
 */
public record BookSettings(
        int entries, Duration keep, Duration suppress, Duration quiet, Duration refused, int campaign) {

    public static final BookSettings DEFAULTS = new BookSettings(
            20_000, Duration.ofDays(90), Duration.ofDays(90), Duration.ofDays(14), Duration.ofDays(1), 3);

    public BookSettings {
        if (entries < 1) {
            throw new IllegalArgumentException("entries is " + entries + ", must be at least 1");
        }
        if (campaign < 2) {
            throw new IllegalArgumentException("campaign is " + campaign + ", must be at least 2");
        }
    }
}
