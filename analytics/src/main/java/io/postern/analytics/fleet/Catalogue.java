package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.App.managed;
import static io.postern.analytics.fleet.App.own;
import static io.postern.analytics.fleet.Times.minutes;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import io.postern.analytics.context.ContextEvent.UsedResource.Resource;
import io.postern.analytics.flow.Protocol;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is on a fleet's devices and means no harm. Names under {@code .example} are nobody's; real ones stand only where a
 * service class needs them. The sources of the numbers are in {@code docs/analytics/fleet.md}.
 */
final class Catalogue {

    static final String BROWSER = "com.android.chrome";
    static final String WEATHER = "example.weather.widget";
    static final String NEWS = "example.news.daily";
    static final String FITNESS = "example.fitness.steps";

    /** What no list of service classes knows. */
    static final String GENERIC = "generic-https";

    static final Peer WEATHER_API = Peer.https(GENERIC, "api.weather-widget.example");
    static final Peer NEWS_API = Peer.https(GENERIC, "content.daily-news.example");
    static final Peer FITNESS_API = Peer.https(GENERIC, "sync.steps-fitness.example");

    private static final Peer MEASUREMENT = Peer.https("sdk-analytics", "app-measurement.com");
    private static final Peer CRASHES = Peer.https("sdk-analytics", "firebase-settings.crashlytics.com");
    private static final Peer ADS = Peer.quic("sdk-ads", "googleads.g.doubleclick.net");
    private static final Peer MORE_ADS = Peer.https("sdk-ads", "ms.applovin.com");

    private static final Sizes API = new Sizes(900, 6_000, 0.9);
    private static final Sizes SMALL = new Sizes(600, 900, 0.4);
    private static final Sizes IMAGES = new Sizes(500, 45_000, 1.2);
    private static final Sizes PAGE = new Sizes(700, 30_000, 1.2);
    private static final Sizes EVENTS = new Sizes(2_500, 350, 0.7);
    private static final Sizes AD = new Sizes(1_800, 9_000, 0.8);

    private static final Browses BROWSES = new Browses(
            IntStream.range(0, 60)
                    .mapToObj(i -> Peer.browser(GENERIC, "www.site-" + i + ".example"))
                    .toList(),
            List.of(
                    Peer.browser("sdk-ads", "securepubads.g.doubleclick.net"),
                    Peer.browser("sdk-analytics", "www.google-analytics.com"),
                    Peer.browser(GENERIC, "static.pages-cdn.example")),
            PAGE,
            new Sizes(900, 12_000, 1));

    private static final App PLAY_SERVICES = managed(
            "com.google.android.gms",
            Category.SYSTEM,
            1,
            0,
            new PushService(Peer.tls(5228, "push", "mtalk.google.com")),
            new Jobs(Peer.https("app-store", "android.clients.google.com"), minutes(360), minutes(60), API, 2));

    private static final App SYSTEM = managed(
            "android",
            Category.SYSTEM,
            1,
            0,
            new ChecksNetwork(
                    List.of(
                            Peer.http(80, "connectivity-check", "connectivitycheck.gstatic.com"),
                            Peer.https(GENERIC, "www.google.com")),
                    Peer.udp(Protocol.UNKNOWN, 123, GENERIC, "time.android.com")));

    private static final App STORE = managed(
            "com.android.vending",
            Category.SYSTEM,
            1,
            0.3,
            new Looks(List.of(Peer.https("app-store", "play-fe.googleapis.com")), 0, ofSeconds(4), IMAGES),
            new Updates(
                    Peer.https("app-store", "play-fe.googleapis.com"),
                    Peer.https(GENERIC, "r3---sn-4g5e6nz7.gvt1.com"),
                    "com.android.providers.downloads"));

    private static final App MANAGEMENT = managed(
            "com.google.android.apps.work.clouddpc",
            Category.MANAGEMENT,
            1,
            0,
            new Pushed(Peer.https(GENERIC, "policy.device-management.example"), 3, SMALL, true),
            new Jobs(
                    Peer.https(GENERIC, "policy.device-management.example"),
                    minutes(180),
                    minutes(20),
                    new Sizes(6_000, 1_500, 0.3),
                    1));

