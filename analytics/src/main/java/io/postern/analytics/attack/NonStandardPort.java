package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.baseline.Arrival;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.flow.StandardPorts;
import io.postern.analytics.instrument.Cadence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * AN1827, DET0706: a protocol, seen in the bytes, on a port outside the approved mapping for that protocol and app.
 *
 * <pre>
 * applies   when the protocol is known and its port is not in the mapping; or, weakly, when nothing known is spoken on 443 or 80
 * for       port outside the role's mapping (hard) or the standard one; repeated; a clock; destination new to the app
 * with      background, locked, nobody there, started in the background, unmanaged: state
 * against   AllowedProtocolPortMappings of role, EnterpriseExceptionList, port approved or learnt; in use
 * </pre>
 */
public final class NonStandardPort implements Analytic {

    static final String OUTSIDE_ROLE = "port-outside-role";
    static final String VERSION_OUTSIDE_ROLE = "port-of-version-outside-role";
    static final String NOT_STANDARD = "port-not-of-protocol";
    static final String NOT_APPROVED = "port-outside-approved-baseline";
    static final String NOT_APPROVED_BEFORE = "port-outside-baseline-of-older-version";
    static final String REPEATED = "port-repeated";
    static final String APPROVED = "port-approved";
    static final String STILL_LEARNING = "port-still-learning";
    static final String LEARNT = "port-learnt";
    static final String EXPIRED = "port-approval-expired";
    static final String ALLOWED_APP = "app-allowed";
    static final String NOTHING_KNOWN = "nothing-known-on-well-known-port";

    private static final int OFTEN = 3;
    /** What is only unknown is never more than low. */
    private static final int REVERSE_MOST = 30;

    private final Settings settings;

    public NonStandardPort(Settings settings) {
        this.settings = settings;
    }

    /**
     * MITRE's knobs.
     *
     * @param allowedMappings ports that a protocol may use beside the standard ones, of every app
     * @param allowedApps packages that may use any port
     * @param timeWindow how long before a connection a background start counts
     * @param recentUserInteractionWindow without use for so long nobody is there
     * @param beaconIntervalTolerance jitter up to which a rhythm is sought, a share of the interval
     */
    public record Settings(
            Map<Protocol, Set<Integer>> allowedMappings,
            Set<String> allowedApps,
            Duration timeWindow,
            Duration recentUserInteractionWindow,
            double beaconIntervalTolerance) {
        public static final Settings DEFAULTS =
                new Settings(Map.of(), Set.of(), Duration.ofMinutes(5), Duration.ofMinutes(5), Cadence.WIDEST_JITTER);

        public Settings {
            allowedMappings = Map.copyOf(allowedMappings);
            allowedApps = Set.copyOf(allowedApps);
        }
    }

    @Override
    public String id() {
        return "AN1827";
    }

    @Override
    public String title() {
        return "Non-Standard Port";
    }

    @Override
    public String technique() {
        return "T1509";
    }

    @Override
    public void weigh(Sight sight, Scales scales) {
        int port = sight.to().port();
        if (sight.protocol() == Protocol.UNKNOWN) {
            reverse(sight, scales, port);
            return;
        }
        if (!odd(sight, scales, port)) {
            return;
        }
        baseline(sight, scales);
        long often = sight.checkIns();
        if (often >= OFTEN) {
            scales.supports(Family.PORT, REPEATED, (double) often, OFTEN, 8);
        }
        Whereabouts.weigh(sight, scales, Whereabouts.LEARNT_RHYTHM);
        Regularity.weigh(sight, scales, settings.beaconIntervalTolerance);
        Circumstances.weigh(sight, scales, settings.recentUserInteractionWindow, settings.timeWindow);
        if (settings.allowedApps.contains(sight.tag().app())) {
            scales.against(Family.PORT, ALLOWED_APP, 1, 1, 60);
        }
    }

    /** @return whether the port is not one where this protocol belongs, for this app */
    private boolean odd(Sight sight, Scales scales, int port) {
        Protocol protocol = sight.protocol();
        if (sight.role().names(protocol, port)
                || (!settings.allowedMappings.isEmpty()
                        && settings.allowedMappings
                                .getOrDefault(protocol, Set.of())
                                .contains(port))) {
            return false;
        }
        if (sight.role().forbids(protocol, port)) {
            if (arrived(sight)) {
                scales.supports(Family.PORT, VERSION_OUTSIDE_ROLE, port, 0, 12);
            } else {
                scales.hard(Family.PORT, OUTSIDE_ROLE, port, 0, 35);
            }
            return true;
        }
        if (StandardPorts.usual(protocol, port)) {
            return false;
        }
        scales.supports(Family.PORT, NOT_STANDARD, port, 0, 27);
        return true;
    }

