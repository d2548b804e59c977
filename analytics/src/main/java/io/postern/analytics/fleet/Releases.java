package io.postern.analytics.fleet;

/**
 * When new versions of an app come, and when one device gets each: every two weeks, on a day that is the app's own in each fleet,
 * let out by stages to all devices within a week, as stores do; whose device seldom charges on Wi-Fi gets it days later.
 */
final class Releases {

    /** The version that comes within a fleet's first two weeks. */
    static final int FIRST = 2;
    /** The one after it, within the two weeks after those. */
    static final int SECOND = 3;

    private static final int EVERY_DAYS = 14;
    /** The share of devices that each stage reaches, and how many days after the first it begins; ours. */
    private static final double[] SHARES = {0.01, 0.05, 0.2, 0.5};

    private static final int[] BEGIN = {0, 1, 3, 5};
    private static final int LAST_BEGINS = 7;
    /** Of the last stage the slowest is so many days late: less than the next version is away. */
    private static final int SLOWEST = 6;

    private final int firstDay;
    private final int lag;

    /** @param place of the device among all that get it, 0 to below 1 */
    Releases(long fleetSeed, String app, double place) {
        firstDay = new Dice(Dice.seed(fleetSeed, 9, app.hashCode())).below(EVERY_DAYS);
        lag = lag(place);
    }

    private static int lag(double place) {
        for (int stage = 0; stage < SHARES.length; stage++) {
            if (place < SHARES[stage]) {
                return BEGIN[stage];
            }
        }
        double late = (place - SHARES[SHARES.length - 1]) / (1 - SHARES[SHARES.length - 1]);
        return LAST_BEGINS + (int) (SLOWEST * late * late * late);
    }

    /** The one that the device has on that day; 0 at least. */
    int version(int day) {
        return Math.floorDiv(day - firstDay - lag, EVERY_DAYS) + FIRST;
    }

    /** The day before whose morning the device got that one; negative of what it had before the fleet began. */
    int came(int version) {
        return firstDay + lag + (version - FIRST) * EVERY_DAYS;
    }
}
