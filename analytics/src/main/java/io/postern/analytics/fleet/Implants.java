package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.MINUTE;
import static io.postern.analytics.fleet.Times.minutes;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.postern.analytics.context.ContextEvent.UsedResource.Resource;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What an attacker may have put on a device, of every kind that section 5 of the specification names. */
final class Implants {

    private static final String WEB_SERVICE = "AN1770";
    private static final String APPLICATION_LAYER = "AN1793";
    private static final String ODD_PORT = "AN1827";
    private static final String WEB_PROTOCOL = "AN1681";
    private static final String ENCRYPTED = "AN1716";
    private static final String CADENCE = APPLICATION_LAYER + "," + WEB_PROTOCOL;

    private static final int[] JITTERS = {0, 10, 20, 30, 40, 50};
    private static final int[] MISSED = {10, 20, 30};
    private static final int NO_JITTER = -1;

    private static final Sizes POLL = new Sizes(420, 260, 0.15);
    private static final Sizes FETCH = new Sizes(380, 9_000, 0.2);
    private static final Sizes CHUNK = new Sizes(262_144, 320, 0.05);

    private static final List<String> COVERS = List.of(
            "example.torch.lamp",
            "example.qr.reader",
            "example.pdf.viewer",
            "example.cleaner.boost",
            "example.wallpaper.live",
            "example.battery.saver");

    private Implants() {}

    /**
     * An implant on a device.
     *
     * @param app that hides it: one of the catalogue's, or one that came with it
     */
    record Planted(Implant label, App app, List<Behaviour> behaviours, int fromDay) {}

    /** The kinds; how many of a fleet's implants are of each is by weight. */
    enum Kind {
        /** Asks by HTTPS, sleeps, with jitter. */
        SLEEP(6, CADENCE, true),
        /** The same, and some calls do not happen. */
        MISSED_BEATS(3, CADENCE, true),
        /** Several flows a call. */
        BURSTS(2, CADENCE, true),
        /** Sleeps that grow like Fibonacci's. */
        GROWING(2, CADENCE, true),
        /** A periodic job, like everybody's. */
        WORK_MANAGER(3, CADENCE, true),
        /** Only when Doze lets everybody run. */
        DOZE(2, CADENCE, true),
        /** To the very host its app speaks to anyway. */
        UNDER_TRAFFIC(2, CADENCE, true),
        /** Reads its orders from a paste. */
        DEAD_DROP_PASTE(1, WEB_SERVICE + "," + WEB_PROTOCOL, true),
        /** Reads its orders from a file on a code host. */
        DEAD_DROP_CODE(1, WEB_SERVICE + "," + WEB_PROTOCOL, true),
        /** Reads its orders from a messenger's API. */
        DEAD_DROP_SOCIAL(1, WEB_SERVICE + "," + WEB_PROTOCOL, true),
        /** Puts what it takes into somebody's cloud storage. */
        CLOUD_UPLOAD(2, WEB_SERVICE, false),
        /** TLS on 4444 or 8443. */
        TLS_ODD_PORT(3, ODD_PORT + "," + APPLICATION_LAYER, true),
        /** HTTP on 8081. */
        HTTP_ODD_PORT(2, ODD_PORT + "," + APPLICATION_LAYER, true),
        /** Small uplinks after pushes. */
        PUSH_WOKEN(2, WEB_PROTOCOL, false),
        /** Polls inside one WebSocket. */
        WEBSOCKET(3, CADENCE, true),
        /** A tunnel by DNS of some 0.7 bytes a second, by the system's resolver. */
        DNS_SLOW(1, APPLICATION_LAYER, false),
        /** A tunnel by DNS in runs, by a socket of its own. */
        DNS_FAST(1, APPLICATION_LAYER, false),
        /** Takes, stages, encrypts, uploads. */
        STAGED_UPLOAD(3, ENCRYPTED, false),
        /** Once a day. */
        DAILY(2, CADENCE, true),
        /** Sleeps, and was there before anybody looked. */
        LEARNT(2, CADENCE, true),
        /** Commands by IMAP, in an app that is no mail app. */
        MAIL_CHANNEL(1, APPLICATION_LAYER, true);

        private final int weight;
        private final String analytics;
        private final boolean cadenced;
        private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

