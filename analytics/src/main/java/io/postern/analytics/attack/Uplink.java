package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.attack.AppRole.Behaviour;

/** Whether it sends out much: more than its role allows, where one says so, else more than a threshold. */
final class Uplink {

    static final String UPLOAD = "upload";
    static final String BEYOND_ROLE = "upload-beyond-role";

    private static final double TIMES = 4;
    private static final double UP_HEAVY = Math.log(TIMES);

    private Uplink() {}

    /** Four times what came down, and beyond the role's limit or the threshold. */
    static boolean much(Sight sight, long threshold) {
        return !sight.role().does(Behaviour.UPLOAD) && sent(sight) > most(sight, threshold) && upHeavy(sight);
    }

    /** By most exchanges, or by all bytes: of a first upload the handshake's is the only exchange before it. */
    private static boolean upHeavy(Sight sight) {
        return sight.seen().heaviness() >= UP_HEAVY
                || sight.seen().bytesOut() >= TIMES * sight.seen().bytesIn();
    }

    /** To be asked where it is much. */
    static void weigh(Sight sight, Scales scales, long threshold, int weight) {
        weigh(sight, scales, threshold, weight, sent(sight));
    }

    /** @param sent what is told of, where no role has a limit */
    static void weigh(Sight sight, Scales scales, long threshold, int weight, double sent) {
        if (limited(sight)) {
            scales.hard(Family.CADENCE, BEYOND_ROLE, sent(sight), most(sight, threshold), weight);
        } else {
            scales.supports(Family.CADENCE, UPLOAD, sent, most(sight, threshold), weight);
        }
    }

    private static boolean limited(Sight sight) {
        return sight.role().uplinkLimit() > 0;
    }

    private static double most(Sight sight, long threshold) {
        return limited(sight) ? sight.role().uplinkLimit() : threshold;
    }

    /** A role's limit is one of a day: what an app sends to its own server adds up over months. */
    private static double sent(Sight sight) {
        double all = sight.seen().bytesOut();
        return limited(sight) ? all / Math.max(1, sight.seen().daysActive(sight.now())) : all;
    }
}