    private static final App SECURITY = managed(
            "example.security.agent",
            Category.SECURITY,
            1,
            0.1,
            new Polls(
                    Peer.https(GENERIC, "telemetry.security-agent.example"),
                    minutes(30),
                    minutes(1),
                    new Sizes(2_200, 400, 0.25)));

    private static final App MAIL = managed(
            "com.acme.mail",
            Category.MAIL,
            1,
            5,
            new Keeps(
                    Peer.tcp(Protocol.IMAP, 993, GENERIC, "imap.acme-corp.example"),
                    minutes(9),
                    new Sizes(90, 80, 0.1),
                    3,
                    new Sizes(250, 22_000, 1.1),
                    true),
            new Looks(List.of(Peer.https(GENERIC, "mail.acme-corp.example")), 0, ofSeconds(15), API),
            new OpensLinks(BROWSES, BROWSER, 0.06),
            new Uses(Resource.CONTACTS, 0.05, false));

    private static final App CHAT = managed(
            "com.acme.chat",
            Category.CHAT,
            0.95,
            8,
            new Keeps(
                    Peer.tcp(Protocol.WEBSOCKET, 443, GENERIC, "ws.acme-chat.example"),
                    minutes(4.75),
                    new Sizes(30, 30, 0),
                    10,
                    new Sizes(350, 500, 0.8),
                    false),
            new Pushed(Peer.https(GENERIC, "api.acme-chat.example"), 25, API, true),
            new Looks(
                    List.of(
                            Peer.https(GENERIC, "api.acme-chat.example"),
                            Peer.https(GENERIC, "files.acme-chat.example")),
                    0.2,
                    ofSeconds(8),
                    new Sizes(700, 2_500, 0.9)),
            new Uses(Resource.CAMERA, 0.03, false),
            new Uses(Resource.MEDIA, 0.05, true),
            new OpensLinks(BROWSES, BROWSER, 0.08));

    private static final App SYNC = managed(
            "com.acme.fieldsync",
            Category.SYNC,
            0.6,
            1.5,
            new Polls(
                    Peer.https(GENERIC, "sync.acme-corp.example"),
                    minutes(15),
                    ofSeconds(20),
                    new Sizes(1_100, 700, 0.2)),
            new Looks(List.of(Peer.https(GENERIC, "sync.acme-corp.example")), 0, ofSeconds(6), API),
            new Uses(Resource.LOCATION, 0.3, false));

    private static final App CODE_TOOLS = managed(
            "com.acme.devtools",
            Category.DEVELOPER,
            0.08,
            2,
            new Looks(
                    List.of(
                            Peer.tls(8443, GENERIC, "git.acme-corp.example"),
                            Peer.https("code-hosting", "api.github.com")),
                    0.6,
                    ofSeconds(10),
                    API),
            new Jobs(Peer.tls(8443, GENERIC, "build.acme-corp.example"), minutes(30), minutes(5), SMALL, 1));

    private static final App CALLS = managed(
            "com.acme.meet",
            Category.CALLS,
            0.7,
            1,
            new Calls(
                    Peer.udp(Protocol.STUN, 3478, GENERIC, "stun.acme-meet.example"),
                    Peer.udp(Protocol.DTLS, 50_012, GENERIC, "media.acme-meet.example"),
                    1.5),
            new Looks(List.of(Peer.https(GENERIC, "api.acme-meet.example")), 0, ofSeconds(10), API),
            new Pushed(Peer.https(GENERIC, "api.acme-meet.example"), 4, SMALL, true));

    private static final App TUNNEL = managed(
            "com.acme.vpn",
            Category.SECURITY,
            0.15,
            0.2,
            new Tunnels(Peer.udp(Protocol.WIREGUARD, 51_820, GENERIC, "vpn.acme-corp.example")));

    private static final App PASSWORDS = managed(
            "example.password.safe",
            Category.PASSWORDS,
            0.8,
            0.8,
            new Looks(List.of(Peer.https(GENERIC, "vault.password-safe.example")), 0, ofSeconds(20), SMALL),
            new Jobs(Peer.https(GENERIC, "vault.password-safe.example"), minutes(720), minutes(60), SMALL, 1),
            new Uses(Resource.CLIPBOARD, 0.7, true));

