package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.flow.Delegates.Carried;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Cadence;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * AN1681, DET0620: recurrent HTTPS or FCM-based sessions by a schedule, of one shape, at low volume, that the app does not
 * declare.
 *
 * <pre>
 * applies   to TLS, QUIC, HTTP and WebSocket, and to what is on 443 or 80 and unknown
 * for       a clock over connects or over exchanges; low volume; asymmetry; answers to pushes within seconds; a destination or
 *           a rhythm that is new to the app; FCM's own servers, or its protocol, used by another than Play services
 * with      background, locked, nobody there, unmanaged: state
 * against   polls and pushes that the role declares; destination approved or learnt; in use
 * </pre>
 */
public final class WebProtocols implements Analytic {

    static final String AFTER_PUSH = "answers-pushes";
    static final String LOW_VOLUME = "low-volume";
    static final String ASYMMETRIC = "asymmetric";
    static final String FOREIGN_FCM = "push-channel-of-another";
    static final String SENDS_FCM = "sends-pushes";

    /** Not visible: the socket is Play services', whoever a message is for. */
    private static final String RECIPIENT = "push-recipient";

    private static final Set<Protocol> WEB = Set.copyOf(EnumSet.of(
            Protocol.TLS,
            Protocol.QUIC,
            Protocol.HTTP,
            Protocol.HTTP2,
            Protocol.WEBSOCKET,
            Protocol.GRPC,
            Protocol.MTALK));
    private static final String FCM_SEND = "fcm.googleapis.com";
    /** Bytes up and down of a check-in, and up of an answer to a push. */
    static final int SMALL = 8_192;

    private static final int PUSHES = 4;
    private static final double PUSH_SHARE = 0.6;

    private final Settings settings;

    public WebProtocols(Settings settings) {
        this.settings = settings;
    }

    /**
     * MITRE's knobs.
     *
     * @param beaconIntervalVarianceThreshold jitter up to which a rhythm is sought, a share of the interval
     * @param payloadSymmetryThreshold how many times heavier one way may be than the other
     * @param recentUserInteractionWindow without use for so long nobody is there
     */
    public record Settings(
            double beaconIntervalVarianceThreshold,
            double payloadSymmetryThreshold,
            Duration recentUserInteractionWindow) {
        public static final Settings DEFAULTS = new Settings(Cadence.WIDEST_JITTER, 8, Duration.ofMinutes(5));
    }

    @Override
    public String id() {
        return "AN1681";
    }

    @Override
    public String title() {
        return "Web Protocols";
    }

    @Override
    public String technique() {
        return "T1437.001";
    }

    @Override
    public void weigh(Sight sight, Scales scales) {
        int port = sight.to().port();
        boolean web =
                WEB.contains(sight.protocol()) || (sight.protocol() == Protocol.UNKNOWN && (port == 443 || port == 80));
        if (!web) {
            return;
        }
        boolean known = Whereabouts.weigh(sight, scales, Whereabouts.LEARNT_RHYTHM);
        boolean polls = Regularity.weigh(sight, scales, settings.beaconIntervalVarianceThreshold);
        polls |= woken(sight, scales);
        polls |= known && Regularity.unlikeOthers(sight, scales, settings.beaconIntervalVarianceThreshold);
        boolean pushes = pushes(sight, scales);
        Declared.weigh(sight, scales);
        if (!polls && !pushes) {
            withoutRecurrence(sight, scales);
            return;
        }
        if (polls) {
            shape(sight, scales);
        } else if (sight.protocol() != Protocol.MTALK) {
            // One host is one observation, and a clock that is only forming is none beside it.
            scales.atMost(Scales.ALONE);
        }
        Circumstances.weigh(sight, scales, settings.recentUserInteractionWindow, settings.recentUserInteractionWindow);
    }

    /** Where it goes is no matter of this analytic before it comes again: of a clock that is forming it tells low at most. */
    private void withoutRecurrence(Sight sight, Scales scales) {
        if (sight.clock(settings.beaconIntervalVarianceThreshold) < Cadence.CLOCK / 2) {
            scales.clear();
        } else {
            scales.atMost(Scales.ALONE);
        }
    }

    private static boolean ofPlayServices(Sight sight) {
        return !sight.named()
                || sight.carried().filter(what -> what == Carried.PLAY_SERVICES).isPresent();
    }

    /** @return whether it answers what Play services were sent, again and again */
    private static boolean woken(Sight sight, Scales scales) {
        int answers = sight.afterPush();
        if (answers == 0 || ofPlayServices(sight)) {
            return false;
        }
        scales.notVisible(RECIPIENT);
        double share = (double) answers / Math.max(1, sight.checkIns());
        boolean woken = answers >= PUSHES && share >= PUSH_SHARE;
        if (woken) {
            scales.supports(Family.CADENCE, AFTER_PUSH, answers, PUSHES, 28);
        }
        return woken;
    }

    /** @return whether it uses the channel of Play services, or sends such messages itself, again and again */
    private static boolean pushes(Sight sight, Scales scales) {
        if (ofPlayServices(sight)) {
            return false;
        }
        boolean sends = sight.to().host().equals(FCM_SEND);
        if (sends) {
            scales.supports(Family.DESTINATION, SENDS_FCM, (double) sight.checkIns(), PUSHES, 25);
        }
        // A call or two of the sending API is a developer's mistake; its channel is a connection that stays.
        return channel(sight, scales) || (sends && sight.checkIns() >= PUSHES);
    }

    /**
     * By its bytes it is of the family of protocols. By its host alone it is where it goes, and what that is weighed with
     * beside it is of the same family: one name is one observation, however much is known of it.
     */
    private static boolean channel(Sight sight, Scales scales) {
        boolean bytes = sight.protocol() == Protocol.MTALK;
        boolean channel = bytes || PushChannel.is(sight.to());
        if (channel) {
            scales.supports(bytes ? Family.PORT : Family.DESTINATION, FOREIGN_FCM, 1, 1, 30);
        }
        return channel;
    }

    /** Of what comes again by a schedule of its own or of pushes: that a connection says little is no polling. */
    private void shape(Sight sight, Scales scales) {
        if (sight.bytesOfCheckIn() <= SMALL) {
            scales.supports(Family.CADENCE, LOW_VOLUME, sight.bytesOfCheckIn(), SMALL, 4);
        }
        double times = Math.exp(Math.abs(sight.seen().heaviness()));
        // Whoever loads pages or sends pictures all day is asymmetric by trade.
        if (times >= settings.payloadSymmetryThreshold
                && sight.seen().checkIns(Stream.EXCHANGES) > 0
                && !sight.habits().sizesOfApp()) {
            scales.supports(Family.CADENCE, ASYMMETRIC, times, settings.payloadSymmetryThreshold, 3);
        }
    }

    @Override
    public List<Knob> knobs() {
        return List.of(
                new Knob(
                        "BeaconIntervalVarianceThreshold",
                        "number",
                        "0.5",
                        "jitter up to which a rhythm is sought, by bands of 0.12, 0.3 and 0.5",
                        "50 % is the most that common implants are set to"),
                new Knob(
                        "PayloadSymmetryThreshold",
                        "number",
                        "8",
                        "how many times heavier one way must be than the other to be asymmetric",
                        "a poll without news is about as large as its answer; a page is thirty times its request"),
                new Knob(
                        "AppNetworkRoleBaseline",
                        "policy",
                        "roles, approved baselines",
                        "which endpoints, polls and pushes an app is expected to have",
                        "it differs by app; what is learnt on many devices counts until somebody has decided"));
    }
}
