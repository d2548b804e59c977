package io.postern.analytics.baseline;

import java.util.ArrayList;
import java.util.List;

/**
 * What came with a new version of an app: none did it before the version was about, and either most devices that have the version
 * show it, or those that show it have the version so often, while it is let out by and by, that it is no chance. The latter is
 * remembered: once all devices have the version, nothing tells who shows it from who does not. Nothing that spreads from device to
 * device looks like that, or an implant that some devices have of the same version: so it is the app's maker who brought it, and
 * nobody else has the signer's key. Of a version or a signer that nobody tells nothing came.
 */
final class Versions {

    private static final long DAY_MILLIS = 86_400_000L;
    /** An inventory may tell of a version a day or two after it came. */
    private static final long LATE_MILLIS = 2 * DAY_MILLIS;
    /** Whose version nobody has had for so long is gone, or has another by now. */
    private static final long GONE_MILLIS = 14 * DAY_MILLIS;
    /** As long as it takes until an inventory that is new has told of all versions that are about. */
    private static final long KNOWN_MILLIS = DAY_MILLIS;
    /** One device that has a version and a habit says nothing of either. */
    private static final int ENOUGH = 2;

    static final Versions NONE = new Versions(List.of());

    /** So long the first devices of a version, so many at most, are alone with what it brings. */
    private static final long FRESH_MILLIS = 3 * DAY_MILLIS;

    private static final int FIRST = 2;
    /** So unlikely it must be that what shows a habit has the version by chance: three devices where one in seven has it; ours. */
    private static final double CHANCE = 0.003;
    /** Two devices may be one attacker's. */
    private static final int ENOUGH_BY_CHANCE = 3;
    /** What begins later has nothing to do with a version's coming: by then who has an older one has it for a reason. */
    private static final long BRINGS_MILLIS = 14 * DAY_MILLIS;

    /**
     * A version that came while an older one was known and none that is newer. Loops ask it: all but the release, which grows, is
     * as it was then.
     *
     * @param release to remember with what is found
     * @param yesterday the devices that had it, or one after it, since then: others have shown nothing yet
     * @param now those that have it
     * @param share of all devices of which anybody told a version lately
     */
    private record Came(Release release, long firstMillis, DeviceCount yesterday, DeviceCount now, double share) {

        private Build build() {
            return release.build;
        }
    }

    private final List<Came> versions = new ArrayList<>();

    Versions(List<Release> releases) {
        for (Release one : releases) {
            boolean upgrade = false;
            boolean straggler = false;
            for (Release other : releases) {
                upgrade |= other.build.version() < one.build.version()
                        && one.build.follows(other.build)
                        && other.firstMillis + KNOWN_MILLIS <= one.firstMillis;
                straggler |= other.build.version() > one.build.version()
                        && other.build.follows(one.build)
                        && other.firstMillis <= one.firstMillis;
            }
            if (upgrade && !straggler) {
                versions.add(came(one, releases));
            }
        }
    }

    private static Came came(Release one, List<Release> releases) {
        DeviceCount yesterday = new DeviceCount();
        DeviceCount now = new DeviceCount();
        DeviceCount all = new DeviceCount();
        for (Release other : releases) {
            // Devices that are gone get no version any more: counted in, they would make it rarer than it is.
            if (other.lastMillis >= one.firstMillis - GONE_MILLIS) {
                all.add(other.devices);
            }
            if (other.build.follows(one.build)) {
                yesterday.add(other.sinceYesterday());
                now.add(other.devices);
            }
        }
        double share = Math.min(1, now.count() / (double) Math.max(1, all.count()));
        return new Came(one, one.firstMillis, yesterday, now, share);
    }

    boolean none() {
        return versions.isEmpty();
    }

    /**
     * Whether a version is so new that nobody can tell yet what it brings: on the first devices that have it, for three days.
     *
     * @param firstMillis when what may be brought was first seen on any device, Unix time
     */
    boolean mayBring(Build build, long firstMillis, long nowMillis) {
        for (Came one : versions) {
            if (one.build().equals(build)
                    && one.now.count() <= FIRST
                    && firstMillis >= one.firstMillis() - LATE_MILLIS
                    && nowMillis - one.firstMillis() <= FRESH_MILLIS) {
                return true;
            }
        }
        return false;
    }

    /**
     * The versions that brought something; what was no chance is remembered of them.
     *
     * @param habit hash of what may be brought
     * @param firstMillis when it was first seen on any device, Unix time
     * @param devices that show it
     */
    List<Build> brought(long habit, long firstMillis, DeviceCount devices) {
        List<Build> brought = List.of();
        for (Came one : versions) {
            if (firstMillis >= one.firstMillis() - LATE_MILLIS
                    && (noChance(one, habit, firstMillis, devices) || one.yesterday.mostAreIn(devices, ENOUGH))) {
                brought = brought.isEmpty() ? new ArrayList<>() : brought;
                brought.add(one.build());
            }
        }
        return brought;
    }

    private static boolean noChance(Came one, long habit, long firstMillis, DeviceCount devices) {
        if (firstMillis > one.firstMillis() + BRINGS_MILLIS || !devices.mostAreIn(one.now, 0)) {
            return false;
        }
        boolean proved = one.release.brought(habit);
        if (!proved && devices.count() >= ENOUGH_BY_CHANCE && devices.chanceIn(one.now, one.share) <= CHANCE) {
            one.release.bring(habit);
            proved = true;
        }
        return proved;
    }
}
