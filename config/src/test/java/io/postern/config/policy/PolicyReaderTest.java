package io.postern.config.policy;

import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SUNDAY;
import static java.time.DayOfWeek.TUESDAY;
import static java.time.DayOfWeek.WEDNESDAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.config.document.Reading;
import io.postern.config.policy.Facts.NoInteraction;
import io.postern.config.policy.Facts.Posture;
import io.postern.config.policy.Policy.App;
import io.postern.config.policy.Policy.Background;
import io.postern.config.policy.Policy.Category;
import io.postern.config.policy.Policy.Crypto;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.Fact;
import io.postern.config.policy.Policy.Mode;
import io.postern.config.policy.Policy.PortRange;
import io.postern.config.policy.Policy.Role;
import io.postern.config.policy.Policy.Rule;
import io.postern.config.policy.Policy.When;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyReaderTest {

    private static final String MAIL = """
            categories: {mail: {silent: [imap-idle, push]}}
            roles:
              mail-client: {service-classes: [collaboration, push], destinations: ["*.acme.example", "203.0.113.0/24"], ports: {tls: [443, 993, 465], smtp: [587], imap: [993]}, background: {allowed: true, poll: 15m}, crypto: expected, uplink-limit: 20MB}
            apps:
              com.acme.mail: {category: mail, role: mail-client, approved: true, owner: messaging-team, justification: "corporate mail", review-by: 2027-06-30}
            rules:
              - {name: no-cloud-storage-while-locked, when: {category: mail, service-class: cloud-storage, device: {locked: true}}, action: block, mode: shadow}
            exceptions:
              - {app: com.acme.dev, analytic: AN1827, protocol: tls, port: 8443, owner: dev-tools, reason: "staging server", until: 2027-01-31}
            """;

    @TempDir
    Path folder;

    private TestingFiles files = new TestingFiles(Path.of("."));

    @BeforeEach
    void intoTheFolder() {
        files = new TestingFiles(folder);
    }

    @Test
    void losesNothingOfThePublishedExample() throws IOException {
        files.write("policy/mail.yaml", MAIL);
        Reading<Policy> reading = files.read("policy/*.yaml");

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.warnings()).isEmpty();
        Policy policy = reading.value().orElseThrow();
        assertThat(policy.version()).matches("[0-9a-f]{12}");
        assertThat(policy.categories()).isEqualTo(Map.of("mail", new Category(List.of("imap-idle", "push"))));
        assertThat(policy.roles())
                .isEqualTo(Map.of(
                        "mail-client",
                        new Role(
                                List.of("collaboration", "push"),
                                List.of("*.acme.example", "203.0.113.0/24"),
                                Map.of(
                                        Protocol.TLS,
                                                List.of(
                                                        new PortRange(443, 443),
                                                        new PortRange(993, 993),
                                                        new PortRange(465, 465)),
                                        Protocol.SMTP, List.of(new PortRange(587, 587)),
                                        Protocol.IMAP, List.of(new PortRange(993, 993))),
                                Optional.empty(),
                                Optional.of(new Background(true, Optional.of(Duration.ofMinutes(15)))),
                                Optional.of(Crypto.EXPECTED),
                                Optional.of(20_000_000L))));
        assertThat(policy.apps())
                .isEqualTo(Map.of(
                        "com.acme.mail",
                        new App(
                                Optional.of("mail"),
                                Optional.of("mail-client"),
                                true,
                                Optional.of("messaging-team"),
                                Optional.of("corporate mail"),
                                Optional.of(LocalDate.of(2027, 6, 30)))));
        assertThat(policy.rules())
                .containsExactly(new Rule(
                        "no-cloud-storage-while-locked",
                        new When(
                                Set.of(),
                                Set.of("mail"),
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                Optional.empty(),
                                Set.of("cloud-storage"),
                                List.of(),
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                facts(Optional.of(Fact.TRUE), Optional.empty())),
                        new Effect(Action.BLOCK, Mode.SHADOW)));
        assertThat(policy.exceptions())
                .containsExactly(new Exemption(
                        "AN1827",
                        new When(
                                Set.of("com.acme.dev"),
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                Set.of(),
                                Optional.empty(),
                                Set.of(),
                                List.of(),
                                Set.of(),
                                Set.of(Protocol.TLS),
                                Set.of(),
                                Set.of(new PortRange(8443, 8443)),
                                Set.of(),
                                Facts.NONE),
                        "dev-tools",
                        "staging server",
                        LocalDate.of(2027, 1, 31)));
    }

    @Test
    void readsEveryConditionAsOneValueOrAList() throws IOException {
        files.write("feed", "bad.example");
        files.write("a.yaml", """
                categories: {chat: {}}
                roles: {chatter: {outside: {action: alert}}}
                service-classes: {intranet: {domains: [.acme.example]}}
                users: {alice: {devices: LC02}}
                groups: {executives: {devices: [LC01], users: alice}}
                lists: {threats: {files: feed}}
                rules:
                  - name: everything
                    when:
                      app: [com.acme.a, "-"]
                      category: [chat]
                      role: chatter
                      group: executives
                      profile: [work, "10"]
                      approved: false
                      service-class: [intranet, paste]
                      destination: [ACME.example, "2001:db8::/32", 192.0.2.1]
                      protocol: [http, http2]
                      basis: [malformed, no-match]
                      port: [80, 8000-8999]
                      list: threats
                      managed: true
                      newly-installed: false
                      just-updated: unknown
                      signer-changed: true
                      posture: [at-risk, unknown]
                      time: {days: [mon-wed, sun], from: "22:00", to: "06:00", zone: Europe/Berlin}
                      device: {locked: unknown, background: false, no-interaction: 10m}
                    action: alert
                    stage: 10%
                """);
        Policy policy = files.good("a.yaml");

        assertThat(policy.rules())
                .containsExactly(new Rule(
                        "everything",
                        new When(
                                Set.of("com.acme.a", "-"),
                                Set.of("chat"),
                                Set.of("chatter"),
                                Set.of("executives"),
                                Set.of("work", "10"),
                                Optional.of(false),
                                Set.of("intranet", "paste"),
                                List.of("acme.example", "2001:db8:0:0:0:0:0:0/32", "192.0.2.1/32"),
                                Set.of("threats"),
                                Set.of(Protocol.HTTP, Protocol.HTTP2),
                                Set.of(Basis.MALFORMED, Basis.NO_MATCH),
                                Set.of(new PortRange(80, 80), new PortRange(8000, 8999)),
                                Set.of(new Window(
                                        Set.of(MONDAY, TUESDAY, WEDNESDAY, SUNDAY),
                                        LocalTime.of(22, 0),
                                        LocalTime.of(6, 0),
                                        ZoneId.of("Europe/Berlin"))),
                                new Facts(
                                        Optional.of(Fact.TRUE),
                                        Optional.of(Fact.FALSE),
                                        Optional.of(Fact.UNKNOWN),
                                        Optional.of(Fact.TRUE),
                                        Set.of(Posture.AT_RISK, Posture.UNKNOWN),
                                        Optional.of(Fact.UNKNOWN),
                                        Optional.of(Fact.FALSE),
                                        Optional.of(new NoInteraction(Optional.of(Duration.ofMinutes(10)))))),
                        new Effect(Action.ALERT, Mode.ALERT),
                        10));
        assertThat(policy.groupsByDevice())
                .isEqualTo(Map.of("LC01", Set.of("executives"), "LC02", Set.of("executives")));
        assertThat(policy.roles().get("chatter"))
                .isEqualTo(new Role(List.of(), List.of(), Map.of(), Optional.of(new Effect(Action.ALERT, Mode.ALERT))));
        assertThat(policy.serviceClasses()).isEqualTo(Map.of("intranet", List.of(".acme.example")));
    }

    @Test
    void readsListsOfDomainsBesideTheFile() throws IOException {
        files.write("p/a.yaml", "service-classes: {intranet: {domains: a.example, files: lists/x}}");
        files.write("p/lists/x", "# ours\n.b.example # with comment\n\n  *.c.example\n");
        String before = files.good("p/a.yaml").version();

        assertThat(files.good("p/a.yaml").serviceClasses())
                .isEqualTo(Map.of("intranet", List.of("a.example", ".b.example", "*.c.example")));
        files.write("p/lists/x", ".b.example\n  bad domain\n");
        assertThat(files.problems("p/a.yaml")).containsExactly("p/lists/x:2:3: is not a domain pattern");
        files.write("p/lists/x", ".d.example\n");
        assertThat(files.good("p/a.yaml").version()).isNotEqualTo(before);
    }

    @Test
    void aNameMayBeGivenInAnotherFile() throws IOException {
        files.write("z.yaml", "categories: {mail: {}}");
        files.write("a.yaml", "apps: {com.a: {category: mail}}");

        assertThat(files.good("*.yaml").apps()).containsKey("com.a");
        assertThat(files.problems("a.yaml"))
                .containsExactly("a.yaml:1:26: apps[\"com.a\"].category: there is no category 'mail'");
    }

    @Test
    void noFilesAreNoPolicyAndAPatternWithoutFilesIsAProblem() throws IOException {
        assertThat(PolicyReader.read(List.of(), folder).value()).contains(Policy.EMPTY);
        assertThat(files.problems("policy/*.yaml")).containsExactly("policy/*.yaml: matches no file");
        assertThat(files.problems("absent.yaml")).containsExactly("absent.yaml: matches no file");
        assertThat(files.problems("[.yaml").get(0)).startsWith("[.yaml: is not a path or pattern");
    }

    @Test
    void theVersionIsThatOfTheBytes() throws IOException {
        files.write("a.yaml", "roles: {}\n");
        String first = files.good("a.yaml").version();

        assertThat(files.good("a.yaml").version()).isEqualTo(first);
        files.write("a.yaml", "roles: {} \n");
        assertThat(files.good("a.yaml").version()).isNotEqualTo(first);
    }

    private static Facts facts(Optional<Fact> locked, Optional<Fact> background) {
        return new Facts(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                locked,
                background,
                Optional.empty());
    }
}
