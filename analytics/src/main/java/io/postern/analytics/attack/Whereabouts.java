package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.baseline.Arrival;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.flow.Delegates.Carried;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.NameShape;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where it goes, against what was written down, approved and learnt of the app: evidence of the family {@code destination}.
 * Weighed alike by those of the five that ask for it.
 */
final class Whereabouts {

    static final String OUTSIDE_ROLE = "destination-outside-role";
    static final String VERSION_OUTSIDE_ROLE = "destination-of-version-outside-role";
    static final String OF_ROLE = "destination-of-role";
    static final String OUTSIDE_APPROVED = "destination-outside-approved-baseline";
    static final String OUTSIDE_OLDER = "destination-outside-baseline-of-older-version";
    static final String REJECTED = "destination-rejected";
    static final String CONFIRMED = "destination-of-confirmed-finding";
    static final String RARE = "destination-rare-for-app";
    static final String APPROVED = "destination-approved";
    static final String LEARNT = "destination-learnt";
    static final String EXPIRED = "destination-approval-expired";
    static final String COMMON = "destination-of-many-devices";
    static final String OF_VERSION = "destination-of-version";
    static final String OF_NEW_VERSION = "destination-of-new-version";
    static final String OF_CATEGORY = "destination-of-category";
    static final String ADDRESS = "address-without-name";
    static final String NO_SNI = "no-sni-where-the-app-names";
    static final String RANDOM = "name-of-random-letters";
    static final String LONG = "name-with-long-label";
    static final String PUNYCODE = "name-mixing-punycode";
    static final String TWO_NAMES = "sni-host-mismatch";
    static final String NEVER_RESOLVED = "never-resolved-here";

    /** What is shown by more devices than this is not one implant's; of large fleets see {@link Habits#few}. */
    static final int FEW = 2;
    /** What recurred is on so many days. */
    private static final int DAYS = 2;

    private static final int APPROVED_WEIGHT = 60;
    /** For analytics of rhythm, which what is known may be abused for. */
    static final int LEARNT_RHYTHM = 45;
    /** For analytics of content, which must be out of line with where the app goes. */
    static final int LEARNT_CONTENT = 60;

    private Whereabouts() {}

    /**
     * @param learnt what it weighs against a finding that the destination was learnt on several devices
     * @return whether the destination is one that the app is known for
     */
    static boolean weigh(Sight sight, Scales scales, int learnt) {
        if (sight.twoNames()) {
            scales.supports(Family.DESTINATION, TWO_NAMES, 1, 1, 10);
        }
        boolean expected = sight.expected() && excuses(sight, scales, OF_ROLE, 1, 1, APPROVED_WEIGHT);
        if (!sight.expected() && sight.role().named()) {
            // Of what a new version brought it is the role that is out of date, not the device that is odd.
            if (sight.habits().destinationArrival() != Arrival.NONE || newServer(sight)) {
                scales.supports(Family.DESTINATION, VERSION_OUTSIDE_ROLE, 1, 1, 10);
            } else {
                scales.hard(Family.DESTINATION, OUTSIDE_ROLE, 1, 1, 30);
            }
        }
        boolean known = baseline(sight, scales, learnt);
        if (!expected && !known) {
            name(sight, scales);
        }
        return expected || known;
    }

    /** Of a domain that the app is known for on many devices, on a port that a version brought. */
    private static boolean newServer(Sight sight) {
        return sight.habits().devicesGoingThere() > sight.habits().few()
                && sight.habits().portArrival() == Arrival.BROUGHT;
    }

    private static boolean baseline(Sight sight, Scales scales, int learnt) {
        Known known = sight.habits().destination();
        Standing standing = known.standing();
        if (standing.approved()) {
            return excuses(sight, scales, APPROVED, known.devices(), 1, APPROVED_WEIGHT);
        }
        if (standing == Standing.REJECTED) {
            scales.hard(Family.DESTINATION, REJECTED, 1, 1, 40);
            return false;
        }
        int devices = sight.habits().devicesGoingThere();
        int few = sight.habits().few();
        if (sight.habits().confirmed()) {
            scales.supports(Family.DESTINATION, CONFIRMED, 1, 1, 30);
            if (devices <= few && violates(sight, standing == Standing.EXPIRED)) {
                violation(sight, scales, devices);
            }
            return false;
        }
        if (standing == Standing.PROPOSED && devices > few) {
            return excuses(sight, scales, LEARNT, known.devices(), few, learnt);
        }
        if (standing == Standing.EXPIRED && devices > few) {
            return excuses(sight, scales, EXPIRED, devices, few, learnt);
        }
        Arrival arrival = sight.habits().destinationArrival();
        if (arrival == Arrival.BROUGHT) {
            // Even if it is tainted: the first devices of a version are alone with what it brings, and found for it.
            return excuses(sight, scales, OF_VERSION, devices, 1, learnt);
        }
        if (devices > few) {
            // What evidence speaks of on some device is not made normal by others, nor made odd on them.
            return excuses(sight, scales, COMMON, devices, few, standing == Standing.TAINTED ? learnt / 2 : learnt);
        }
        if (arrival == Arrival.EARLY) {
            // Until more devices have the version: where it goes is not known for it, and its name is looked at.
            excuses(sight, scales, OF_NEW_VERSION, devices, few, learnt / 2);
            return false;
        }
        novel(sight, scales, devices, standing == Standing.EXPIRED);
        return false;
    }

