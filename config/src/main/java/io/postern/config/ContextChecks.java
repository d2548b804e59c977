package io.postern.config;

import io.postern.config.ListenSettings.ClientAuth;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the settings of context must be together. */
final class ContextChecks {

    private final ContextSettings context;
    private final Setting root;
    private final Problems problems;

    ContextChecks(ContextSettings context, Setting root, Problems problems) {
        this.context = context;
        this.root = root;
        this.problems = problems;
    }

    void all() {
        if (!context.bind().loopback() && context.tls().isEmpty()) {
            problems.at(
                    root.member("bind"), "is reachable by others without TLS, must be loopback or have context.tls");
        }
        Map<String, Setting> names = new HashMap<>();
        List<Setting> places = root.member("sources").items();
        for (int i = 0; i < places.size(); i++) {
            Setting name = places.get(i).member("name");
            Setting before = names.putIfAbsent(name.text(), name);
            if (before != null) {
                problems.at(name, "'" + name.text() + "' is taken by " + before.path());
            }
            known(context.sources().get(i), places.get(i));
        }
    }

    private void known(ContextSettings.Source source, Setting place) {
        boolean signed =
                source.webhook().flatMap(ContextSettings.Webhook::signature).isPresent();
        if (source.tokenFile().isEmpty()
                && source.certificate().isEmpty()
                && source.push().isEmpty()
                && !signed) {
            problems.at(place, "shows nothing, must have token-file, client-certificate, push or webhook.signature");
        }
        place.find("client-certificate").ifPresent(certificate -> {
            if (context.tls().map(ListenSettings.Tls::clientAuth).orElse(ClientAuth.NONE) == ClientAuth.NONE) {
                problems.atKey(
                        certificate, "needs context.tls with client-auth optional or require, or nobody shows one");
            }
            if (certificate.find("subject").isEmpty() && certificate.find("san").isEmpty()) {
                problems.at(certificate, "names neither subject nor san, must name one");
            }
        });
    }
}
