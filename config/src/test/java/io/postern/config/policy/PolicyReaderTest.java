package io.postern.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SUNDAY;
import static java.time.DayOfWeek.TUESDAY;
import static java.time.DayOfWeek.WEDNESDAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.config.document.Problem;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {

    private static final Clock TODAY = Clock.fixed(Instant.parse("2027-01-31T23:59:59Z"), ZoneOffset.UTC);

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

    @Test
    void losesNothingOfThePublishedExample() throws IOException {
        write("policy/mail.yaml", MAIL);
        Reading<Policy> reading = read("policy/*.yaml");

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
                                        Protocol.TLS, Set.of(443, 993, 465),
                                        Protocol.SMTP, Set.of(587),
                                        Protocol.IMAP, Set.of(993)),
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
        write("feed", "bad.example");
        write("a.yaml", """
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
        Policy policy = good("a.yaml");

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
        write("p/a.yaml", "service-classes: {intranet: {domains: a.example, files: lists/x}}");
        write("p/lists/x", "# ours\n.b.example # with comment\n\n  *.c.example\n");
        String before = good("p/a.yaml").version();

        assertThat(good("p/a.yaml").serviceClasses())
                .isEqualTo(Map.of("intranet", List.of("a.example", ".b.example", "*.c.example")));
        write("p/lists/x", ".b.example\n  bad domain\n");
        assertThat(problems("p/a.yaml")).containsExactly("p/lists/x:2:3: 'bad domain' is not a domain pattern");
        write("p/lists/x", ".d.example\n");
        assertThat(good("p/a.yaml").version()).isNotEqualTo(before);
    }

    @Test
    void namesBothPlacesOfADuplicate() throws IOException {
        write("a.yaml", "apps: {com.a: {}}\nroles: {r: {}}\nrules: [{name: n, action: alert}]\n");
        write("b.yaml", "roles: {r: {}}\napps: {com.a: {}}\nrules: [{name: n, action: block}]\n");

        assertThat(problems("*.yaml"))
                .containsExactly(
                        "b.yaml:1:9: roles.r: role 'r' is given twice, first at a.yaml:2:9",
                        "b.yaml:2:8: apps[\"com.a\"]: app 'com.a' is given twice, first at a.yaml:1:8",
                        "b.yaml:3:16: rules[0].name: rule 'n' is given twice, first at a.yaml:3:16");
    }

    @Test
    void aNameMayBeGivenInAnotherFile() throws IOException {
        write("z.yaml", "categories: {mail: {}}");
        write("a.yaml", "apps: {com.a: {category: mail}}");

        assertThat(good("*.yaml").apps()).containsKey("com.a");
        assertThat(problems("a.yaml"))
                .containsExactly("a.yaml:1:26: apps[\"com.a\"].category: there is no category 'mail'");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            apps: {"com..a": {}}                                                   | apps["com..a"]: 'com..a' is not a package
            apps: {com.a: {review-by: 2027-02-30}}                                 | '2027-02-30' is not a day of the calendar
            apps: {com.a: {review-by: tomorrow}}                                   | 'tomorrow' is not a date, must be such as 2027-06-30
            {roles: {mail: {}}, apps: {a: {role: mial}}}                           | there is no role 'mial' (did you mean mail?)
            roles: {r: {service-classes: [cloud-storag]}}                          | there is no service class 'cloud-storag' (did you mean cloud-storage?)
            roles: {r: {destinations: ["https://a.example/"]}}                     | 'https://a.example/' is not a destination
            roles: {r: {destinations: [10.0.0.1/8]}}                               | must be 10.0.0.0/8
            roles: {r: {ports: {tsl: [443]}}}                                      | 1:21: roles.r.ports.tsl: 'tsl' is not a protocol (did you mean tls?)
            roles: {r: {ports: {tls: [0]}}}                                        | roles.r.ports.tls[0]: is 0, must be at least 1
            roles: {r: {ports: {tls: 70000}}}                                      | roles.r.ports.tls: is 70000, must be at most 65535
            roles: {r: {outside: {mode: enforce}}}                                 | roles.r.outside: has no action, must have one
            roles: {r: {background: {poll: 500ms}}}                                | is 500ms, must be at least 1s
            rules: [{name: n}]                                                     | rules[0]: has no action, must have one
            rules: [{name: AN1827, action: block}]                                 | is the name of an analytic, must be another
            rules: [{name: n, action: block, when: {port: 9-1}}]                   | '9-1' is not a range of ports
            rules: [{name: n, action: block, when: {port: 1-65536}}]               | '1-65536' is not a range of ports
            rules: [{name: n, action: block, when: {profile: a_b}}]                | 'a_b' is not a profile
            rules: [{name: n, action: block, when: {app: a b}}]                    | 'a b' is not a package
            rules: [{name: n, action: block, when: {device: {locked: maybe}}}]     | 'maybe' is not known, must be true, false, unknown
            rules: [{name: n, action: throttle}]                                   | rules[0].action: 'throttle' is not in this version, must be allow, alert, block
            rules: [{name: n, action: block, when: {manged: true}}]                | rules[0].when.manged: no such setting (did you mean managed?)
            rules: [{name: n, action: block, when: {posture: riskant}}]            | must be compliant, non-compliant, secure, at-risk, compromised, unknown
            rules: [{name: n, action: block, when: {posture: [compromise]}}]       | (did you mean compromised?)
            rules: [{name: n, action: block, when: {device: {no-interaction: 10}}}] | must be a duration or unknown
            rules: [{name: n, action: block, when: {time: {days: mon..fri}}}]      | rules[0].when.time.days: 'mon..fri' is not a day or range of days, must be such as mon, mon-fri
            rules: [{name: n, action: block, when: {time: {from: "8:00"}}}]        | '8:00' is not a time of day, must be such as 08:00
            rules: [{name: n, action: block, when: {time: {from: "08:00", to: "08:00"}}}] | begins and ends at 08:00, must end at another time
            rules: [{name: n, action: block, when: {time: [{zone: Europe/Berln}]}}] | 'Europe/Berln' is not a time zone, must be such as Europe/Berlin (did you mean Europe/Berlin?)
            rules: [{name: n, action: block, when: {time: {form: "08:00"}}}]       | rules[0].when.time.form: no such setting (did you mean from?)
            rules: [{name: n, action: block, when: {group: nobody}}]               | there is no group 'nobody'
            rules: [{name: n, action: block, when: {list: threats}}]               | there is no list 'threats'
            rules: [{name: n, action: block, stage: 101%}]                         | '101%' is not a percentage, must be such as 10%
            rules: [{name: n, action: block, stage: 10}]                           | is 10, must be a percentage, such as 10%
            groups: {g: {users: [alice]}}                                          | there is no user 'alice'
            groups: {g: {devices: [a.b]}}                                          | groups.g.devices[0]: 'a.b' is not a name
            users: {alice: {}}                                                     | users.alice: has no devices, must have one
            lists: {l: {files: absent}}                                            | lists.l.files: absent cannot be read
            lists: {l: {}}                                                         | lists.l: has no files, must have one
            rules: [{name: n, action: block, wehn: {}}]                            | no such setting (did you mean when?)
            exceptions: [{owner: a, reason: b, until: 2027-12-31}]                 | has neither rule nor analytic, must have one
            exceptions: [{rule: n, analytic: AN1770, owner: a, reason: b, until: 2027-12-31}] | has both rule and analytic, must have one
            exceptions: [{rule: n, owner: a, reason: b, until: 2027-12-31}]        | there is no rule 'n'
            exceptions: [{analytic: AN1770, owner: a, reason: b}]                  | exceptions[0]: has no until, must have one
            service-classes: {x: {domains: [10.0.0.1]}}                            | '10.0.0.1' is not a domain pattern
            service-classes: {x: {files: absent}}                                  | service-classes.x.files: absent cannot be read
            """)
    void saysWhatItIsAndWhatItMustBe(String yaml, String problem) throws IOException {
        write("a.yaml", yaml);
        assertThat(problems("a.yaml")).anySatisfy(line -> assertThat(line).contains(problem));
    }

    @Test
    void warnsOfDaysThatHavePassed() throws IOException {
        write("a.yaml", """
                apps: {com.a: {review-by: 2027-01-30}, com.b: {review-by: 2027-01-31}}
                exceptions: [{analytic: AN1770, owner: a, reason: b, until: 2027-01-30}]
                """);

        assertThat(lines(read("a.yaml").warnings()))
                .containsExactly(
                        "a.yaml:1:27: apps[\"com.a\"].review-by: the app's review was due on 2027-01-30",
                        "a.yaml:2:61: exceptions[0].until: the exception expired on 2027-01-30 and lifts nothing");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            roles: {r: {}}                                                        | 1:9: roles.r: no app has the role 'r'
            categories: {c: {}}                                                   | 1:14: categories.c: no app has the category 'c'
            {groups: {g: {devices: [LC01]}}}                                      | groups.g: no rule and no exception asks for the group 'g'
            users: {alice: {devices: LC01}}                                       | users.alice: no group has the user 'alice'
            lists: {l: {files: feed}}                                             | lists.l: no rule asks for the list 'l'
            service-classes: {s: {domains: a.example}}                            | no rule and no role asks for the service class 's'
            {roles: {r: {}}, rules: [{name: n, action: block, when: {role: r}}]}  | rules[0].name: the rule can never match: no app of the inventory is all that it asks for
            {apps: {a: {}}, rules: [{name: n, action: block, when: {app: a, approved: true}}]} | the rule can never match: no app of the inventory
            {groups: {g: {}}, rules: [{name: n, action: block, when: {group: g}}]} | the rule can never match: nobody is in its group
            {lists: {l: {files: feed}}, rules: [{name: n, action: block, when: {list: l}}]} | the rule can never match: nothing is on its list
            {rules: [{name: n, action: block, mode: 'off'}], exceptions: [{rule: n, owner: a, reason: b, until: 2027-12-31}]} | exceptions[0]: the exception can never apply: its rule is off
            {rules: [{name: n, action: block, when: {app: a}}], exceptions: [{rule: n, app: b, owner: a, reason: b, until: 2027-12-31}]} | never apply: its rule is about other apps
            {rules: [{name: n, action: block, when: {protocol: tls}}], exceptions: [{rule: n, protocol: http, owner: a, reason: b, until: 2027-12-31}]} | never apply: its rule is about other protocols
            {rules: [{name: n, action: block, when: {port: 1-99}}], exceptions: [{rule: n, port: [443, 100-200], owner: a, reason: b, until: 2027-12-31}]} | never apply: its rule is about other ports
            {groups: {g: {}}, rules: [{name: n, action: block}], exceptions: [{rule: n, group: g, owner: a, reason: b, until: 2027-12-31}]} | never apply: nobody is in its group
            """)
    void warnsOfWhatDoesNothing(String yaml, String warning) throws IOException {
        write("feed", "# nothing today\n");
        write("a.yaml", yaml);

        assertThat(read("a.yaml").problems()).isEmpty();
        assertThat(lines(read("a.yaml").warnings()))
                .anySatisfy(line -> assertThat(line).contains(warning));
    }

    @Test
    void isSilentAboutWhatAppliesSomewhere() throws IOException {
        write("a.yaml", """
                categories: {chat: {}}
                roles: {chatter: {}}
                apps: {com.a: {category: chat, role: chatter}}
                rules:
                  - {name: n, action: block, when: {app: [com.a, com.b], approved: false, port: [80, 8000-8999]}}
                  - {name: m, action: block, when: {category: chat, role: chatter}}
                """);
        write("b.yaml", """
                exceptions:
                  - {rule: n, app: com.b, port: 8998-9999, owner: a, reason: b, until: 2027-12-31}
                  - {rule: m, app: com.a, owner: a, reason: b, until: 2027-12-31}
                """);

        assertThat(lines(read("*.yaml").warnings())).isEmpty();
    }

    @Test
    void noFilesAreNoPolicyAndAPatternWithoutFilesIsAProblem() throws IOException {
        assertThat(PolicyReader.read(List.of(), folder).value()).contains(Policy.EMPTY);
        assertThat(problems("policy/*.yaml")).containsExactly("policy/*.yaml: matches no file");
        assertThat(problems("absent.yaml")).containsExactly("absent.yaml: matches no file");
        assertThat(problems("[.yaml").get(0)).startsWith("[.yaml: is not a path or pattern");
    }

    @Test
    void theVersionIsThatOfTheBytes() throws IOException {
        write("a.yaml", "roles: {}\n");
        String first = good("a.yaml").version();

        assertThat(good("a.yaml").version()).isEqualTo(first);
        write("a.yaml", "roles: {} \n");
        assertThat(good("a.yaml").version()).isNotEqualTo(first);
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

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, UTF_8);
    }

    private Reading<Policy> read(String pattern) {
        return PolicyReader.read(List.of(pattern), folder, TODAY);
    }

    private Policy good(String pattern) {
        Reading<Policy> reading = read(pattern);
        assertThat(lines(reading.problems())).isEmpty();
        return reading.value().orElseThrow();
    }

    private List<String> problems(String pattern) {
        Reading<Policy> reading = read(pattern);
        assertThat(reading.value()).isEmpty();
        return lines(reading.problems());
    }

    /** As printed, with names from the folder on. */
    private List<String> lines(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString().replace(folder + "/", ""))
                .toList();
    }
}
