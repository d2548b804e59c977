package io.postern.config;

import io.postern.config.GatewaySettings.Unattributed;
import io.postern.config.ListenSettings.ClientAuth;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        sniff();
        admin();
    }

    private void listeners() {
        List<Setting> places = root.member("listeners").items();
        unique(places, "name");
        for (int i = 0; i < places.size(); i++) {
            ListenSettings listener = settings.listeners().get(i);
            openToAll(listener, places.get(i));
            places.get(i).find("tls").ifPresent(this::clientCa);
        }
    }

    /** No listener serves others without knowing who they are, unless somebody has written that it shall. */
    private void openToAll(ListenSettings listener, Setting place) {
        boolean mustShowCertificate = listener.tls()
                .filter(tls -> tls.clientAuth() == ClientAuth.REQUIRE)
                .isPresent();
        if (settings.identity().unattributed() == Unattributed.REFUSE
                || listener.bind().loopback()
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

    private void binds() {
        List<Setting> places = new ArrayList<>();
        List<Bind> binds = new ArrayList<>();
        root.member("listeners").items().forEach(listener -> places.add(listener.member("bind")));
        settings.listeners().forEach(listener -> binds.add(listener.bind()));
        places.add(root.member("admin").member("bind"));
        binds.add(settings.admin().bind());
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

    private void admin() {
        if (!settings.admin().bind().loopback()) {
            warnings.at(root.member("admin").member("bind"), "is reachable by others without TLS or token");
        }
    }
}
