package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Catalogue.GENERIC;
import static io.postern.analytics.fleet.Releases.FIRST;
import static io.postern.analytics.fleet.Releases.SECOND;
import static io.postern.analytics.fleet.Times.minutes;
import static java.time.Duration.ofSeconds;

import io.postern.analytics.flow.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What versions bring that come while a fleet is watched, and that nobody told those who wrote roles: hosts of SDKs, a content
 * network, a new server or port, more to upload. All of it means no harm.
 */
final class NewVersions {

    private static final Sizes EVENTS = new Sizes(2_500, 350, 0.7);
    private static final Sizes SETTINGS = new Sizes(700, 1_800, 0.3);
    private static final Sizes BEAT = new Sizes(900, 220, 0.2);
    private static final Sizes IMAGES = new Sizes(500, 45_000, 1.2);
    private static final Sizes PHOTOS = new Sizes(700_000, 500, 0.5);
    private static final Sizes TRACKS = new Sizes(60_000, 400, 0.5);

    private static final Peer CRASHES = Peer.https("sdk-analytics", "firebase-settings.crashlytics.com");
    private static final Peer FLAGS = Peer.https("sdk-analytics", "clientstream.feature-flags.example");
    private static final Peer ERRORS = Peer.https("sdk-analytics", "o17.ingest.error-tracker.example");
    private static final Peer FITNESS = Peer.https(GENERIC, "sync.steps-fitness.example");
    private static final Peer DEVICE_INSIGHT = Peer.https("sdk-analytics", "beat.device-insight.example");

    private static final Map<String, List<Behaviour>> BY_APP = Map.ofEntries(
            // An SDK that reports crashes, and another that asks which features are on.
            Map.entry(
                    "com.acme.mail",
                    since(
                            SECOND,
                            new Reports(CRASHES, 0.1, EVENTS),
                            new Jobs(FLAGS, minutes(60), minutes(15), SETTINGS, 1))),
            // Media by a content network.
            Map.entry(
                    "com.acme.chat",
                    since(
                            SECOND,
                            new Looks(
                                    List.of(Peer.quic(GENERIC, "media.chat-cdn.example")), 0, ofSeconds(10), IMAGES))),
            // Photos go along with what is synchronised: far more than the role's limit.
            Map.entry(
                    "com.acme.fieldsync",
                    since(SECOND, new Nightly(Peer.https(GENERIC, "sync.acme-corp.example"), 25, PHOTOS, true))),
            // A registry on a port of its own, then errors to somebody's service.
            Map.entry(
                    "com.acme.devtools",
                    both(
                            since(
                                    FIRST,
                                    new Jobs(
                                            Peer.tls(5000, GENERIC, "registry.acme-corp.example"),
                                            minutes(30),
                                            minutes(5),
                                            SETTINGS,
                                            1)),
                            since(SECOND, new Jobs(ERRORS, minutes(30), minutes(5), EVENTS, 1)))),
            // Relays in a region that is nearer, by other ports.
            Map.entry(
                    "com.acme.meet",
                    since(
                            SECOND,
                            new Calls(
                                    Peer.udp(Protocol.STUN, 3480, GENERIC, "stun.meet-relay.example"),
                                    Peer.udp(Protocol.DTLS, 50_060, GENERIC, "media.meet-relay.example"),
                                    1))),
            // A second way in, where 51820 is not let through.
            Map.entry(
                    "com.acme.vpn",
                    since(SECOND, new Tunnels(Peer.udp(Protocol.WIREGUARD, 443, GENERIC, "vpn2.acme-corp.example")))),
            // Asks somebody's service whether passwords are known to thieves.
            Map.entry(
                    "example.password.safe",
                    since(
                            SECOND,
                            new Jobs(
                                    Peer.https(GENERIC, "range.breach-check.example"),
                                    minutes(360),
                                    minutes(30),
                                    SETTINGS,
                                    3))),
            // An SDK of the scanner's maker tells that the device is well, then its own server moves to another port.
            Map.entry(
                    Warehouse.SCANNER.name(),
                    both(
                            since(FIRST, new Jobs(DEVICE_INSIGHT, minutes(15), minutes(3), BEAT, 1)),
                            since(
                                    SECOND,
                                    new Jobs(
                                            Peer.tls(8444, GENERIC, "events.asset-scan.example"),
                                            minutes(30),
                                            minutes(5),
                                            SETTINGS,
                                            1)))),
            Map.entry(
                    "example.notes.pad",
                    since(
                            FIRST,
                            new Jobs(
                                    Peer.https(GENERIC, "sync.notepad-cloud.example"),
                                    minutes(15),
                                    minutes(5),
                                    SETTINGS,
                                    1))),
            Map.entry(
                    "example.game.blocks",
                    since(
                            FIRST,
                            new Jobs(
                                    Peer.https("sdk-ads", "bid.ad-exchange.example"),
                                    minutes(60),
                                    minutes(20),
                                    EVENTS,
                                    1))),
            Map.entry(
                    "example.social.circle",
                    since(
                            SECOND,
                            new Looks(
                                    List.of(Peer.quic(GENERIC, "img9.social-media-cdn.example")),
                                    0,
                                    ofSeconds(5),
                                    IMAGES))),
            Map.entry(
                    "example.shop.market",
                    since(
                            SECOND,
                            new Keeps(
                                    Peer.tcp(Protocol.WEBSOCKET, 443, GENERIC, "ws.support-chat.example"),
                                    minutes(5),
                                    new Sizes(30, 30, 0),
                                    0,
                                    new Sizes(300, 500, 0.6),
                                    false))),
            // Whole tracks instead of steps.
            Map.entry("example.fitness.steps", since(SECOND, new Jobs(FITNESS, minutes(60), minutes(15), TRACKS, 2))));

    private NewVersions() {}

    private static List<Behaviour> since(int version, Behaviour... behaviours) {
        return IntStream.range(0, behaviours.length)
                .mapToObj(i -> (Behaviour) new Since(version, behaviours[i]))
                .toList();
    }

    private static List<Behaviour> both(List<Behaviour> one, List<Behaviour> other) {
        List<Behaviour> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }

    /** The app with what its versions bring. */
    static App in(App app) {
        List<Behaviour> all = both(app.behaviours(), BY_APP.getOrDefault(app.name(), List.of()));
        return new App(app.name(), app.category(), app.share(), app.appeal(), app.managed(), all);
    }
}