    /**
     * What is known is known by its name: nothing of it speaks for a flow whose names are not of one server.
     *
     * @return whether it speaks against a finding
     */
    private static boolean excuses(
            Sight sight, Scales scales, String feature, double value, double threshold, int weight) {
        if (sight.twoNames()) {
            return false;
        }
        scales.against(Family.DESTINATION, feature, value, threshold, weight);
        return true;
    }

    /**
     * Whether it recurs outside of what is approved, by the version that it is approved for.
     *
     * @param expired whether somebody once approved of it: then it violates nothing, it waits for another look
     */
    private static boolean violates(Sight sight, boolean expired) {
        return sight.habits().baselineApproved()
                && !expired
                && sight.habits().decidedOfBuild()
                && sight.seen().daysActive(sight.now()) >= DAYS;
    }

    private static void violation(Sight sight, Scales scales, int devices) {
        scales.hard(
                Family.DESTINATION, OUTSIDE_APPROVED, devices, sight.habits().few(), wanders(sight) ? 5 : 30);
    }

    /** @param expired see {@link #violates} */
    private static void novel(Sight sight, Scales scales, int devices, boolean expired) {
        if (violates(sight, expired)) {
            violation(sight, scales, devices);
        } else if (sight.habits().baselineApproved() && !expired) {
            scales.supports(
                    Family.DESTINATION,
                    sight.habits().decidedOfBuild() ? OUTSIDE_APPROVED : OUTSIDE_OLDER,
                    devices,
                    sight.habits().few(),
                    wanders(sight) ? 5 : 25);
        } else if (!sight.habits().tellsRare()) {
            scales.notVisible("baseline");
        } else {
            scales.supports(Family.DESTINATION, RARE, devices, sight.habits().few(), wanders(sight) ? 5 : 25);
        }
        Standing ofCategory = sight.habits().destinationOfCategory().standing();
        if (ofCategory.approved() || ofCategory == Standing.PROPOSED) {
            excuses(sight, scales, OF_CATEGORY, 1, 1, 15);
        }
    }

    /** What a browser or a download service is sent to is its clients' choice: that it is new says little. */
    private static boolean wanders(Sight sight) {
        return sight.role().category().equals("browser")
                || sight.carried()
                        .filter(what -> what == Carried.TABS || what == Carried.DOWNLOADS || what == Carried.MEDIA)
                        .isPresent();
    }

    /** Relays, calls and peers are found by other means than names. */
    private static final Set<Protocol> NAMELESS =
            Set.copyOf(EnumSet.of(Protocol.DNS, Protocol.STUN, Protocol.DTLS, Protocol.WIREGUARD, Protocol.BITTORRENT));

    private static void resolved(Sight sight, Scales scales) {
        if (sight.clear().resolved() == Resolved.NEVER && !NAMELESS.contains(sight.protocol())) {
            scales.supports(Family.DESTINATION, NEVER_RESOLVED, 1, 1, 8);
        }
    }

    private static void name(Sight sight, Scales scales) {
        resolved(sight, scales);
        int shape = sight.seen().shape();
        if ((shape & NameShape.HIDDEN) != 0) {
            scales.notVisible("name");
            return;
        }
        boolean names = sight.seen().past().alwaysNames();
        if ((shape & NameShape.NO_SNI) != 0 && names) {
            scales.supports(Family.DESTINATION, NO_SNI, 1, 1, 10);
        } else if ((shape & NameShape.ADDRESS) != 0) {
            scales.supports(Family.DESTINATION, ADDRESS, 1, 1, 8);
        }
        if ((shape & NameShape.RANDOM) != 0) {
            scales.supports(Family.DESTINATION, RANDOM, 1, 1, 6);
        }
        if ((shape & NameShape.LONG) != 0) {
            scales.supports(Family.DESTINATION, LONG, NameShape.LONG_LABEL, NameShape.LONG_LABEL, 3);
        }
        if ((shape & NameShape.PUNYCODE_MIX) != 0) {
            scales.supports(Family.DESTINATION, PUNYCODE, 1, 1, 6);
        }
    }
}