    /** The server that a version brings has ports of its own; and its own may move to another port. */
    private static boolean arrived(Sight sight) {
        return sight.habits().destinationArrival() != Arrival.NONE
                || sight.habits().portArrival() != Arrival.NONE;
    }

    private static void baseline(Sight sight, Scales scales) {
        Known known = sight.habits().port();
        Standing standing = known.standing();
        int devices = sight.habits().devicesOnPort();
        int few = sight.habits().few();
        if (standing.approved()) {
            scales.against(Family.PORT, APPROVED, known.devices(), 1, 60);
        } else if ((standing == Standing.PROPOSED || standing == Standing.LEARNING || standing == Standing.ABSENT)
                && devices > few) {
            // What an implant does that came with the app to a few devices of many is proposed, and is no habit.
            scales.against(Family.PORT, LEARNT, devices, few, 30);
        } else if (standing == Standing.EXPIRED) {
            // Whether it is many devices' or not, it violates nothing: it waits for another look.
            if (devices > few) {
                scales.against(Family.PORT, EXPIRED, devices, few, 30);
            }
        } else if (sight.habits().baselineApproved()
                && sight.checkIns() >= OFTEN
                && (standing == Standing.REJECTED || !arrived(sight))) {
            if (standing == Standing.REJECTED || sight.habits().decidedOfBuild()) {
                scales.hard(Family.PORT, NOT_APPROVED, devices, few, 10);
            } else {
                scales.supports(Family.PORT, NOT_APPROVED_BEFORE, devices, few, 10);
            }
        } else if (sight.habits().learning() && sight.role().approved() && standing != Standing.REJECTED) {
            // Of the first devices of a fleet that an approved app is seen on it is not known yet what the others do.
            scales.against(Family.PORT, STILL_LEARNING, devices, few, 20);
        }
    }

    /** Telegram, WhatsApp and WeChat speak their own on 443: this alone is never more than a hint. */
    private static void reverse(Sight sight, Scales scales, int port) {
        if (port == 443 || port == 80) {
            Standing standing = sight.habits().port().standing();
            if (!standing.approved()
                    && standing != Standing.PROPOSED
                    && standing != Standing.EXPIRED
                    && sight.habits().tellsRare()) {
                scales.supports(Family.PORT, NOTHING_KNOWN, port, 0, 10);
                Whereabouts.weigh(sight, scales, Whereabouts.LEARNT_RHYTHM);
                scales.atMost(REVERSE_MOST);
            }
        }
    }

    @Override
    public List<Knob> knobs() {
        return List.of(
                new Knob(
                        "AllowedProtocolPortMappings",
                        "map",
                        "{}",
                        "ports that a protocol may use beside the standard ones, by every app; those of one app stand in its role",
                        "the standard ones are IANA's, those of FCM, of DNS over TLS and of mail"),
                new Knob(
                        "AllowedAppList",
                        "list",
                        "[]",
                        "packages that may use any port",
                        "a role with ports says more than a list of apps"),
                new Knob(
                        "AllowedServiceClasses",
                        "policy",
                        "roles: service-classes",
                        "what an app may use",
                        "it is weighed with the destination"),
                new Knob(
                        "TimeWindow",
                        "duration",
                        "5m",
                        "how long before a connection a job, a service start or a broadcast counts",
                        "what a job was started for, it does within minutes"),
                new Knob(
                        "RecentUserInteractionWindow",
                        "duration",
                        "5m",
                        "without use of the device for so long, nobody is there",
                        "as for AN1770"),
                new Knob(
                        "BeaconIntervalTolerance",
                        "number",
                        "0.5",
                        "jitter up to which a rhythm is sought, by bands of 0.12, 0.3 and 0.5",
                        "50 % is the most that common implants are set to"),
                new Knob(
                        "ForegroundStateRequired",
                        "policy",
                        "roles: background",
                        "whether an app may work without its user",
                        "it differs by role"),
                new Knob(
                        "EnterpriseExceptionList",
                        "policy",
                        "exceptions",
                        "who may use which port, for what reason and until when",
                        "exceptions are records that end by themselves"));
    }
}
