package io.postern.analytics.baseline;

import java.time.Duration;

/**
 * When something learnt is proposed, for how long an approval holds, and how much is kept.
 *
 * @param minDevices distinct devices behind an entry before it is proposed: one implant, or one user's habit, is not what
 *     an app does
 * @param minDays distinct days behind it: what an app does once is no habit
 * @param unseen after which an approval expires and an entry without one is forgotten; at most 64 days, which is how far
 *     back days are told apart
 * @param taintedFor after which something that spoke against a destination, and was not seen again, is forgotten
 * @param subjects apps and categories at most
 * @param entriesOfSubject at most
 * @param entries in all, at most; some 700 bytes each with its place in the snapshot
 */
public record BaselineSettings(
        int minDevices,
        int minDays,
        Duration unseen,
        Duration taintedFor,
        int subjects,
        int entriesOfSubject,
        int entries) {

    public static final BaselineSettings DEFAULTS =
            new BaselineSettings(3, 3, Duration.ofDays(60), Duration.ofDays(60), 4_096, 1_024, 100_000);

    static final int MAX_DAYS = 64;

    public BaselineSettings {
        if (minDevices < 1) {
            throw new IllegalArgumentException("min-devices is " + minDevices + ", must be at least 1");
        }
        if (minDays < 1 || minDays > MAX_DAYS) {
            throw new IllegalArgumentException("min-days is " + minDays + ", must be 1 to " + MAX_DAYS);
        }
        if (unseen.compareTo(Duration.ofDays(1)) < 0 || unseen.compareTo(Duration.ofDays(MAX_DAYS)) > 0) {
            throw new IllegalArgumentException("unseen is " + unseen + ", must be 1 to " + MAX_DAYS + " days");
        }
        if (taintedFor.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("tainted-for is " + taintedFor + ", must be 1 day at least");
        }
        if (subjects < 1 || entriesOfSubject < 16 || entries < entriesOfSubject) {
            throw new IllegalArgumentException("there must be room for a subject of 16 entries");
        }
    }
}
