package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.Tracked.Stream;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.Protocol;
import io.postern.analytics.instrument.Asking;
import io.postern.analytics.instrument.Cadence;
import io.postern.analytics.instrument.Entropy;
import io.postern.analytics.state.Questions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * AN1793, DET0685: sessions off the baseline of app and category that come like a beacon's, of odd names, of one shape; mail
 * by what is no mail app; tunnels by DNS.
 *
 * <pre>
 * applies   to everything
 * for       destination, rhythm, request, hello or hour new to the app and rare in the fleet; odd names; a clock over connects or exchanges;
 *           one size; more often than ConnectionFrequencyThreshold; mail from another category; asked for by one name and
 *           called by another that the certificate does not cover; random bytes in clear; for DNS: how much is said
 *           by asking, by which types, and that nobody connects to what was asked for
 * with      background, locked, nobody there, unmanaged: state
 * against   destination approved, learnt, of the role, of the category; in use; a zone of look-ups
 * </pre>
 */
public final class ApplicationLayerProtocol implements Analytic {

    static final String MAIL = "mail-from-no-mail-app";
    static final String SYMMETRIC = "same-sizes-both-ways";
    static final String OFTEN = "connects-often";
    static final String REQUEST_NEW = "request-new-to-app";
    static final String REQUEST_UNLIKE_CATEGORY = "request-unlike-category";
    static final String HELLO_NEW = "tls-hello-new-to-app";
    static final String HEADERS_NEW = "header-order-new-to-app";
    static final String ALPN_NEW = "alpn-new-to-app";
    static final String HOUR_NEW = "hour-new-to-app";
    static final String TUNNEL = "bytes-in-names";
    static final String TUNNEL_RATE = "bytes-in-names-per-second";
    static final String RANDOM_NAMES = "names-of-random-letters";
    static final String CARRIER_TYPES = "carrier-record-types";
    static final String NEVER_CONNECTED = "asked-for-and-never-connected";
    static final String DOMAIN_RARE = "domain-rare-in-fleet";
    static final String LOOK_UPS = "domain-of-look-ups";
    static final String DOMAIN_COMMON = "domain-of-many-devices";

    private static final Set<Protocol> MAIL_PROTOCOLS =
            Set.copyOf(EnumSet.of(Protocol.SMTP, Protocol.IMAP, Protocol.POP3));
    private static final double INFORMATION = 1_500;
    private static final double MUCH = 10_000;
    private static final double NAMES = 40;
    private static final double RATE = 0.4;
    private static final double CARRIERS = 0.3;
    /** Apps and destinations of a device whose flows come here; of one that only asks there is one for each app that does. */
    private static final int SOME_FLOWS = 4;

    private final Settings settings;

    public ApplicationLayerProtocol(Settings settings) {
        this.settings = settings;
    }

    /**
     * MITRE's knobs.
     *
     * @param beaconIntervalVarianceThreshold jitter up to which a rhythm is sought, a share of the interval
     * @param connectionFrequencyThreshold connections an hour by a clock from which on they are many
     * @param payloadEntropyThreshold how random the letters of an asked name must be, see {@link Entropy#ofLetters}, and the
     *     bytes of a message in clear, see {@link Entropy#ofRandom(io.postern.analytics.flow.InClear.Payload)}
     * @param recentUserInteractionWindow without use for so long nobody is there
     */
    public record Settings(
            double beaconIntervalVarianceThreshold,
            double connectionFrequencyThreshold,
            double payloadEntropyThreshold,
            Duration recentUserInteractionWindow) {
        public static final Settings DEFAULTS = new Settings(Cadence.WIDEST_JITTER, 30, 0.95, Duration.ofMinutes(5));
    }

    @Override
    public String id() {
        return "AN1793";
    }

    @Override
    public String title() {
        return "Application Layer Protocol";
    }

    @Override
    public String technique() {
        return "T1437";
    }

