package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Facts;
import io.postern.config.policy.Policy;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Category;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Fact;
import io.postern.config.policy.Policy.Group;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.Role;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Policy.When;
import io.postern.config.policy.Window;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random policies and questions over so few words that they meet. */
final class TestingPolicies {

    private static final List<String> APPS = List.of("-", "com.a", "com.b", "com.c", "com.d");
    private static final List<String> PROFILES = List.of("work", "10");
    private static final List<String> DEVICES = List.of("LC01", "LC02", "LC03", "LC04");
    private static final List<String> GROUPS = List.of("executives", "field");
    private static final List<Integer> STAGES = List.of(100, 100, 50, 0);
    private static final List<Window> WINDOWS = List.of(
            new Window(Set.of(DayOfWeek.values()), LocalTime.of(8, 0), LocalTime.of(18, 0), ZoneOffset.UTC),
            new Window(Set.of(DayOfWeek.MONDAY), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, ZoneOffset.UTC));
    private static final List<String> CATEGORIES = List.of("mail", "chat", "game");
    private static final List<String> ROLES = List.of("mailer", "chatter");
    private static final List<String> CLASSES = List.of("intranet", "cloud-storage", "doh-resolver", "generic-https");
    private static final List<String> NAMES =
            List.of("a.example", "x.a.example", "y.x.a.example", "b.example", "www.dropbox.com", "c.test");
    private static final List<String> PATTERNS = List.of(
            "a.example",
            "*.a.example",
            ".a.example",
            "*.x.a.example",
            ".example",
            "b.example",
            "*.com",
            "192.0.2.0/24",
            "192.0.2.7/32",
            "0.0.0.0/0",
            "2001:db8:0:0:0:0:0:0/32",
            "2001:db8:0:0:0:0:0:1/128");
    private static final List<String> ADDRESSES =
            List.of("192.0.2.7", "192.0.2.8", "198.51.100.1", "9.9.9.9", "2001:db8::1", "2001:db8::2");
    private static final List<Protocol> PROTOCOLS = List.of(Protocol.TLS, Protocol.HTTP, Protocol.UNKNOWN);
    private static final List<Integer> PORTS = List.of(80, 443, 444, 8443);
    private static final List<PortRange> RANGES =
            List.of(new PortRange(80, 80), new PortRange(443, 444), new PortRange(1, 1024), new PortRange(8400, 8500));

    private final Random random;

    TestingPolicies(Random random) {
        this.random = random;
    }

    Policy policy(int rules) {
        Map<String, App> apps = new HashMap<>();
        APPS.subList(1, APPS.size()).stream()
                .filter(app -> random.nextInt(4) > 0)
                .forEach(app -> apps.put(app, app()));
        Map<String, Role> roles = new HashMap<>();
        ROLES.forEach(role -> roles.put(
                role,
                new Role(
                        few(CLASSES),
                        few(PATTERNS),
                        Map.of(),
                        random.nextBoolean() ? Optional.of(effect()) : Optional.empty())));
        return new Policy(
                "random",
                Map.of("mail", new Category(List.of())),
                roles,
                apps,
                IntStream.range(0, rules)
                        .mapToObj(number -> new Rule("rule-" + number, when(), effect(), one(STAGES)))
                        .toList(),
                IntStream.range(0, 2 * rules)
                        .mapToObj(number -> exemption("rule-" + random.nextInt(Math.max(1, rules / 4)), number))
                        .toList(),
                Map.of("intranet", List.of(".a.example")),
                Map.of("alice", Set.of("LC02")),
                Map.of(
                        "executives", new Group(Set.of("LC01"), Set.of("alice")),
                        "field", new Group(Set.of("LC02", "LC03"), Set.of())),
                Map.of());
    }

    Question question() {
        return new Question(
                new AppTag(
                        one(DEVICES),
                        one(PROFILES),
                        one(APPS),
                        DeviceAssurance.TAG_VERIFIED,
                        AppAssurance.DEVICE_ASSERTED),
                maybe(() -> one(NAMES)),
                maybe(() -> one(NAMES)),
                maybe(() -> address(one(ADDRESSES))),
                one(PORTS),
                maybe(() -> one(PROTOCOLS)),
                one(List.of(Basis.values())));
    }

    /** With nothing left to learn. */
    Question whole() {
        Question some = question();
        return new Question(
                some.tag(),
                some.verifiedName(),
                some.claimedName(),
                some.address().or(() -> Optional.of(address(one(ADDRESSES)))),
                some.port(),
                some.protocol().or(() -> Optional.of(one(PROTOCOLS))),
                some.basis());
    }

    private App app() {
        return new App(
                maybe(() -> one(CATEGORIES)),
                maybe(() -> one(ROLES)),
                random.nextBoolean(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private When when() {
        return new When(
                some(APPS),
                some(CATEGORIES),
                some(ROLES),
                some(GROUPS),
                some(PROFILES),
                rarely(random::nextBoolean),
                some(CLASSES),
                few(PATTERNS),
                Set.of(),
                some(PROTOCOLS),
                rarely(() -> one(List.of(Basis.values()))).map(Set::of).orElse(Set.of()),
                some(RANGES),
                rarely(() -> one(WINDOWS)).map(Set::of).orElse(Set.of()),
                facts());
    }

    private Facts facts() {
        return new Facts(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                rarely(() -> one(List.of(Fact.values()))),
                Optional.empty(),
                Optional.empty());
    }

    private Exemption exemption(String rule, int number) {
        return new Exemption(
                rule,
                new When(
                        some(APPS),
                        Set.of(),
                        Set.of(),
                        some(GROUPS),
                        some(PROFILES),
                        Optional.empty(),
                        Set.of(),
                        few(PATTERNS),
                        Set.of(),
                        some(PROTOCOLS),
                        Set.of(),
                        some(RANGES),
                        Set.of(),
                        Facts.NONE),
                "owner-" + number,
                "because",
                LocalDate.of(2026, 11, 20 + random.nextInt(3)));
    }

    private Effect effect() {
        return new Effect(
                one(List.of(Action.ALLOW, Action.ALERT, Action.THROTTLE, Action.BLOCK)), one(List.of(Mode.values())));
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Mostly none: a rule that asks for everything never holds. */
    private <T> List<T> few(List<T> of) {
        return Stream.generate(() -> one(of))
                .limit(Math.max(0, random.nextInt(6) - 2))
                .toList();
    }

    private <T> Set<T> some(List<T> of) {
        return random.nextInt(3) > 0 ? Set.of() : new HashSet<>(few(of));
    }

    private <T> Optional<T> maybe(Supplier<T> what) {
        return random.nextInt(3) > 0 ? Optional.of(what.get()) : Optional.empty();
    }

    private <T> Optional<T> rarely(Supplier<T> what) {
        return random.nextInt(8) == 0 ? Optional.of(what.get()) : Optional.empty();
    }

    private static InetAddress address(String literal) {
        return ((HostText.Literal) HostText.of(literal)).address();
    }
}