    private static final App BROWSES_WEB = managed(BROWSER, Category.BROWSER, 1, 9, BROWSES);

    private static final App VIDEO = own(
            "example.video.clips",
            Category.VIDEO,
            0.7,
            5,
            new Streams(
                    Peer.quic(GENERIC, "v1.video-clips.example", "v2.video-clips.example", "edge7.video-clips.example"),
                    "mediaserver",
                    0.8,
                    ofSeconds(9),
                    new Sizes(800, 2_500_000, 0.5),
                    ZERO),
            new Looks(List.of(Peer.quic(GENERIC, "api.video-clips.example"), ADS), 0.4, ofSeconds(6), IMAGES),
            new Reports(MEASUREMENT, 0.6, EVENTS));

    private static final App MUSIC = own(
            "example.music.radio",
            Category.MUSIC,
            0.6,
            2,
            new Streams(
                    Peer.https(GENERIC, "audio.music-radio.example", "audio2.music-radio.example"),
                    "",
                    0.35,
                    ofSeconds(40),
                    new Sizes(700, 900_000, 0.2),
                    minutes(25)),
            new Looks(List.of(Peer.https(GENERIC, "api.music-radio.example")), 0, ofSeconds(8), API));

    private static final App SOCIAL = own(
            "example.social.circle",
            Category.SOCIAL,
            0.75,
            8,
            new Looks(
                    List.of(
                            Peer.quic(GENERIC, "graph.social-circle.example"),
                            Peer.quic(GENERIC, "img1.social-cdn.example", "img4.social-cdn.example")),
                    0.9,
                    ofSeconds(4),
                    IMAGES),
            new Pushed(Peer.https(GENERIC, "graph.social-circle.example"), 20, API, false),
            new Jobs(Peer.https(GENERIC, "graph.social-circle.example"), minutes(60), minutes(15), API, 2),
            new Uses(Resource.CAMERA, 0.04, false),
            new Uses(Resource.LOCATION, 0.1, false),
            new OpensLinks(BROWSES, BROWSER, 0.1));

    private static final App MESSENGER = own(
            "org.telegram.messenger",
            Category.CHAT,
            0.4,
            5,
            // Its own protocol on 443, which no parser knows.
            new Keeps(
                    Peer.tcp(Protocol.UNKNOWN, 443, "messaging", "api.telegram.org"),
                    minutes(7),
                    new Sizes(72, 72, 0),
                    8,
                    new Sizes(300, 700, 0.9),
                    false),
            new Pushed(Peer.https("messaging", "web.telegram.org"), 15, SMALL, true),
            new Uses(Resource.MEDIA, 0.06, true));

    private static final App GAME = own(
            "example.game.blocks",
            Category.GAME,
            0.5,
            3,
            new Looks(List.of(Peer.https(GENERIC, "play.block-game.example"), ADS, MORE_ADS), 0.8, ofSeconds(20), AD),
            new Reports(MEASUREMENT, 0.9, EVENTS),
            new Reports(Peer.https("sdk-analytics", "t.appsflyer.com"), 0.5, SMALL),
            new Jobs(MORE_ADS, minutes(240), minutes(60), AD, 1));

    private static final App BACKUP = own(
            "example.cloud.backup",
            Category.BACKUP,
            0.5,
            0.5,
            new Nightly(
                    Peer.https("cloud-storage", "content.dropboxapi.com"), 18, new Sizes(1_000_000, 600, 0.6), true),
            new Jobs(Peer.https("cloud-storage", "api.dropboxapi.com"), minutes(240), minutes(60), SMALL, 1),
            new Uses(Resource.MEDIA, 0.5, false));

    private static final App WEATHER_APP = own(
            WEATHER,
            Category.WEATHER,
            0.75,
            1,
            new Jobs(WEATHER_API, minutes(30), minutes(5), new Sizes(450, 2_800, 0.15), 1),
            new Looks(List.of(WEATHER_API, ADS), 0.5, ofSeconds(10), API),
            new Uses(Resource.LOCATION, 0.5, false));

