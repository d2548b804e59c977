package io.postern.analytics.attack;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.DeviceAssurance;
import java.time.Duration;

/** What a finding must have before anything is blocked for it, by rule 1 of the specification. */
final class Blocking {

    private static final long MATURE_MILLIS = Duration.ofDays(7).toMillis();
    private static final int LEAST = 70;

    private Blocking() {}

    /** Whether there are two families, a hard item, a device that proved who it is, and an app that did not just change. */
    static boolean may(Sight sight, Scales scales, double score) {
        if (score < LEAST || scales.independent() < 2 || !scales.hard()) {
            return false;
        }
        DeviceAssurance assurance = sight.tag().deviceAssurance();
        boolean proved = assurance == DeviceAssurance.MTLS_BOUND
                || assurance == DeviceAssurance.TAG_VERIFIED
                || assurance == DeviceAssurance.TUNNEL_KEY;
        Truth updated = sight.context()
                .justUpdated(sight.tag(), MATURE_MILLIS, sight.now())
                .truth();
        boolean old = updated == Truth.FALSE
                || (updated == Truth.UNKNOWN
                        && sight.now() - sight.seen().past().sinceMillis() >= MATURE_MILLIS);
        return proved && old;
    }
}