    @Override
    public void weigh(Sight sight, Scales scales) {
        if (sight.protocol() == Protocol.DNS) {
            // Judged by the names that are asked for.
            return;
        }
        boolean mail = mail(sight, scales);
        boolean known = Whereabouts.weigh(sight, scales, Whereabouts.LEARNT_RHYTHM);
        boolean clock = Regularity.weigh(sight, scales, settings.beaconIntervalVarianceThreshold);
        boolean unlike = known && Regularity.unlikeOthers(sight, scales, settings.beaconIntervalVarianceThreshold);
        if (!clock && !mail && !unlike && !forming(sight)) {
            scales.clear();
            return;
        }
        Declared.weigh(sight, scales);
        requests(sight, scales, known);
        names(sight, scales);
        Bytes.weigh(sight.clear().up(), sight.clear().down(), scales, settings.payloadEntropyThreshold, 3);
        if (clock) {
            symmetry(sight, scales);
        }
        double often = 3_600_000 / Math.max(1_000, sight.seen().periodMillis(Stream.CONNECTS));
        if (clock
                && often >= settings.connectionFrequencyThreshold
                && sight.seen().checkIns(Stream.CONNECTS) > OFTEN_LEAST) {
            scales.supports(Family.CADENCE, OFTEN, often, settings.connectionFrequencyThreshold, 4);
        }
        Circumstances.weigh(sight, scales, settings.recentUserInteractionWindow, settings.recentUserInteractionWindow);
    }

    /** A question without news and its answer are about as large; a page is thirty times its request. */
    private static void symmetry(Sight sight, Scales scales) {
        double times = Math.exp(Math.abs(sight.seen().heaviness()));
        if (sight.seen().sizesSeen() >= EXCHANGES
                && times <= SYMMETRIC_MOST
                && !sight.habits().sizesOfApp()) {
            scales.supports(Family.CADENCE, SYMMETRIC, times, SYMMETRIC_MOST, 2);
        }
    }

    private static final int EXCHANGES = 8;
    private static final double SYMMETRIC_MOST = 2;
    private static final int OFTEN_LEAST = 10;

    private boolean forming(Sight sight) {
        return sight.clock(settings.beaconIntervalVarianceThreshold) >= Cadence.CLOCK / 2;
    }

    private static boolean mail(Sight sight, Scales scales) {
        boolean mail = MAIL_PROTOCOLS.contains(sight.protocol());
        boolean mails = !sight.named()
                || sight.isOfCategory("mail")
                || sight.habits().port().standing().approved()
                || (sight.habits().port().standing() == Standing.PROPOSED
                        && sight.habits().devicesOnPort() > sight.habits().few());
        if (mail && !mails) {
            scales.supports(Family.PORT, MAIL, 1, 1, 25);
        }
        return mail && !mails;
    }

    /** @param known whether it goes where the app is known to go: there what weighs little must not be all that is odd */
    private static void requests(Sight sight, Scales scales, boolean known) {
        Optional<Flow> flow = sight.flow();
        if (flow.isEmpty()) {
            // Told late: of a flow that is over neither its requests nor what came down are kept, nor who was told its
            // address.
            scales.notVisible("requests");
            scales.notVisible("downlink-payload");
            scales.notVisible("dns-memory");
            return;
        }
        if (!sight.habits().tellsRare()) {
            return;
        }
        if (flow.get().http().isPresent()) {
            request(sight, scales, flow.get().http().get(), known);
        }
        if (flow.get().tls().isPresent()) {
            hello(sight, scales, flow.get().tls().get(), known);
        }
        if (!known && sight.habits().hourIsNew(sight.now())) {
            scales.supports(Family.DESTINATION, HOUR_NEW, 1, 1, 2);
        }
    }

    /** One request is one observation: its headers are asked of only where nothing else of it is new. */
    private static void request(Sight sight, Scales scales, Flow.HttpShape http, boolean known) {
        if (sight.habits().requestIsNew(http)) {
            scales.supports(Family.DESTINATION, REQUEST_NEW, 1, 1, 6);
        } else if (sight.habits().requestIsUnlikeCategory(http)) {
            scales.supports(Family.DESTINATION, REQUEST_UNLIKE_CATEGORY, 1, 1, 6);
        } else if (!known && sight.habits().headersAreNew(http)) {
            scales.supports(Family.DESTINATION, HEADERS_NEW, 1, 1, 4);
        }
    }

    /** Likewise: a fingerprint has something of the protocol that is offered first in it. */
    private static void hello(Sight sight, Scales scales, Flow.TlsShape tls, boolean known) {
        if (sight.habits().helloIsNew(tls)) {
            scales.supports(Family.DESTINATION, HELLO_NEW, 1, 1, 6);
        } else if (!known && sight.habits().alpnIsNew(tls)) {
            scales.supports(Family.DESTINATION, ALPN_NEW, 1, 1, 3);
        }
    }