    private static final App BANKING = own(
            "example.bank.mobile",
            Category.BANKING,
            0.7,
            0.7,
            new Looks(List.of(Peer.https(GENERIC, "app.mobile-bank.example")), 0, ofSeconds(5), API),
            new Pushed(Peer.https(GENERIC, "app.mobile-bank.example"), 1.5, SMALL, true),
            new Uses(Resource.CLIPBOARD, 0.1, true));

    private static final App MAPS = own(
            "example.maps.routes",
            Category.MAPS,
            0.8,
            1.5,
            new Looks(
                    List.of(
                            Peer.quic(GENERIC, "tiles.maps-routes.example"),
                            Peer.https(GENERIC, "api.maps-routes.example")),
                    0.9,
                    ofSeconds(5),
                    IMAGES),
            new Uses(Resource.LOCATION, 0.95, false));

    private static final App NEWS_APP = own(
            NEWS,
            Category.NEWS,
            0.6,
            2.5,
            new Looks(List.of(NEWS_API, ADS, MEASUREMENT), 0.6, ofSeconds(12), PAGE),
            new Jobs(NEWS_API, minutes(60), minutes(10), PAGE, 3),
            new Pushed(NEWS_API, 6, API, false));

    private static final App FITNESS_APP = own(
            FITNESS,
            Category.FITNESS,
            0.45,
            1,
            new Jobs(FITNESS_API, minutes(60), minutes(15), new Sizes(3_500, 500, 0.5), 1),
            new Looks(List.of(FITNESS_API), 0, ofSeconds(10), API),
            new Uses(Resource.LOCATION, 0.3, false));

    private static final App HOME = own(
            "example.home.hub",
            Category.HOME,
            0.35,
            0.8,
            new Keeps(
                    Peer.tcp(Protocol.MQTT, 8883, GENERIC, "mqtt.home-hub.example"),
                    minutes(4),
                    new Sizes(2, 2, 0),
                    4,
                    new Sizes(120, 160, 0.5),
                    true),
            new Looks(List.of(Peer.https(GENERIC, "api.home-hub.example")), 0, ofSeconds(8), SMALL));

    private static final App SHOPPING = own(
            "example.shop.market",
            Category.SHOPPING,
            0.6,
            2,
            new Looks(
                    List.of(
                            Peer.https(GENERIC, "api.shop-market.example"),
                            Peer.https(GENERIC, "img-a.shop-cdn.example", "img-b.shop-cdn.example"),
                            Peer.https("sdk-analytics", "events.appsflyer.com")),
                    0.8,
                    ofSeconds(5),
                    IMAGES),
            new Reports(CRASHES, 0.3, SMALL),
            new Pushed(Peer.https(GENERIC, "api.shop-market.example"), 2, SMALL, false));

    private static final App NOTES = own(
            "example.notes.pad",
            Category.NOTES,
            0.4,
            1,
            new Jobs(Peer.https(GENERIC, "api.notes-pad.example"), minutes(15), minutes(5), SMALL, 1),
            new Looks(List.of(Peer.https(GENERIC, "api.notes-pad.example")), 0, ofSeconds(15), SMALL),
            new Reports(MEASUREMENT, 0.5, EVENTS));

    /** The order is part of what a seed means. */
    static final List<App> APPS = Stream.of(
                    SYSTEM,
                    STORE,
                    MANAGEMENT,
                    SECURITY,
                    MAIL,
                    CHAT,
                    SYNC,
                    CODE_TOOLS,
                    CALLS,
                    TUNNEL,
                    PASSWORDS,
                    BROWSES_WEB,
                    VIDEO,
                    MUSIC,
                    SOCIAL,
                    MESSENGER,
                    GAME,
                    BACKUP,
                    WEATHER_APP,
                    BANKING,
                    MAPS,
                    NEWS_APP,
                    FITNESS_APP,
                    HOME,
                    SHOPPING,
                    NOTES,
                    Warehouse.SCANNER,
                    PLAY_SERVICES)
            .map(NewVersions::in)
            .toList();

    private Catalogue() {}
}