        Kind(int weight, String analytics, boolean cadenced) {
            this.weight = weight;
            this.analytics = analytics;
            this.cadenced = cadenced;
        }

        String label() {
            return label;
        }

        static Kind of(String label) {
            return Arrays.stream(values())
                    .filter(each -> each.label.equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no kind of implant is '" + label + "'"));
        }
    }

    /** Plants one; all but {@link Kind#LEARNT} come in the first half of the days, after two if there are more. */
    static Planted plant(Kind kind, String device, Dice dice, int days) {
        int jitter = JITTERS[dice.below(JITTERS.length)];
        int missed = kind == Kind.MISSED_BEATS ? MISSED[dice.below(MISSED.length)] : 0;
        int fromDay = kind == Kind.LEARNT || days < 4 ? 0 : 2 + dice.below(Math.max(1, days / 2 - 1));
        List<Behaviour> behaviours = new ArrayList<>(behaviours(kind, jitter / 100.0, missed / 100.0, dice));
        App app = app(kind, behaviours, dice);
        boolean sleeps =
                switch (kind) {
                    case GROWING,
                            WORK_MANAGER,
                            DOZE,
                            CLOUD_UPLOAD,
                            PUSH_WOKEN,
                            DNS_SLOW,
                            DNS_FAST,
                            STAGED_UPLOAD,
                            DAILY -> false;
                    default -> true;
                };
        Implant label = new Implant(
                device + "/" + kind.label(),
                kind.label(),
                Set.of(kind.analytics.split(",", -1)),
                app.name(),
                sleeps ? jitter : NO_JITTER,
                missed,
                kind.cadenced);
        return new Planted(label, app, behaviours, fromDay);
    }

    /** One by weight. */
    static Kind kind(Dice dice) {
        int total = 0;
        for (Kind each : Kind.values()) {
            total += each.weight;
        }
        int point = dice.below(total);
        for (Kind each : Kind.values()) {
            point -= each.weight;
            if (point < 0) {
                return each;
            }
        }
        throw new IllegalStateException("weights do not add up");
    }

    /** Most hide in an app of their own, some in one that is there anyway. */
    private static App app(Kind kind, List<Behaviour> behaviours, Dice dice) {
        String host = "";
        if (kind == Kind.UNDER_TRAFFIC) {
            Peer peer = ((Beacons) behaviours.get(0)).peer();
            host = peer.equals(Catalogue.WEATHER_API)
                    ? Catalogue.WEATHER
                    : peer.equals(Catalogue.NEWS_API) ? Catalogue.NEWS : Catalogue.FITNESS;
        } else if (dice.chance(0.25)) {
            host = Catalogue.WEATHER;
        }
        for (App each : Catalogue.APPS) {
            if (each.name().equals(host)) {
                return each;
            }
        }
        return App.own(COVERS.get(dice.below(COVERS.size())), Category.TOOL, 0, 0);
    }

