package io.postern.config.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.policy.Policy.PortRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator is told of policy that does not read, and of policy that reads and does nothing. */
class PolicyProblemsTest {

    @TempDir
    Path folder;

    private TestingFiles files = new TestingFiles(Path.of("."));

    @BeforeEach
    void intoTheFolder() {
        files = new TestingFiles(folder);
    }

    @Test
    void namesBothPlacesOfADuplicate() throws IOException {
        files.write("a.yaml", "apps: {com.a: {}}\nroles: {r: {}}\nrules: [{name: n, action: alert}]\n");
        files.write("b.yaml", "roles: {r: {}}\napps: {com.a: {}}\nrules: [{name: n, action: block}]\n");

        assertThat(files.problems("*.yaml"))
                .containsExactly(
                        "b.yaml:1:9: roles.r: role 'r' is given twice, first at a.yaml:2:9",
                        "b.yaml:2:8: apps[\"com.a\"]: app 'com.a' is given twice, first at a.yaml:1:8",
                        "b.yaml:3:16: rules[0].name: rule 'n' is given twice, first at a.yaml:3:16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"categories", "roles", "service-classes", "groups", "users", "lists"})
    void aNameThatNobodyCouldUseIsNone(String section) throws IOException {
        String value =
                switch (section) {
                    case "users" -> "{devices: []}";
                    case "lists" -> "{files: []}";
                    default -> "{}";
                };
        files.write("a.yaml", section + ": {a b: " + value + ", " + "x".repeat(65) + ": " + value + "}\n");

        assertThat(files.problems("a.yaml"))
                .contains("a.yaml:1:" + (section.length() + 4) + ": " + section
                        + "[\"a b\"]: 'a b' is not a name, must be 1–64 of A-Z a-z 0-9 _ -")
                .anyMatch(line -> line.endsWith(": has 65 characters, must have at most 64"));
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
            rules: [{name: n, action: contain}]                                    | rules[0].action: 'contain' is not known, must be allow, alert, throttle, block, quarantine
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
            lists: {l: {files: absent}}                                            | lists.l.files: absent does not exist
            lists: {l: {}}                                                         | lists.l: has no files, must have one
            rules: [{name: n, action: block, wehn: {}}]                            | no such setting (did you mean when?)
            exceptions: [{owner: a, reason: b, until: 2027-12-31}]                 | has neither rule nor analytic, must have one
            exceptions: [{rule: n, analytic: AN1770, owner: a, reason: b, until: 2027-12-31}] | has both rule and analytic, must have one
            exceptions: [{rule: n, owner: a, reason: b, until: 2027-12-31}]        | there is no rule 'n'
            exceptions: [{analytic: AN1770, owner: a, reason: b}]                  | exceptions[0]: has no until, must have one
            service-classes: {x: {domains: [10.0.0.1]}}                            | '10.0.0.1' is not a domain pattern
            service-classes: {x: {files: absent}}                                  | service-classes.x.files: absent does not exist
            """)
    void saysWhatItIsAndWhatItMustBe(String yaml, String problem) throws IOException {
        files.write("a.yaml", yaml);
        assertThat(files.problems("a.yaml")).anySatisfy(line -> assertThat(line).contains(problem));
    }

    @Test
    void aPackageHasABoundAndItsPartsNeedNoStack() throws IOException {
        files.write("a.yaml", "apps:\n  ? '" + "a.".repeat(100_000) + "a'\n  : {}\n");
        files.write("b.yaml", "apps: {'" + "a.".repeat(127) + "a': {}}");

        assertThat(files.problems("a.yaml"))
                .singleElement()
                .asString()
                .endsWith("has 200001 characters, must have at most 255");
        assertThat(files.good("b.yaml").apps()).hasSize(1);
    }

    @Test
    void groupsTimesUsersTimesDevicesHaveABound() throws IOException {
        String devices = IntStream.range(0, 2_000).mapToObj(i -> "d" + i).collect(Collectors.joining(", ", "[", "]"));
        String groups =
                IntStream.range(0, 501).mapToObj(i -> "g" + i + ": {users: u}").collect(Collectors.joining(", "));
        files.write("a.yaml", "users: {u: {devices: " + devices + "}}\ngroups: {" + groups + "}\n");

        assertThat(files.problems("a.yaml"))
                .containsExactly(
                        "a.yaml:2:10: groups: have 1002000 devices together, their users' among them, must have"
                                + " at most 1000000");
    }

    @Test
    void portsOfRolesAreKeptAsRanges() throws IOException {
        String wide =
                IntStream.range(0, 1_000).mapToObj(i -> (1 + i) + "-65535").collect(Collectors.joining(", "));
        files.write("a.yaml", "roles: {r: {ports: {tls: [" + wide + "]}}}");

        assertThat(files.read("a.yaml").value().orElseThrow().roles().values())
                .singleElement()
                .satisfies(role -> assertThat(role.ports().values())
                        .singleElement()
                        .satisfies(ranges -> assertThat(ranges).hasSize(1_000).contains(new PortRange(1_000, 65_535))));
    }

    @Test
    void warnsOfDaysThatHavePassed() throws IOException {
        files.write("a.yaml", """
                apps: {com.a: {review-by: 2027-01-30}, com.b: {review-by: 2027-01-31}}
                exceptions: [{analytic: AN1770, owner: a, reason: b, until: 2027-01-30}]
                """);

        assertThat(files.warnings("a.yaml"))
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
            lists: {l: {files: feed, allow-empty: true}}                                | lists.l: no rule asks for the list 'l'
            service-classes: {s: {domains: a.example}}                            | no rule and no role asks for the service class 's'
            {roles: {r: {}}, rules: [{name: n, action: block, when: {role: r}}]}  | rules[0].name: the rule can never match: no app of the inventory is all that it asks for
            {apps: {a: {}}, rules: [{name: n, action: block, when: {app: a, approved: true}}]} | the rule can never match: no app of the inventory
            {groups: {g: {}}, rules: [{name: n, action: block, when: {group: g}}]} | the rule can never match: nobody is in its group
            {lists: {l: {files: feed, allow-empty: true}}, rules: [{name: n, action: block, when: {list: l}}]} | the rule can never match: nothing is on its list
            {rules: [{name: n, action: block, mode: 'off'}], exceptions: [{rule: n, owner: a, reason: b, until: 2027-12-31}]} | exceptions[0]: the exception can never apply: its rule is off
            {rules: [{name: n, action: block, when: {app: a}}], exceptions: [{rule: n, app: b, owner: a, reason: b, until: 2027-12-31}]} | never apply: its rule is about other apps
            {rules: [{name: n, action: block, when: {protocol: tls}}], exceptions: [{rule: n, protocol: http, owner: a, reason: b, until: 2027-12-31}]} | never apply: its rule is about other protocols
            {rules: [{name: n, action: block, when: {port: 1-99}}], exceptions: [{rule: n, port: [443, 100-200], owner: a, reason: b, until: 2027-12-31}]} | never apply: its rule is about other ports
            {groups: {g: {}}, rules: [{name: n, action: block}], exceptions: [{rule: n, group: g, owner: a, reason: b, until: 2027-12-31}]} | never apply: nobody is in its group
            """)
    void warnsOfWhatDoesNothing(String yaml, String warning) throws IOException {
        files.write("feed", "# nothing today\n");
        files.write("a.yaml", yaml);

        assertThat(files.warnings("a.yaml")).anySatisfy(line -> assertThat(line).contains(warning));
    }

    @Test
    void isSilentAboutWhatAppliesSomewhere() throws IOException {
        files.write("a.yaml", """
                categories: {chat: {}}
                roles: {chatter: {}}
                apps: {com.a: {category: chat, role: chatter}}
                rules:
                  - {name: n, action: block, when: {app: [com.a, com.b], approved: false, port: [80, 8000-8999]}}
                  - {name: m, action: block, when: {category: chat, role: chatter}}
                """);
        files.write("b.yaml", """
                exceptions:
                  - {rule: n, app: com.b, port: 8998-9999, owner: a, reason: b, until: 2027-12-31}
                  - {rule: m, app: com.a, owner: a, reason: b, until: 2027-12-31}
                """);

        assertThat(files.warnings("*.yaml")).isEmpty();
    }
}
