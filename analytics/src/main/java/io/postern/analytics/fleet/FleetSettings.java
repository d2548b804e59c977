package io.postern.analytics.fleet;

import java.time.Duration;

/**
 * Which fleet.
 *
 * @param devices 1 to 1,000,000
 * @param days 1 to 3,650
 * @param startMillis midnight UTC of its first day, Unix time; devices begin at four in the morning of theirs
 * @param implantShare of devices that carry an implant, 0 to 1
 * @param unattributedShare of flows of which the app is not known, 0 to 1
 */
public record FleetSettings(
        int devices,
        int days,
        long seed,
        long startMillis,
        double implantShare,
        ContextQuality context,
        double unattributedShare) {

    /** A Monday. */
    public static final long START = 1_788_134_400_000L;

    public FleetSettings {
        check(devices >= 1 && devices <= 1_000_000, "devices is " + devices + ", must be 1 to 1000000");
        check(days >= 1 && days <= 3_650, "days is " + days + ", must be 1 to 3650");
        check(
                startMillis % Duration.ofDays(1).toMillis() == 0,
                "start is " + startMillis + ", must be midnight UTC in milliseconds");
        check(implantShare >= 0 && implantShare <= 1, "implant share is " + implantShare + ", must be 0 to 1");
        check(
                unattributedShare >= 0 && unattributedShare <= 1,
                "unattributed share is " + unattributedShare + ", must be 0 to 1");
    }

    /** With implants on a third of the devices, full context and every flow attributed. */
    public static FleetSettings of(int devices, int days, long seed) {
        return new FleetSettings(devices, days, seed, START, 1.0 / 3, ContextQuality.FULL, 0);
    }

    public FleetSettings withImplants(double share) {
        return new FleetSettings(devices, days, seed, startMillis, share, context, unattributedShare);
    }

    public FleetSettings withSeed(long other) {
        return new FleetSettings(devices, days, other, startMillis, implantShare, context, unattributedShare);
    }

    public FleetSettings withContext(ContextQuality quality) {
        return new FleetSettings(devices, days, seed, startMillis, implantShare, quality, unattributedShare);
    }

    public FleetSettings withUnattributed(double share) {
        return new FleetSettings(devices, days, seed, startMillis, implantShare, context, share);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