    private static List<Behaviour> behaviours(Kind kind, double jitter, double missed, Dice dice) {
        Duration sleep = ofMillis((long) dice.spread(10.0 * MINUTE, 1));
        Rhythm rhythm = new Rhythm.Sleep(sleep.compareTo(minutes(1)) < 0 ? minutes(1) : sleep, jitter);
        return switch (kind) {
            case SLEEP, LEARNT -> List.of(beacons(home(dice), rhythm, 0, 1, Wake.OWN, POLL));
            case MISSED_BEATS -> List.of(beacons(home(dice), rhythm, missed, 1, Wake.OWN, POLL));
            case BURSTS -> List.of(beacons(home(dice), rhythm, 0, 2 + dice.below(4), Wake.OWN, POLL));
            case GROWING ->
                List.of(beacons(home(dice), new Rhythm.Growing(minutes(1), minutes(12 * 60)), 0, 1, Wake.OWN, POLL));
            case WORK_MANAGER -> List.of(new Jobs(home(dice), minutes(15 << dice.below(3)), minutes(5), POLL, 1));
            case DOZE -> List.of(beacons(home(dice), new Rhythm.Sleep(minutes(10), 0.2), 0, 1, Wake.WINDOW, POLL));
            case UNDER_TRAFFIC ->
                List.of(beacons(
                        List.of(Catalogue.WEATHER_API, Catalogue.NEWS_API, Catalogue.FITNESS_API)
                                .get(dice.below(3)),
                        rhythm,
                        0,
                        1,
                        Wake.OWN,
                        POLL));
            case DEAD_DROP_PASTE -> List.of(drop(Peer.https("paste", "pastebin.com"), jitter, dice));
            case DEAD_DROP_CODE ->
                List.of(drop(
                        Peer.under("raw.githubusercontent.com", "code-hosting", "raw.githubusercontent.com"),
                        jitter,
                        dice));
            case DEAD_DROP_SOCIAL -> List.of(drop(Peer.https("messaging", "api.telegram.org"), jitter, dice));
            case CLOUD_UPLOAD ->
                List.of(new Exfiltrates(
                        Peer.https("cloud-storage", "content.dropboxapi.com"),
                        List.of(Resource.MEDIA, Resource.CONTACTS),
                        false,
                        2,
                        12,
                        CHUNK));
            case TLS_ODD_PORT ->
                List.of(beacons(
                        dice.chance(0.5)
                                ? Peer.nameless(dice.chance(0.5) ? 4444 : 8443, address(dice))
                                : Peer.tls(dice.chance(0.5) ? 4444 : 8443, Catalogue.GENERIC, host(dice)),
                        rhythm,
                        0,
                        1,
                        Wake.OWN,
                        POLL));
            case HTTP_ODD_PORT ->
                List.of(beacons(Peer.http(8081, Catalogue.GENERIC, host(dice)), rhythm, 0, 1, Wake.OWN, POLL));
            case PUSH_WOKEN -> List.of(new AnswersPush(home(dice), 12, new Sizes(900, 240, 0.5)));
            case WEBSOCKET ->
                List.of(new Beacons(
                        Peer.tcp(Protocol.WEBSOCKET, 443, Catalogue.GENERIC, host(dice)),
                        rhythm,
                        0,
                        1,
                        Wake.OWN,
                        new Sizes(140, 60, 0.15),
                        true,
                        0.02));
            case DNS_SLOW -> List.of(new DnsTunnel(host(dice), 34, ofSeconds(48), minutes(60), ZERO, true));
            case DNS_FAST ->
                List.of(new DnsTunnel(host(dice), 120, ofMillis(400), minutes(3), ofMillis(8 * HOUR), false));
            case STAGED_UPLOAD ->
                List.of(new Exfiltrates(
                        home(dice), List.of(Resource.CONTACTS, Resource.SMS, Resource.CALL_LOG), true, 2, 8, CHUNK));
            case DAILY ->
                List.of(beacons(
                        home(dice),
                        new Rhythm.Sleep(minutes(24 * 60), 0.01),
                        0,
                        1,
                        Wake.OWN,
                        new Sizes(2_400, 300, 0.1)));
            case MAIL_CHANNEL ->
                List.of(beacons(
                        Peer.tcp(Protocol.IMAP, 993, Catalogue.GENERIC, "imap." + host(dice)),
                        rhythm,
                        0,
                        1,
                        Wake.OWN,
                        new Sizes(300, 1_500, 0.3)));
        };
    }

    private static Beacons beacons(Peer peer, Rhythm rhythm, double missed, int burst, Wake wake, Sizes sizes) {
        return new Beacons(peer, rhythm, missed, burst, wake, sizes, false, 0.02);
    }

    private static Beacons drop(Peer peer, double jitter, Dice dice) {
        Rhythm rhythm = new Rhythm.Sleep(minutes(30 + dice.below(150)), jitter);
        return new Beacons(peer, rhythm, 0, 1, Wake.JOB, FETCH, false, 0);
    }

    private static Peer home(Dice dice) {
        return dice.chance(0.15)
                ? Peer.nameless(443, address(dice))
                : Peer.https(Catalogue.GENERIC, (dice.chance(0.5) ? "api." : "cdn.") + host(dice));
    }

    /** A registrable domain: words, or what a generator would make. */
    private static String host(Dice dice) {
        String code = Long.toString(dice.next() >>> 1, Character.MAX_RADIX);
        return dice.chance(0.3)
                ? code.substring(0, 11) + ".example"
                : List.of("sync-", "metrics-", "update-", "static-").get(dice.below(4)) + code.substring(0, 4)
                        + ".example";
    }

    private static String address(Dice dice) {
        return "198.51.100." + (1 + dice.below(250));
    }
}