    /** Of what is hidden by ECH nothing is said: its outer name is no other name. */
    private static void names(Sight sight, Scales scales) {
        if (sight.clear().naming() == Naming.UNSEEN) {
            scales.notVisible("certificate");
        }
    }

    /**
     * The same of what an app asks DNS for below one domain.
     *
     * @param at number of it in the device's questions
     * @param name the last one that was asked for
     * @param fleet which of its devices ask below the domain
     */
    void weighNames(Sight sight, Scales scales, int at, String name, Domains fleet) {
        Questions questions = sight.device().questions();
        long[] words = questions.words(at);
        int place = questions.asking(at);
        double information = Asking.information(words, place);
        double names = Asking.distinct(words, place);
        if (information < INFORMATION || names < NAMES) {
            return;
        }
        scales.supports(Family.DNS, TUNNEL, information, INFORMATION, information >= MUCH ? 35 : 25);
        double rate = Asking.rate(words, place, sight.now());
        if (rate >= RATE) {
            scales.supports(Family.DNS, TUNNEL_RATE, rate, RATE, 10);
        }
        double random =
                Entropy.ofLetters(name, name.length() - questions.domain(at).length());
        if (random >= settings.payloadEntropyThreshold) {
            scales.supports(Family.DNS, RANDOM_NAMES, random, settings.payloadEntropyThreshold, 3);
        }
        double carriers = Asking.carrierShare(words, place);
        if (carriers >= CARRIERS) {
            scales.supports(Family.DNS, CARRIER_TYPES, carriers, CARRIERS, 10);
        }
        if (LookUps.zone(questions.domain(at))) {
            scales.against(Family.DESTINATION, LOOK_UPS, 1, 1, 60);
        }
        boolean never = false;
        if (blind(sight)) {
            scales.notVisible("connections");
        } else if (!sight.device().connected(questions.domain(at))) {
            never = true;
            scales.supports(Family.DESTINATION, NEVER_CONNECTED, 1, 1, 15);
        } else {
            scales.against(Family.DESTINATION, NEVER_CONNECTED, 0, 1, 30);
        }
        others(sight, scales, fleet, questions.domain(at), never && information >= MUCH);
    }

    /**
     * That others use the domain as hosts are used says of a device that does not, and says much, no more than that somebody
     * had them do so: it must not outweigh what the device does itself.
     *
     * @param muchForNothing whether the device has asked for very much and never connected to it
     */
    private static void others(Sight sight, Scales scales, Domains fleet, String domain, boolean muchForNothing) {
        double few = fleet.few();
        double alike = fleet.asAHost(domain);
        if (alike > few) {
            scales.against(Family.DESTINATION, DOMAIN_COMMON, alike, few, muchForNothing ? 10 : 40);
        } else if (!sight.habits().tellsRare()) {
            scales.notVisible("baseline");
        } else if (fleet.asking(domain) <= few) {
            scales.supports(Family.DESTINATION, DOMAIN_RARE, (double) fleet.asking(domain), few, 15);
        }
    }

    /**
     * Whether it is not to be seen what the device connects to: it asks the gateway for names, and next to nothing else of it
     * comes here. What is a flow itself is a check-in; what is asked of the gateway is none.
     */
    private static boolean blind(Sight sight) {
        return sight.seen().checkIns() == 0 && sight.device().keys() < SOME_FLOWS;
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
                        "ConnectionFrequencyThreshold",
                        "number",
                        "30",
                        "connections an hour by a clock from which on they are many",
                        "twice a minute is more than any keepalive we know of asks for"),
                new Knob(
                        "PayloadEntropyThreshold",
                        "number",
                        "0.95",
                        "entropy of the letters of names asked for below one domain, as a share of what as many random letters of"
                                + " their alphabet come to, and of messages in clear, as a share of what 99 of 100 samples of as many"
                                + " random bytes exceed; weak. What says that it is compressed does not count",
                        "40 random letters reach it 19 times in 20, words hardly ever; numbered hosts do too. Random bytes reach"
                                + " it always, text and JSON never"));
    }
}
