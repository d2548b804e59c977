package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.DeviceAssurance;
import java.time.Duration;
import java.util.OptionalLong;

/** What a finding must have before anything is blocked for it, by rule 1 of the specification. */
final class Blocking {

    private static final long MATURE_MILLIS = Duration.ofDays(7).toMillis();
    /** Stores reach all devices with a version within two weeks: until then who has it first may be alone with what it does. */
    private static final long LONE_MILLIS = Duration.ofDays(14).toMillis();

    private static final int LEAST = 70;

    private Blocking() {}

    /** Whether there are two families, a hard item, a device that proved who it is, and an app of a version that is not new. */
    static boolean may(Sight sight, Scales scales, double score) {
        if (score < LEAST || scales.independent() < 2 || !scales.hard()) {
            return false;
        }
        DeviceAssurance assurance = sight.tag().deviceAssurance();
        boolean proved = assurance == DeviceAssurance.MTLS_BOUND
                || assurance == DeviceAssurance.TAG_VERIFIED
                || assurance == DeviceAssurance.TUNNEL_KEY;
        return proved && mature(sight) && (scales.hard(Family.TELEMETRY) || isOfFew(sight));
    }

    /**
     * Whether hardly any device has the app go there. What many do is a role or a baseline that is out of date, or an outbreak, which
     * somebody has to look at: to block it would take it from all of them. What was rejected or confirmed somebody has looked at; what
     * was told of cryptography and data is of this device.
     */
    private static boolean isOfFew(Sight sight) {
        return sight.habits().destination().standing() == Standing.REJECTED
                || sight.habits().confirmed()
                || sight.habits().devicesGoingThere() <= sight.habits().few();
    }

    /**
     * Whether the app's version is old enough for what it does to be known: baselines have seen it for so long, on whatever
     * device, or twice as long where hardly any other has it, and it is not new on this one. Where nobody tells when it was updated
     * here, the app is known here for so long.
     */
    private static boolean mature(Sight sight) {
        long latest = sight.now() - MATURE_MILLIS;
        Truth updated = sight.context()
                .justUpdated(sight.tag(), MATURE_MILLIS, sight.now())
                .truth();
        OptionalLong seen = sight.habits().buildSince();
        long age = seen.isEmpty() || sight.habits().buildIsCommon() ? MATURE_MILLIS : LONE_MILLIS;
        if (updated == Truth.TRUE || (seen.isPresent() && seen.getAsLong() > sight.now() - age)) {
            return false;
        }
        return updated == Truth.FALSE || sight.seen().past().sinceMillis() <= latest;
    }
}
