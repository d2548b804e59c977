package io.postern.config;

import io.postern.config.GatewaySettings.Unattributed;
import io.postern.config.ListenSettings.ClientAuth;
import io.postern.config.ListenSettings.Ingress;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.dns.resolve.UpstreamText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** What settings must be together, once each is right by itself. */
final class SettingsChecks {

    private final GatewaySettings settings;
    private final Setting root;
    private final Problems problems;
    private final Problems warnings;

    SettingsChecks(GatewaySettings settings, Setting root, Problems problems, Problems warnings) {
        this.settings = settings;
        this.root = root;
        this.problems = problems;
        this.warnings = warnings;
    }

    void all() {
        listeners();
        binds();
        unique(root.member("identity").member("tag-keys").items(), "id");
        collectors();
        settings.context().ifPresent(context -> new ContextChecks(context, root.member("context"), problems).all());
        root.find("context").flatMap(context -> context.find("tls")).ifPresent(this::clientCa);
        root.member("identity").find("radius").ifPresent(this::radius);
        resolvers();
        sniff();
        policy();
        admin();
        keys();
    }

    /** A resolver that has to be found by its name must be found by other means. */
    private void resolvers() {
        for (Setting upstream : root.member("dns").member("upstreams").items()) {
            UpstreamText.parse(upstream.text())
                    .flatMap(UpstreamText::name)
                    .filter(name -> !settings.dns().bootstrap().containsKey(name))
                    .ifPresent(name -> problems.at(upstream, "is a name, must have its addresses in dns.bootstrap"));
        }
    }

    private void listeners() {
        List<Setting> places = root.member("listeners").items();
        unique(places, "name");
        for (int i = 0; i < places.size(); i++) {
            ListenSettings listener = settings.listeners().get(i);
            openToAll(listener, places.get(i));
            places.get(i).find("tls").ifPresent(this::clientCa);
            belongs(listener, places.get(i));
            concentrators(places.get(i));
            clearText(listener, places.get(i));
        }
    }

    /** No listener serves others without knowing who they are, unless somebody has written that it shall. */
    private void openToAll(ListenSettings listener, Setting place) {
        boolean mustShowCertificate = listener.tls()
                .filter(tls -> tls.clientAuth() == ClientAuth.REQUIRE)
                .isPresent();
        if (settings.identity().unattributed() == Unattributed.REFUSE
                || listener.bind().loopback()
                || listener.type() == Ingress.PROXY_PROTOCOL
                || mustShowCertificate) {
            return;
        }
        String open = "is open to others while identity.unattributed is admit";
        if (listener.allowUnauthenticated()) {
            warnings.at(place.member("bind"), open);
        } else {
            problems.at(
                    place.member("bind"),
                    open + ", must be loopback, require client certificates or set allow-unauthenticated: true");
        }
    }

    private void clientCa(Setting tls) {
        boolean none = tls.member("client-auth").text().equals("none");
        if (none && tls.find("client-ca").isPresent()) {
            warnings.at(tls.member("client-ca"), "is not used: client-auth is none");
        }
        if (!none && tls.find("client-ca").isEmpty()) {
            problems.at(tls.member("client-auth"), "needs client-ca, the certificates that sign the clients' ones");
        }
    }

    /** A setting that the type of listener does not read would only look as if it did something. */
    private void belongs(ListenSettings listener, Setting place) {
        boolean proxy = listener.type() == Ingress.PROXY_PROTOCOL;
        if (proxy && place.find("trusted-sources").isEmpty()) {
            problems.at(place, "has no trusted-sources, must say whose PROXY headers are believed");
        }
        if (proxy) {
            only("tls", place, "is not for proxy-protocol: the header comes before any TLS");
        } else if (listener.type() == Ingress.TRANSPARENT) {
            only("tls", place, "is not for transparent: its clients do not know of the gateway");
        }
        if (!proxy) {
            only("trusted-sources", place, "is only for proxy-protocol");
            only("tlv", place, "is only for proxy-protocol");
        }
        if (listener.type() == Ingress.TRANSPARENT
                && settings.identity().addressesFile().isEmpty()
                && settings.identity().radius().isEmpty()
                && !settings.admin().api()
                && settings.identity().unattributed() == Unattributed.REFUSE) {
            warnings.at(
                    place,
                    "lets nobody through: flows are known by their address, and neither identity.addresses-file nor"
                            + " identity.radius nor the admin API says whose those are");
        }
        if (listener.type() != Ingress.SOCKS5 && listener.type() != Ingress.TRANSPARENT) {
            only("udp", place, "is only for socks5 and transparent");
        }
        if (listener.type() != Ingress.TRANSPARENT) {
            only("take-dns", place, "is only for transparent");
        } else if (listener.takesDns() && !listener.udp()) {
            problems.at(place.member("take-dns"), "needs udp: most questions come in datagrams");
        }
        if (listener.type() == Ingress.DNS) {
            asked(listener, place);
        } else {
            only("networks", place, "is only for dns");
            only("doh-path", place, "is only for dns");
        }
        if (listener.type() != Ingress.HTTP_CONNECT) {
            only("trusted-headers", place, "is only for http-connect");
            only("strict", place, "is only for http-connect");
        }
    }

