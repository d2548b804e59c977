package io.postern.gateway.analytics;

import java.time.Duration;

/**
 * How detection is given threads and room.
 *
 * @param homes threads; each device has one of them
 * @param queue flows and facts that wait, of each home; 8 bytes, and what the flow's record takes
 * @param alive flows of each home that were told of while they live; some 500 bytes
 * @param devices whose state is kept over a restart
 * @param save how old the state on the disk may be
 * @param kept how long the state of a device is kept that nothing is heard of: a beacon may come once a day
 */
public record HomeSettings(int homes, int queue, int alive, int devices, Duration save, Duration kept) {

    public static final HomeSettings DEFAULTS =
            new HomeSettings(1, 64 * 1024, 100_000, 100_000, Duration.ofMinutes(5), Duration.ofDays(45));

    public HomeSettings {
        if (homes < 1 || homes > 256) {
            throw new IllegalArgumentException("homes are " + homes + ", must be 1 to 256");
        }
        if (queue < 16 || queue > 1 << 24) {
            throw new IllegalArgumentException("queue is " + queue + ", must be 16 to 16777216");
        }
    }

    /** Half as many homes as there are processors: what all flows cost detection is a part of what they cost the loops. */
    public static HomeSettings on(int processors) {
        return DEFAULTS.homes(Math.max(1, processors / 2));
    }

    public HomeSettings homes(int count) {
        return new HomeSettings(count, queue, alive, devices, save, kept);
    }
}
