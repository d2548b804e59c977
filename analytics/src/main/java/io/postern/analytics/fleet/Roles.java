package io.postern.analytics.fleet;

import io.postern.analytics.attack.AppRole;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the fleet's enterprise has written of its apps before it knew any of their traffic. Of all that it manages what kind they
 * are, that they are approved and may work in the background, and who declares which poll; of some also where they go, by which
 * ports, and how much they send, as the documents of the version said that was approved.
 */
final class Roles {

    private static final long MB = 1_000_000;

    private static final Map<String, Written> WRITTEN = Map.of(
            "com.acme.mail",
            new Written(
                    Set.of("acme-corp.example"),
                    Set.of("push"),
                    Map.of(Protocol.IMAP, Set.of(993), Protocol.TLS, Set.of(443, 993)),
                    50 * MB),
            "com.acme.chat",
            new Written(
                    Set.of("acme-chat.example"),
                    Set.of("push"),
                    Map.of(Protocol.WEBSOCKET, Set.of(443), Protocol.TLS, Set.of(443)),
                    200 * MB),
            "com.acme.fieldsync",
            new Written(Set.of("sync.acme-corp.example"), Set.of(), Map.of(Protocol.TLS, Set.of(443)), 4 * MB),
            "com.acme.devtools",
            new Written(
                    Set.of("acme-corp.example", "github.com"),
                    Set.of("code-hosting"),
                    Map.of(Protocol.TLS, Set.of(443, 8443)),
                    0),
            "com.acme.meet",
            new Written(
                    Set.of("acme-meet.example"),
                    Set.of(),
                    Map.of(
                            Protocol.STUN,
                            Set.of(3478),
                            Protocol.DTLS,
                            IntStream.range(50_000, 50_020).boxed().collect(Collectors.toSet())),
                    0),
            "com.acme.vpn",
            new Written(Set.of("vpn.acme-corp.example"), Set.of(), Map.of(Protocol.WIREGUARD, Set.of(51_820)), 0),
            "example.password.safe",
            new Written(Set.of("password-safe.example"), Set.of(), Map.of(Protocol.TLS, Set.of(443)), MB),
            Warehouse.SCANNER.name(),
            new Written(Set.of("asset-scan.example"), Set.of(), Map.of(Protocol.TLS, Set.of(443)), 2 * MB));

    private Roles() {}

    static Function<AppTag, AppRole> all() {
        Map<String, AppRole> roles = new HashMap<>();
        for (App app : Catalogue.APPS) {
            if (app.managed()) {
                roles.put(app.name(), role(app, WRITTEN.getOrDefault(app.name(), Written.NOTHING)));
            }
        }
        return tag -> roles.getOrDefault(tag.app(), AppRole.NONE);
    }

    private static AppRole role(App app, Written written) {
        Duration poll = Duration.ZERO;
        boolean push = false;
        for (Behaviour each : app.behaviours()) {
            poll = each instanceof Polls polls ? polls.period() : poll;
            push |= each instanceof Pushed || each instanceof PushService;
        }
        return new AppRole(
                app.category().name().toLowerCase(Locale.ROOT),
                true,
                written.serviceClasses(),
                !written.domains().isEmpty(),
                written::goesTo,
                written.ports().keySet(),
                written::uses,
                app.category() == Category.BROWSER ? Truth.UNKNOWN : Truth.TRUE,
                poll,
                push,
                Truth.UNKNOWN,
                written.uplinkLimit());
    }
}
