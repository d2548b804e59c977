package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.ExceptionSettings.Condition;
import io.postern.config.ExceptionSettings.Outcome;
import io.postern.config.GatewaySettings.Transport;
import io.postern.config.GatewaySettings.Unattributed;
import io.postern.config.document.Reading;
import io.postern.dns.memory.AnswerLogSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    @TempDir
    Path folder;

    private TestingSettings settings;

    @BeforeEach
    void aKeyWhereTheDefaultLooks() throws IOException {
        settings = new TestingSettings(folder);
    }

    @Test
    void nothingGivenIsTheDefaults() throws IOException {
        GatewaySettings read = settings.good("");

        assertThat(read).isEqualTo(rebased(SettingsReader.defaults(folder.resolve("var"))));
        assertThat(read.listeners())
                .containsExactly(new ListenSettings(
                        "apps", ListenSettings.Ingress.HTTP_CONNECT, bind(8080), Optional.empty(), false));
        assertThat(read.identity().tenant()).isEqualTo("local");
        assertThat(read.identity().unattributed()).isEqualTo(Unattributed.REFUSE);
        assertThat(read.identity().tagKeys())
                .containsExactly(new GatewaySettings.TagKey("k1", folder.resolve("var/keys/k1")));
        assertThat(read.upstream().connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(read.upstream().idleTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(read.upstream().halfClosedTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(read.dns())
                .isEqualTo(new GatewaySettings.Dns(
                        List.of("system"),
                        Map.of(),
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        50_000,
                        64L << 20,
                        Duration.ofDays(1),
                        500,
                        4_096,
                        128,
                        GatewaySettings.BlockedAnswer.NXDOMAIN,
                        List.of(InetAddress.getByName("0.0.0.0"), InetAddress.getByName("::")),
                        AnswerLogSettings.DEFAULTS,
                        DnsAnswers.DEFAULTS));
        assertThat(read.sniff())
                .isEqualTo(new GatewaySettings.Sniff(
                        16 << 10, 64 << 10, Duration.ofSeconds(5), Duration.ofMillis(300), 64L << 20));
        assertThat(read.limits())
                .isEqualTo(new GatewaySettings.Limits(
                        65_536, 4_096, 4_096, 64L << 20, 0, Duration.ofSeconds(10), Duration.ofSeconds(10)));
        assertThat(read.policy().files()).isEmpty();
        assertThat(read.records().flows())
                .isEqualTo(new GatewaySettings.RecordFile(
                        Optional.of(folder.resolve("var/flows.ndjson")), 100_000_000, 10, 65_536));
        assertThat(read.admin().bind()).isEqualTo(bind(9090));
        assertThat(read.runtime()).isEqualTo(new GatewaySettings.RuntimeSettings(Transport.AUTO, 0, 0));
        assertThat(read.drain()).isEqualTo(new GatewaySettings.Drain(Duration.ZERO, Duration.ofSeconds(30)));
    }

    @Test
    void tellsEveryProblemAtOnceInOrderOfPlace() throws IOException {
        assertThat(settings.problems("""
                        listeners:
                          - {name: apps, type: http-connect, bind: "127.0.0.1:8080"}
                          - {name: more, type: http-connect, bind: "127.0.0.1:http"}
                          - tpye: http-connect
                            name: third
                            bind: localhost:1
                          - {name: apps, type: ftp, bind: "127.0.0.1:1080", udp: true}
                          - {name: apps, type: http-connect, bind: "0.0.0.0:9090"}
                        identity: {tag-keys: [{id: k1, secret-file: nowhere}], unattributed: admit}
                        upstream: {connect-timeout: 5, idle-timeout: 1ms, allow-networks: [10.0.0.1/8]}
                        sniff:
                          max-hello-bytes: 12
                          max-bytes: lots
                        limits: {flows: 0}
                        """))
                .containsExactly(
                        "postern.yaml:1:1: admin.bind: 127.0.0.1:9090 is taken by listeners[4].bind",
                        "postern.yaml:3:44: listeners[1].bind: 'http' is not a port",
                        "postern.yaml:4:5: listeners[2]: has no type, must have one",
                        "postern.yaml:4:5: listeners[2].tpye: no such setting (did you mean type?)",
                        "postern.yaml:7:24: listeners[3].type: 'ftp' is not known, must be http-connect,"
                                + " socks5, proxy-protocol, transparent, dns",
                        "postern.yaml:8:12: listeners[4].name: 'apps' is taken by listeners[0].name",
                        "postern.yaml:8:44: listeners[4].bind: is open to others while identity.unattributed is admit,"
                                + " must be loopback, require client certificates or set allow-unauthenticated: true",
                        "postern.yaml:9:45: identity.tag-keys[0].secret-file: " + folder.resolve("nowhere")
                                + " does not exist; make one: (umask 077; openssl rand -base64 32 > "
                                + folder.resolve("nowhere") + ")",
                        "postern.yaml:10:29: upstream.connect-timeout: is 5, must be a duration, such as 300ms, 5s, 5m, 1h, 30d",
                        "postern.yaml:10:46: upstream.idle-timeout: is 1ms, must be at least 1s",
                        "postern.yaml:10:68: upstream.allow-networks[0]: '10.0.0.1/8' has bits beyond its length,"
                                + " must be 10.0.0.0/8",
                        "postern.yaml:12:20: sniff.max-hello-bytes: is 12, must be at least 512",
                        "postern.yaml:13:14: sniff.max-bytes: 'lots' is not a size, must be such as 16KiB, 100MB",
                        "postern.yaml:14:17: limits.flows: is 0, must be at least 1");
    }

    /** The gateway makes it in its own folder; a wrong path elsewhere would revoke nothing, and nobody would know. */
    @Test
    void theListOfTheRevokedMayBeMadeInTheStateDirectoryAlone() throws IOException {
        assertThat(settings.good("").identity().revokedFile()).isEqualTo(folder.resolve("var/revoked"));
        assertThat(settings.good("identity: {revoked-file: var/lists/gone}")
                        .identity()
                        .revokedFile())
                .isEqualTo(folder.resolve("var/lists/gone"));
        assertThat(settings.problems("identity: {revoked-file: var/../gone}"))
                .singleElement()
                .asString()
                .contains("identity.revoked-file: ")
                .endsWith("gone does not exist; an empty one revokes nothing");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            listeners: []                                     | 1:12: listeners: has 0 items, must have at least 1
            listeners: {}                                     | 1:12: listeners: is a mapping, must be a list
            state:                                            | 1:7: state: has no value, must be a mapping
            state: {dir: ""}                                  | 1:14: state.dir: is empty, must have at least 1 character
            state: {dir: [a]}                                 | 1:14: state.dir: is a list, must be text
            drain: {delay: 1w}                                | 1:16: drain.delay: '1w' is not a duration, must be such as 300ms, 5s, 5m, 1h, 30d
            identity: {tenant: a.b}                           | 1:20: identity.tenant: 'a.b' is not a name, must be 1–32 of A-Z a-z 0-9 _ -
            identity: {unattributed: reject}                  | 1:26: identity.unattributed: 'reject' is not known, must be refuse, admit
            identity: {renewal: ["a b"]}                      | 1:22: identity.renewal[0]: 'a b' is not a host, must be a name of letters, digits, hyphens and dots, or an address
            upstream: {hosts: {a_b.example: 192.0.2.1}}       | 1:20: upstream.hosts["a_b.example"]: 'a_b.example' is not a host, must be a name of letters, digits, hyphens and dots, or an address
            upstream: {hosts: {-a.example: 192.0.2.1}}        | 1:20: upstream.hosts["-a.example"]: '-a.example' is not a host, must be a name of letters, digits, hyphens and dots, or an address
            identity: {renewal: ["a.example:0"]}              | 1:22: identity.renewal[0]: '0' is not a port
            upstream: {hosts: {a.example: [b.example]}}       | 1:32: upstream.hosts["a.example"][0]: 'b.example' is not an address, must be address or address:port
            upstream: {hosts: {"*.a.example": 192.0.2.1}}     | 1:20: upstream.hosts["*.a.example"]: '*.a.example' is not a host, must be a name of letters, digits, hyphens and dots, or an address
            upstream: {hosts: {a_b.example: 192.0.2.1}}       | 1:20: upstream.hosts["a_b.example"]: 'a_b.example' is not a host, must be a name of letters, digits, hyphens and dots, or an address
            upstream: {hosts: {-a.example: 192.0.2.1}}        | 1:20: upstream.hosts["-a.example"]: '-a.example' is not a host, must be a name of letters, digits, hyphens and dots, or an address
            upstream: {deny-networks: [10.0.0.0/33]}          | 1:28: upstream.deny-networks[0]: '10.0.0.0/33' is not a prefix, must be such as 10.0.0.0/8 or fd00::/8
            dns: {upstreams: ["quic://192.0.2.1"]}            | 1:19: dns.upstreams[0]: 'quic://192.0.2.1' is no resolver, must be system, address[:port], tls://HOST[:PORT] or https://HOST[:PORT]/PATH
            dns: {upstreams: ["https://192.0.2.1"]}           | 1:19: dns.upstreams[0]: 'https://192.0.2.1' is no resolver, must be system, address[:port], tls://HOST[:PORT] or https://HOST[:PORT]/PATH
            dns: {upstreams: ["tls://dns.example"]}           | 1:19: dns.upstreams[0]: is a name, must have its addresses in dns.bootstrap
            dns: {bootstrap: {dns.example: nowhere}}          | 1:32: dns.bootstrap["dns.example"]: 'nowhere' is not an address, must be such as 0.0.0.0 or ::
            dns: {cache-entries: many}                        | 1:22: dns.cache-entries: is 'many', must be a whole number
            dns: {cache-entries: 1.5}                         | 1:22: dns.cache-entries: is '1.5', must be a whole number
            sniff: {max-bytes: 1MiB}                          | 1:8: sniff.max-hello-bytes: is 65536, must be at least sniff.max-bytes, 1048576
            sniff: {server-first: 6s}                         | 1:23: sniff.server-first: is longer than sniff.timeout, must be at most as long
            admin: {bind: "127.0.0.1"}                        | 1:15: admin.bind: '127.0.0.1' has no port, must be address:port
            admin: {bind: "127.0.0.1:8080"}                   | 1:15: admin.bind: 127.0.0.1:8080 is taken by listeners[0].bind
            admin: {bind: "localhost:9090"}                   | 1:15: admin.bind: 'localhost' is not an address; 0.0.0.0 and [::] listen on all
            admin: {bind: "[::1%lo]:9090"}                    | 1:15: admin.bind: '::1%lo' is not an address; 0.0.0.0 and [::] listen on all
            admin: {bind: "[127.0.0.1:9090"}                  | 1:15: admin.bind: '[127.0.0.1:9090' has no port, must be address:port
            records: {http: {file: x}}                        | 1:11: records.http: not in this version
            response: {webhook: {url: "http://hook.example/", secret-file: a}} | 1:27: response.webhook.url: is not encrypted, must be https unless its host is a loopback address
            response: {webhook: {url: "https://me:pw/", secret-file: a}}       | 1:27: response.webhook.url: 'https://me:pw/' has no host, must be https://HOST[:PORT]/PATH
            records: {flows: {file: .}}                       | is a folder, must be a file
            """)
    void saysWhatItIsAndWhatItMustBe(String yaml, String problem) throws IOException {
        assertThat(settings.problems(yaml)).anySatisfy(line -> assertThat(line).contains(problem));
    }

    @Test
    void whatSomebodyMustAnswerForNeedsTheAuditLog() throws IOException {
        String by = "{purpose: case 17, approver: dpo, until: 2099-12-31}";
        settings.good("privacy: {url-paths: " + by + "}\nevidence: {capture: " + by + "}\n");
        assertThat(settings.problems(
                        "privacy: {url-paths: " + by + "}\nevidence: {capture: " + by + "}\nadmin: {api: false}\n"))
                .containsExactly(
                        "postern.yaml:1:11: privacy.url-paths: needs admin.api: true, whose audit log says who answers for it",
                        "postern.yaml:2:12: evidence.capture: needs admin.api: true, whose audit log says who answers for it");
        String waiver = "enforce-without: {reason: trial, approver: ciso, until: 2099-12-31}";
        assertThat(settings.problems("analytics: {AN1793: {mode: enforce, " + waiver + "}}\nadmin: {api: false}\n"))
                .singleElement()
                .asString()
                .contains("analytics.AN1793.enforce-without: needs admin.api: true");
    }

    @Test
    void policyHasOneSource() throws IOException {
        assertThat(settings.problems("policy: {files: [a.yaml], managed: true}"))
                .containsExactly("postern.yaml:1:17: policy.files: are given while policy.managed is true, must be"
                        + " none: there is one source of policy");
        assertThat(settings.problems("policy: {managed: true}\nadmin: {api: false}"))
                .containsExactly("postern.yaml:1:19: policy.managed: is true, must be false where admin.api is false");
        settings.secret("data/keys/k1", "s".repeat(32));
        assertThat(settings.good("policy: {managed: true}\nstate: {dir: data}").policy())
                .isEqualTo(
                        new GatewaySettings.PolicyFiles(List.of("policy.yaml"), folder.resolve("data/policy"), true));
    }

    @Test
    void environmentIsStrongerThanTheFile() throws IOException {
        Reading<GatewaySettings> reading = settings.read(
                "upstream: {connect-timeout: 1s}",
                Map.of(
                        "POSTERN_UPSTREAM_CONNECT_TIMEOUT", "2s",
                        "POSTERN_LIMITS_FLOWS", "7",
                        "POSTERN_RECORDS_FLOWS_FILE", "none",
                        "POSTERN_SERVICE_HOST", "set by an orchestrator"));

        GatewaySettings settings = reading.value().orElseThrow();
        assertThat(settings.upstream().connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.limits().flows()).isEqualTo(7);
        assertThat(settings.records().flows().file()).isEmpty();
    }

    @Test
    void aBadOverrideNamesItsVariable() throws IOException {
        assertThat(settings.lines(settings.read("", Map.of("POSTERN_ADMIN_BIND", "x:1", "POSTERN_LIMITS_FLOWS", "0"))
                        .problems()))
                .containsExactly(
                        "POSTERN_ADMIN_BIND: admin.bind: 'x' is not an address; 0.0.0.0 and [::] listen on all",
                        "POSTERN_LIMITS_FLOWS: limits.flows: is 0, must be at least 1");
        assertThat(settings.lines(SettingsReader.defaults(folder, Map.of("POSTERN_DRAIN_DELAY", "soon"))
                        .problems()))
                .containsExactly(
                        "POSTERN_DRAIN_DELAY: drain.delay: 'soon' is not a duration, must be such as 300ms, 5s,"
                                + " 5m, 1h, 30d");
    }

    @Test
    void aTrustAnchorIsARecordOfAKey() throws IOException {
        assertThat(settings.lines(settings.read("dns: {dnssec: {trust-anchors: ['. DS 20326']}}", Map.of())
                        .problems()))
                .singleElement()
                .asString()
                .contains(
                        "dns.dnssec.trust-anchors[0]: '. DS 20326' is not a trust anchor, must be a DS or DNSKEY record");
    }

    @Test
    void noTwoSettingsShareAVariable() {
        Map<String, List<String>> names = new Environment(SettingsReader.shape(), Map.of()).names();

        assertThat(names).containsEntry("POSTERN_RUNTIME_EVENT_LOOPS", List.of("runtime", "event-loops"));
        assertThat(names.values()).hasSize(202).doesNotHaveDuplicates();
    }

    @Test
    void whatIsSparedMustBeHosts() throws IOException {
        assertThat(settings.problems("""
                        response:
                          never-break: [{hosts: ["*", 10.9.0.1/16], ports: [443]}]
                          quarantine: {ttl: 8d, help: "a\tb"}
                        """))
                .containsExactlyInAnyOrder(
                        "postern.yaml:3:21: response.quarantine.ttl: is longer than response.quarantine.longest",
                        "postern.yaml:3:31: response.quarantine.help: must be one line without control characters",
                        "postern.yaml:2:26: response.never-break[0].hosts[0]: '*' is not a destination, must be such as"
                                + " acme.example, *.acme.example, 192.0.2.0/24",
                        "postern.yaml:2:31: response.never-break[0].hosts[1]: '10.9.0.1/16' has bits beyond its length,"
                                + " must be 10.9.0.0/16");
    }

    @Test
    void rowsOfExceptionsThatMakeNoSenseSayWhy() throws IOException {
        assertThat(settings.problems("""
                        exceptions:
                          dns-down: allow-uninspected
                          store-down: quarantine
                          analytics-queue: quarantine
                        """))
                .containsExactly(
                        "postern.yaml:2:13: exceptions.dns-down: is allow-uninspected, must be one of reject, drop,"
                                + " because a name without an answer has no address to let a flow go to",
                        "postern.yaml:3:15: exceptions.store-down: is quarantine, must be one of allow-uninspected,"
                                + " reject, drop, because it is the gateway's own trouble, and a quarantine could not be"
                                + " stored then",
                        "postern.yaml:4:20: exceptions.analytics-queue: is quarantine, must be one of"
                                + " allow-uninspected, reject, drop, because it is the gateway's own trouble, and would"
                                + " contain whoever happens to come by");
    }

    @Test
    void theMasterSwitchOfExceptionsTakesEveryRowWhereItMakesSense() throws IOException {
        ExceptionSettings open = settings.good("exceptions: {all: allow-uninspected, hidden-name: drop}\n")
                .exceptions();

        assertThat(open.of(Condition.HIDDEN_NAME)).isEqualTo(Outcome.ALLOW_UNINSPECTED);
        assertThat(open.of(Condition.DNS_DOWN)).isEqualTo(Outcome.REJECT);
        assertThat(settings.good("exceptions: {all: drop}\n")
                        .exceptions()
                        .table()
                        .values())
                .containsOnly(Outcome.DROP);
    }

    @Test
    void saysWhenThereIsNoFile() {
        assertThat(settings.lines(SettingsReader.read(folder.resolve("absent.yaml"), Map.of())
                        .problems()))
                .containsExactly("absent.yaml: does not exist");
    }

    /** Defaults start policy patterns from the working directory, a file from its folder. */
    private GatewaySettings rebased(GatewaySettings d) {
        return new GatewaySettings(
                d.listeners(),
                d.collectors(),
                d.context(),
                d.identity(),
                d.upstream(),
                d.dns(),
                d.sniff(),
                d.datagrams(),
                d.limits(),
                new GatewaySettings.PolicyFiles(d.policy().files(), folder),
                d.services(),
                d.baselines(),
                d.analytics(),
                d.findings(),
                d.evidence(),
                d.response(),
                d.exceptions(),
                d.privacy(),
                d.state(),
                d.records(),
                d.admin(),
                d.runtime(),
                d.drain());
    }

    private static Bind bind(int port) {
        return new Bind(InetAddress.getLoopbackAddress(), port);
    }
}