    /** A resolver that answers everybody is a weapon in anybody's hands. */
    private void asked(ListenSettings listener, Setting place) {
        place.find("networks").ifPresent(networks -> {
            for (Setting network : networks.items()) {
                if (network.text().endsWith("/0")) {
                    problems.at(network, "is everybody, must be the networks of devices: this is no open resolver");
                }
            }
        });
        if (listener.dohPath().isPresent() && listener.tls().isEmpty()) {
            problems.at(place.member("doh-path"), "needs tls: DNS over HTTPS is inside it");
        }
        boolean certificates = listener.tls()
                .filter(tls -> tls.clientAuth() != ClientAuth.NONE)
                .isPresent();
        if (listener.networks().isEmpty()
                && !certificates
                && listener.dohPath().isEmpty()
                && settings.identity().addressesFile().isEmpty()
                && settings.identity().radius().isEmpty()
                && !settings.admin().api()
                && settings.identity().unattributed() == Unattributed.REFUSE) {
            warnings.at(
                    place,
                    "answers nobody: devices are known by their address, and neither identity.addresses-file nor"
                            + " identity.radius nor the admin API says whose those are, and there are no networks");
        }
    }

    private void collectors() {
        List<Setting> places = root.member("collectors").items();
        List<Setting> named = new ArrayList<>(root.member("listeners").items());
        named.addAll(places);
        if (!places.isEmpty()) {
            unique(named, "name");
        }
        for (int i = 0; i < places.size(); i++) {
            List<Setting> devices = places.get(i).member("devices").items();
            unique(devices, "source");
            notEverybody(devices.stream().map(device -> device.member("source")).toList());
            if (!settings.collectors().get(i).bind().loopback()) {
                warnings.at(
                        places.get(i).member("bind"),
                        "takes captures whoever sends them from an address of devices: have it inside a tunnel");
            }
        }
    }

    private void radius(Setting radius) {
        List<Setting> clients = radius.member("clients").items();
        unique(clients, "name");
        Map<String, Setting> seen = new HashMap<>();
        for (Setting client : clients) {
            notEverybody(client.member("sources").items());
            for (Setting source : client.member("sources").items()) {
                Setting before = seen.putIfAbsent(source.text(), source);
                if (before != null) {
                    problems.at(source, source.text() + " is taken by " + before.path());
                }
            }
        }
    }

    private void only(String key, Setting place, String rule) {
        place.find(key).ifPresent(setting -> problems.atKey(setting, rule));
    }

    /** Whoever is believed can speak for every device. */
    private void concentrators(Setting place) {
        place.find("trusted-sources").ifPresent(sources -> notEverybody(sources.items()));
        place.find("trusted-headers")
                .ifPresent(headers -> notEverybody(headers.member("sources").items()));
        place.find("tlv").ifPresent(tlv -> {
            Map<Integer, Setting> seen = new HashMap<>();
            tlv.members().values().forEach(number -> {
                Setting before = seen.putIfAbsent(Integer.decode(number.text()), number);
                if (before != null) {
                    problems.at(number, number.text() + " is taken by " + before.path());
                }
            });
        });
    }

    private void notEverybody(List<Setting> sources) {
        for (Setting source : sources) {
            if (source.text().endsWith("/0")) {
                problems.at(
                        source, "is everybody, must be the addresses of concentrators: they can speak for any device");
            }
        }
    }

    private void clearText(ListenSettings listener, Setting place) {
        if (listener.type() == Ingress.SOCKS5
                && listener.tls().isEmpty()
                && !listener.bind().loopback()) {
            warnings.at(
                    place.member("bind"),
                    "carries tags in clear text, which are good until they expire: have it inside a tunnel or set tls");
        }
    }

    private void binds() {
        List<Setting> places = new ArrayList<>();
        List<Bind> binds = new ArrayList<>();
        root.member("listeners").items().forEach(listener -> places.add(listener.member("bind")));
        settings.listeners().forEach(listener -> binds.add(listener.bind()));
        places.add(root.member("admin").member("bind"));
        binds.add(settings.admin().bind());
        settings.context().ifPresent(context -> {
            places.add(root.member("context").member("bind"));
            binds.add(context.bind());
        });
        for (int i = 0; i < places.size(); i++) {
            for (int before = 0; before < i; before++) {
                if (collide(binds.get(before), binds.get(i))) {
                    Setting place = places.get(i);
                    problems.at(
                            place,
                            place.text() + " is taken by " + places.get(before).path());
                    break;
                }
            }
        }
    }

