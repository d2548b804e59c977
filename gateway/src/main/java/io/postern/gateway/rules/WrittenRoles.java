package io.postern.gateway.rules;

import io.postern.analytics.attack.AppRole;
import io.postern.analytics.attack.AppRole.Behaviour;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Delegates;
import io.postern.analytics.flow.Delegates.Carried;
import io.postern.analytics.flow.Destination;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Background;
import io.postern.config.policy.Policy.Category;
import io.postern.config.policy.Policy.Crypto;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.Role;
import io.postern.config.services.ServiceAddresses;
import io.postern.config.services.ServiceClasses;
import io.postern.wire.ip.HostText;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a policy says of apps, in the words of detection. Every app may do what no device works without: ask whether there is
 * an Internet, reach the hosts that renew its credentials, and, Play services alone, FCM. Immutable.
 *
 * <p>Detection knows destinations by the names that clients claim. So what a role's destinations excuse here can be claimed;
 * what lets a flow pass is decided by {@link Rules}, which believe resolved names alone.
 */
public final class WrittenRoles implements Function<AppTag, AppRole> {

    private static final String CONNECTIVITY = "connectivity-check";
    private static final Set<String> FCM = Set.of("mtalk.google.com", "mobile-gtalk.l.google.com");

    private static final Map<String, Behaviour> BEHAVIOURS = Map.of(
            "push", Behaviour.PUSH,
            "imap-idle", Behaviour.IMAP_IDLE,
            "keepalive", Behaviour.KEEPALIVE,
            "poll", Behaviour.POLL,
            "upload", Behaviour.UPLOAD);

    private final Map<String, AppRole> byApp = new HashMap<>();
    private final ServiceClasses classes;
    private final ServiceAddresses addresses = ServiceAddresses.shipped();
    private final DestinationSet renewal;
    private final AppRole unwritten;
    private final AppRole playServices;

    /**
     * @param listed service classes, beside which the policy has its own
     * @param renewal hosts that renew credentials; a port behind one is left out
     */
    WrittenRoles(Policy policy, ServiceClasses listed, List<String> renewal) {
        this.classes = listed.with(policy.serviceClasses());
        this.renewal =
                DestinationSet.of(renewal.stream().map(WrittenRoles::host).toList());
        this.unwritten = unwritten(this::neverBreaks);
        this.playServices = unwritten(to -> neverBreaks(to) || FCM.contains(to.host()));
        policy.apps().forEach((name, app) -> byApp.put(name, role(name, policy, app)));
    }

    /** Packages of one UID have what is written of none of them: which one speaks is not known. */
    @Override
    public AppRole apply(AppTag tag) {
        AppRole written = byApp.get(tag.app());
        if (written != null) {
            return written;
        }
        return playServices(tag.app()) ? playServices : unwritten;
    }

    private static boolean playServices(String app) {
        return Delegates.of(app).filter(what -> what == Carried.PLAY_SERVICES).isPresent();
    }

    private boolean neverBreaks(Destination to) {
        return has(renewal, to) || (to.hasName() && classes.of(to.host()).contains(CONNECTIVITY));
    }

    private static AppRole unwritten(Predicate<Destination> expects) {
        return of("", false, Optional.empty(), Set.of(), DestinationSet.of(List.of()), expects);
    }

    private AppRole role(String name, Policy policy, App app) {
        Optional<Role> role = app.role().map(policy.roles()::get);
        Set<String> silent = Set.copyOf(app.category()
                .map(policy.categories()::get)
                .map(Category::silent)
                .orElse(List.of()));
        DestinationSet destinations =
                DestinationSet.of(role.map(Role::destinations).orElse(List.of()));
        List<String> services = role.map(Role::serviceClasses).orElse(List.of());
        AppRole others = playServices(name) ? playServices : unwritten;
        return of(
                app.category().orElse(""),
                app.approved(),
                role,
                silent,
                destinations,
                to -> has(destinations, to)
                        || offers(services, to)
                        || others.expects().test(to));
    }

    private boolean offers(List<String> services, Destination to) {
        if (services.isEmpty() || FCM.contains(to.host())) {
            return false;
        }
        return (to.hasName() && services.stream().anyMatch(classes.of(to.host())::contains))
                || (to.port() != Rules.PLAIN_DNS
                        && HostText.of(to.address()) instanceof HostText.Literal literal
                        && services.stream().anyMatch(addresses.of(literal.address())::contains));
    }

    private static AppRole of(
            String category,
            boolean approved,
            Optional<Role> role,
            Set<String> silent,
            DestinationSet destinations,
            Predicate<Destination> expects) {
        Map<Protocol, List<PortRange>> ports = role.map(Role::ports).orElse(Map.of());
        Optional<Background> background = role.flatMap(Role::background);
        Set<Behaviour> behaviours = EnumSet.noneOf(Behaviour.class);
        BEHAVIOURS.forEach((word, behaviour) -> {
            if (silent.contains(word)) {
                behaviours.add(behaviour);
            }
        });
        if (role.map(Role::serviceClasses).orElse(List.of()).contains("push")) {
            behaviours.add(Behaviour.PUSH);
        }
        return new AppRole(
                category,
                approved,
                Set.copyOf(role.map(Role::serviceClasses).orElse(List.of())),
                !destinations.isEmpty(),
                expects,
                ports.keySet(),
                uses(ports),
                background.map(said -> truth(said.allowed())).orElse(unsaid(silent, "background")),
                background.flatMap(Background::poll).orElse(Duration.ZERO),
                behaviours,
                role.flatMap(Role::crypto)
                        .map(said -> truth(said == Crypto.EXPECTED))
                        .orElse(unsaid(silent, "crypto")),
                role.flatMap(Role::uplinkLimit).orElse(0L));
    }

    private static BiPredicate<Protocol, Integer> uses(Map<Protocol, List<PortRange>> ports) {
        return (protocol, port) ->
                ports.getOrDefault(protocol, List.of()).stream().anyMatch(range -> range.contains(port));
    }

    private static Truth truth(boolean said) {
        return said ? Truth.TRUE : Truth.FALSE;
    }

    private static Truth unsaid(Set<String> silent, String word) {
        return silent.contains(word) ? Truth.TRUE : Truth.UNKNOWN;
    }

    private static boolean has(DestinationSet destinations, Destination to) {
        return (to.hasName() && destinations.containsName(Optional.of(to.host())))
                || (to.port() != Rules.PLAIN_DNS
                        && HostText.of(to.address()) instanceof HostText.Literal literal
                        && destinations.containsAddress(Optional.of(literal.address())));
    }

    private static String host(String renewal) {
        if (renewal.startsWith("[")) {
            return renewal.substring(1, renewal.indexOf(']'));
        }
        int colon = renewal.indexOf(':');
        return colon < 0 || colon != renewal.lastIndexOf(':') ? renewal : renewal.substring(0, colon);
    }
}
