package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.instrument.Cadence;

/**
 * When it goes there and how much it says: evidence of the family {@code cadence}, and of the baseline of rhythms. Weighed
 * alike by those of the five that ask for it.
 */
final class Regularity {

    static final String CLOCK = "clock";
    static final String QUIET_CLOCK = "clock-in-background";
    static final String FORMING = "clock-forming";
    static final String GROWING = "growing-intervals";
    static final String SAME_SIZES = "same-sizes";
    static final String PERSISTENT = "hours-active";
    static final String OWN_CLOCK = "wakes-by-itself";
    static final String RATE_UNLIKE = "rate-unlike-baseline";
    static final String RHYTHM_UNLIKE = "rhythm-unlike-baseline";
    static final String OFTEN_FOR_APP = "often-for-the-app";
    static final String SMALLER_THAN_PEERS = "smaller-than-on-other-devices";

    /** Half of what makes a clock, and enough intervals to have been chance once in a hundred. */
    private static final double FORMING_EVIDENCE = Cadence.CLOCK * 0.6;

    private static final double ALIKE = 5;
    private static final int HOURS = 6;
    private static final int WAKES = 8;
    private static final double SELDOM = 0.2;
    private static final int ENOUGH_DEVICES = 10;
    private static final int LASTING_CONNECTS = 48;
    private static final int LASTING_HOURS = 18;
    private static final double MOSTLY = 0.9;

    private Regularity() {}

    /**
     * @param jitter up to which a rhythm is sought, a share of the interval
     * @return whether it comes by a schedule
     */
    static boolean weigh(Sight sight, Scales scales, double jitter) {
        double clock = sight.clock(jitter);
        double quiet = sight.quietClock(jitter);
        if (clock < FORMING_EVIDENCE) {
            return false;
        }
        if (clock < Cadence.CLOCK) {
            scales.supports(Family.CADENCE, FORMING, clock, Cadence.CLOCK, 12);
            return false;
        }
        if (sight.grows()) {
            scales.supports(Family.CADENCE, GROWING, clock, Cadence.CLOCK, 30);
        } else if (quiet >= Cadence.CLOCK) {
            scales.supports(Family.CADENCE, QUIET_CLOCK, quiet, Cadence.CLOCK, 33);
        } else {
            scales.supports(Family.CADENCE, CLOCK, clock, Cadence.CLOCK, 28);
        }
        if (Math.max(sight.seen().sameUp(), sight.seen().sameDown()) >= ALIKE) {
            scales.supports(
                    Family.CADENCE,
                    SAME_SIZES,
                    Math.max(sight.seen().sameUp(), sight.seen().sameDown()),
                    ALIKE,
                    5);
        }
        int hours = sight.seen().hoursActive(sight.now());
        if (hours >= HOURS) {
            scales.supports(Family.CADENCE, PERSISTENT, hours, HOURS, 4);
        }
        double share = sight.seen().wakeShare();
        if (sight.seen().wakesJudged() >= WAKES
                && share < SELDOM
                && sight.device().usualWakeShare() > share) {
            scales.supports(Family.CADENCE, OWN_CLOCK, share, SELDOM, 3);
        }
        return true;
    }

    /**
     * A rhythm that hardly any other device has of the app, though many have it ({@link Habits#fewOfBackgroundRhythms} are hardly
     * any). Of the baseline, not of cadence.
     *
     * @return whether it is so
     */
    private static boolean unlikeBaseline(Sight sight, Scales scales, double jitter) {
        if (sight.seen().cadence(Stream.QUIET_CONNECTS, sight.now(), jitter) < Cadence.CLOCK
                || !sight.habits().tellsRare()
                || sight.habits().devicesOfBackgroundRhythms() < ENOUGH_DEVICES) {
            return false;
        }
        int few = sight.habits().fewOfBackgroundRhythms();
        Known rhythm = sight.habits().backgroundRhythm();
        if (!rhythm.standing().approved() && rhythm.devices() <= few) {
            scales.supports(Family.DESTINATION, RHYTHM_UNLIKE, rhythm.devices(), few, 25);
        } else if (sight.habits().devicesAsOften() <= few) {
            scales.supports(Family.DESTINATION, RATE_UNLIKE, sight.habits().devicesAsOften(), few, 20);
        } else {
            return false;
        }
        return true;
    }

    /**
     * Of a destination that the app is known for: how what it does there compares with what others have it do. That it comes
     * more often is one observation: where a clock stands it counts as unlike the baseline, and that it is more often than
     * others do at this very server adds little.
     *
     * @return whether it is unlike what other devices do, whatever the baseline says
     */
    static boolean unlikeOthers(Sight sight, Scales scales, double jitter) {
        boolean baseline = unlikeBaseline(sight, scales, jitter);
        if (!unlikePeers(sight)) {
            return false;
        }
        Peers.Comparison others = sight.others();
        scales.supports(Family.CADENCE, OFTEN_FOR_APP, others.timesAsOften(), Peers.TIMES_AS_OFTEN, baseline ? 5 : 25);
        scales.supports(Family.DESTINATION, SMALLER_THAN_PEERS, others.timesSmaller(), Peers.TIMES_SMALLER, 35);
        return true;
    }

    /**
     * Where it goes is known, but hardly anybody else's device has the app go there so often and say so little, all day long
     * and unseen: something else speaks to the app's own server. How often is of cadence, and needs no clock, since two rhythms
     * in one are none; how much is of the baseline.
     */
    private static boolean unlikePeers(Sight sight) {
        return sight.seen().checkIns(Stream.QUIET_CONNECTS) >= LASTING_CONNECTS
                && sight.seen().hoursActive(sight.now()) >= LASTING_HOURS
                && sight.quietShare() >= MOSTLY
                && sight.others().unlike();
    }
}