    private static boolean collide(Bind one, Bind other) {
        boolean everywhere =
                one.address().isAnyLocalAddress() || other.address().isAnyLocalAddress();
        return one.port() != 0
                && one.port() == other.port()
                && (everywhere || one.address().equals(other.address()));
    }

    private void unique(List<Setting> items, String key) {
        Map<String, Setting> seen = new HashMap<>();
        for (Setting item : items) {
            Setting name = item.member(key);
            Setting before = seen.putIfAbsent(name.text(), name);
            if (before != null) {
                problems.at(name, "'" + name.text() + "' is taken by " + before.path());
            }
        }
    }

    private void sniff() {
        Setting sniff = root.member("sniff");
        if (settings.sniff().maxHelloBytes() < settings.sniff().maxBytes()) {
            problems.at(
                    sniff.member("max-hello-bytes"),
                    "is " + settings.sniff().maxHelloBytes() + ", must be at least sniff.max-bytes, "
                            + settings.sniff().maxBytes());
        }
        if (settings.sniff().serverFirst().compareTo(settings.sniff().timeout()) > 0) {
            problems.at(sniff.member("server-first"), "is longer than sniff.timeout, must be at most as long");
        }
    }

    private void policy() {
        Setting files = root.member("policy").member("files");
        if (settings.policy().managed() && !files.items().isEmpty()) {
            problems.at(files, "are given while policy.managed is true, must be none: there is one source of policy");
        }
    }

    private void admin() {
        Setting admin = root.member("admin");
        boolean tls = settings.admin().tls().isPresent();
        admin.find("tls").ifPresent(this::clientCa);
        if (!settings.admin().bind().loopback() && !tls) {
            if (settings.admin().api()) {
                problems.at(
                        admin.member("bind"),
                        "is reachable by others without TLS, must be loopback, have admin.tls or admin.api: false");
            } else {
                warnings.at(admin.member("bind"), "shows health and metrics to others without TLS or token");
            }
        }
        if (!settings.admin().api()) {
            for (String key : List.of("tokens-file", "client-certificates")) {
                admin.find(key).ifPresent(setting -> warnings.atKey(setting, "is not used: admin.api is false"));
            }
            answered(root.find("privacy"), "url-paths");
            answered(root.find("evidence"), "capture");
            root.find("analytics")
                    .ifPresent(analytics -> settings.analytics()
                            .enforcing()
                            .keySet()
                            .forEach(id -> answered(analytics.find(id), "enforce-without")));
            if (settings.policy().managed()) {
                problems.at(root.member("policy").member("managed"), "is true, must be false where admin.api is false");
            }
        }
        admin.find("client-certificates").ifPresent(this::certificates);
    }

    /** One device alone may take 4,096 of them, and whoever speaks takes first. */
    private void keys() {
        long keys = settings.analytics().keys();
        if (keys > 0 && keys < AnalyticsSettings.LEAST_KEYS) {
            problems.at(
                    root.member("analytics").member("keys"),
                    "is " + keys + ", must be 0 or at least " + AnalyticsSettings.LEAST_KEYS);
        }
    }

    private void answered(Optional<Setting> section, String key) {
        section.flatMap(found -> found.find(key))
                .ifPresent(place ->
                        problems.atKey(place, "needs admin.api: true, whose audit log says who answers for it"));
    }

    private void certificates(Setting certificates) {
        unique(certificates.items(), "name");
        boolean shown = settings.admin()
                .tls()
                .filter(tls -> tls.clientAuth() != ClientAuth.NONE)
                .isPresent();
        if (!shown) {
            problems.atKey(certificates, "needs admin.tls with client-auth optional or require, or nobody shows one");
        }
        for (Setting place : certificates.items()) {
            if (place.find("subject").isEmpty() && place.find("san").isEmpty()) {
                problems.at(place, "names neither subject nor san, must name one");
            }
            place.find("subject")
                    .filter(subject -> !distinguished(subject.text()))
                    .ifPresent(subject ->
                            problems.at(subject, "'" + subject.text() + "' is not a name as RFC 4514 writes it"));
        }
    }

    private static boolean distinguished(String text) {
        try {
            return !new X500Principal(text).getName().isEmpty();
        } catch (IllegalArgumentException notAName) {
            return false;
        }
    }
}
