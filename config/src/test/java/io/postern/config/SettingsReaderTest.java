package io.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.GatewaySettings.Transport;
import io.postern.config.GatewaySettings.Unattributed;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    @BeforeEach
    void aKeyWhereTheDefaultLooks() throws IOException {
        secret("var/keys/k1", "x".repeat(32) + "\n");
    }

    @Test
    void nothingGivenIsTheDefaults() throws IOException {
        GatewaySettings read = good("");

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
                .isEqualTo(new GatewaySettings.Dns(List.of("system"), Duration.ofSeconds(5), 50_000, 4_096, 128));
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
        assertThat(read.runtime()).isEqualTo(new GatewaySettings.RuntimeSettings(Transport.AUTO, 0));
        assertThat(read.drain()).isEqualTo(new GatewaySettings.Drain(Duration.ZERO, Duration.ofSeconds(30)));
    }

    @Test
    void tellsEveryProblemAtOnceInOrderOfPlace() throws IOException {
        assertThat(problems("""
                        listeners:
                          - {name: apps, type: http-connect, bind: "127.0.0.1:8080"}
                          - {name: more, type: http-connect, bind: "127.0.0.1:http"}
                          - tpye: http-connect
                            name: third
                            bind: localhost:1
                          - {name: apps, type: dns, bind: "127.0.0.1:1080", udp: true}
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
                        "postern.yaml:7:24: listeners[3].type: 'dns' is not in this version, must be http-connect,"
                                + " socks5, proxy-protocol, transparent",
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
            dns: {upstreams: ["tls://192.0.2.1"]}             | 1:19: dns.upstreams[0]: 'tls://192.0.2.1' is not in this version, must be system or address[:port]
            dns: {cache-entries: many}                        | 1:22: dns.cache-entries: is 'many', must be a whole number
            dns: {cache-entries: 1.5}                         | 1:22: dns.cache-entries: is '1.5', must be a whole number
            sniff: {max-bytes: 1MiB}                          | 1:8: sniff.max-hello-bytes: is 65536, must be at least sniff.max-bytes, 1048576
            sniff: {server-first: 6s}                         | 1:23: sniff.server-first: is longer than sniff.timeout, must be at most as long
            admin: {bind: "127.0.0.1"}                        | 1:15: admin.bind: '127.0.0.1' has no port, must be address:port
            admin: {bind: "127.0.0.1:8080"}                   | 1:15: admin.bind: 127.0.0.1:8080 is taken by listeners[0].bind
            admin: {bind: "localhost:9090"}                   | 1:15: admin.bind: 'localhost' is not an address; 0.0.0.0 and [::] listen on all
            admin: {bind: "[::1%lo]:9090"}                    | 1:15: admin.bind: '::1%lo' is not an address; 0.0.0.0 and [::] listen on all
            admin: {bind: "[127.0.0.1:9090"}                  | 1:15: admin.bind: '[127.0.0.1:9090' has no port, must be address:port
            records: {findings: {file: x}}                    | 1:11: records.findings: not in this version
            context: {}                                       | 1:1: context: not in this version
            records: {flows: {file: .}}                       | is a folder, must be a file
            """)
    void saysWhatItIsAndWhatItMustBe(String yaml, String problem) throws IOException {
        assertThat(problems(yaml)).anySatisfy(line -> assertThat(line).contains(problem));
    }

    @Test
    void refusesKeysThatAreNotSecret() throws IOException {
        secret("short", "x".repeat(31) + "\n");
        secret("open", "x".repeat(32));
        Files.setPosixFilePermissions(folder.resolve("open"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.createDirectory(folder.resolve("dir"));

        assertThat(problems("""
                        identity:
                          tag-keys:
                            - {id: k1, secret-file: short}
                            - {id: k1, secret-file: open}
                            - {id: k3, secret-file: dir}
                        """))
                .containsExactly(
                        "postern.yaml:3:29: identity.tag-keys[0].secret-file: " + folder.resolve("short")
                                + " has 31 bytes, must have 32 to 65536",
                        "postern.yaml:4:12: identity.tag-keys[1].id: 'k1' is taken by identity.tag-keys[0].id",
                        "postern.yaml:4:29: identity.tag-keys[1].secret-file: " + folder.resolve("open")
                                + " can be read by everybody, must not (chmod o= " + folder.resolve("open") + ")",
                        "postern.yaml:5:29: identity.tag-keys[2].secret-file: " + folder.resolve("dir")
                                + " is not a file");
    }

    @Test
    void asksForTheAuthorityOfClientCertificates() throws IOException {
        secret("gw.key", "key");
        secret("gw.crt", "certificate");

        assertThat(problems("""
                        listeners:
                          - name: tls
                            type: http-connect
                            bind: "[::1]:8443"
                            tls: {certificate: gw.crt, key: gw.key, client-auth: require}
                        """))
                .containsExactly(
                        "postern.yaml:5:58: listeners[0].tls.client-auth: needs client-ca, the certificates that"
                                + " sign the clients' ones");
    }

    @Test
    void eachWayInHasItsOwnSettings() throws IOException {
        assertThat(problems("""
                        listeners:
                          - {name: a, type: http-connect, bind: "127.0.0.1:1", udp: true}
                          - {name: b, type: socks5, bind: "127.0.0.1:2", trusted-sources: [10.0.0.0/8], tlv: {}}
                          - {name: c, type: http-connect, bind: "127.0.0.1:3", trusted-sources: [10.0.0.0/8]}
                          - {name: d, type: proxy-protocol, bind: "127.0.0.1:4"}
                          - {name: e, type: proxy-protocol, bind: "127.0.0.1:5", trusted-sources: [0.0.0.0/0, "::/0"]}
                          - {name: f, type: proxy-protocol, bind: "127.0.0.1:6", trusted-sources: [10.0.0.1/8],
                             tlv: {device: 0xE2, tag: 0xD0}, trusted-headers: {sources: [10.0.0.0/8]}}
                          - {name: g, type: http-connect, bind: "127.0.0.1:7", trusted-headers: {device: Host, sources: [0.0.0.0/0]}}
                          - {name: h, type: http-connect, bind: "127.0.0.1:8", trusted-headers: {}}
                        """))
                .containsExactly(
                        "postern.yaml:2:56: listeners[0].udp: is only for socks5 and transparent",
                        "postern.yaml:3:50: listeners[1].trusted-sources: is only for proxy-protocol",
                        "postern.yaml:3:81: listeners[1].tlv: is only for proxy-protocol",
                        "postern.yaml:4:56: listeners[2].trusted-sources: is only for proxy-protocol",
                        "postern.yaml:5:5: listeners[3]: has no trusted-sources, must say whose PROXY headers are believed",
                        "postern.yaml:6:76: listeners[4].trusted-sources[0]: is everybody, must be the addresses of"
                                + " concentrators: they can speak for any device",
                        "postern.yaml:6:87: listeners[4].trusted-sources[1]: is everybody, must be the addresses of"
                                + " concentrators: they can speak for any device",
                        "postern.yaml:7:76: listeners[5].trusted-sources[0]: '10.0.0.1/8' has bits beyond its length,"
                                + " must be 10.0.0.0/8",
                        "postern.yaml:8:11: listeners[5].tlv.package: 0xE2 is taken by listeners[5].tlv.device",
                        "postern.yaml:8:31: listeners[5].tlv.tag: '0xD0' is not a TLV type, must be 0xE0–0xF7",
                        "postern.yaml:8:38: listeners[5].trusted-headers: is only for http-connect",
                        "postern.yaml:9:82: listeners[6].trusted-headers.device: 'Host' is not a field name,"
                                + " must be X- and 1–62 of A-Z a-z 0-9 -",
                        "postern.yaml:9:98: listeners[6].trusted-headers.sources[0]: is everybody, must be the addresses"
                                + " of concentrators: they can speak for any device",
                        "postern.yaml:10:73: listeners[7].trusted-headers: has no sources, must have one");
    }

    @Test
    void aProxyListenerWithoutNumbersHasThoseOfTheSchema() throws IOException {
        String listener = "{name: a, type: proxy-protocol, bind: \"127.0.0.1:1\", trusted-sources: [10.0.0.0/8]";

        assertThat(good("listeners: [" + listener + "}]").listeners())
                .isEqualTo(good("listeners: [" + listener + ", tlv: {}}]").listeners());
    }

    @Test
    void warnsOfTagsInClearText() throws IOException {
        Reading<GatewaySettings> reading = read("""
                listeners:
                  - {name: a, type: socks5, bind: "0.0.0.0:1080"}
                  - {name: b, type: socks5, bind: "127.0.0.1:1081"}
                  - {name: c, type: proxy-protocol, bind: "0.0.0.0:7443", trusted-sources: [10.0.0.0/8]}
                """, Map.of());

        assertThat(reading.problems()).isEmpty();
        assertThat(lines(reading.warnings()))
                .containsExactly(
                        "postern.yaml:2:35: listeners[0].bind: carries tags in clear text, which are good until"
                                + " they expire: have it inside a tunnel or set tls");
    }

    @Test
    void warnsOfWhatIsOpenOnPurpose() throws IOException {
        Reading<GatewaySettings> reading = read("""
                listeners: [{name: a, type: http-connect, bind: "0.0.0.0:8080", allow-unauthenticated: true}]
                identity: {unattributed: admit}
                admin: {bind: "0.0.0.0:9090", api: false, tokens-file: var/keys/k1}
                """, Map.of());

        assertThat(reading.problems()).isEmpty();
        assertThat(lines(reading.warnings()))
                .containsExactly(
                        "postern.yaml:1:49: listeners[0].bind: is open to others while identity.unattributed is admit",
                        "postern.yaml:3:15: admin.bind: shows health and metrics to others without TLS or token",
                        "postern.yaml:3:43: admin.tokens-file: is not used: admin.api is false");
    }

    @Test
    void whoTellsByRadiusIsNamedOneByOne() throws IOException {
        secret("short", "s".repeat(31));
        secret("long", "s".repeat(32));
        assertThat(problems("""
                identity:
                  radius:
                    bind: "127.0.0.1:1813"
                    device: "vendor:0:256:uid"
                    clients:
                      - {name: a, sources: [0.0.0.0/0], secret-file: short}
                      - {name: a, sources: [10.0.0.1/32, 10.0.0.1/32], secret-file: long}
                """))
                .containsExactly(
                        "postern.yaml:4:13: identity.radius.device: 'vendor:0:256:uid' must have a vendor from 1 on and a"
                                + " type from 1 to 255",
                        "postern.yaml:6:29: identity.radius.clients[0].sources[0]: is everybody, must be the addresses of"
                                + " concentrators: they can speak for any device",
                        "postern.yaml:6:54: identity.radius.clients[0].secret-file: " + folder.resolve("short")
                                + " has 31 bytes, must have 32 to"
                                + " 65536",
                        "postern.yaml:7:16: identity.radius.clients[1].name: 'a' is taken by"
                                + " identity.radius.clients[0].name",
                        "postern.yaml:7:42: identity.radius.clients[1].sources[1]: 10.0.0.1/32 is taken by"
                                + " identity.radius.clients[1].sources[0]");
        assertThat(good("""
                        identity:
                          radius:
                            bind: "127.0.0.1:1813"
                            device: class
                            clients: [{name: a, sources: [10.0.0.1/32], secret-file: long}]
                        """).identity().radius().orElseThrow().device())
                .isEqualTo(new GatewaySettings.DeviceAttribute(0, 25, ""));
    }

    @Test
    void collectorsKnowTheirDevices() throws IOException {
        String collector =
                "{name: %s, type: pcapdroid, protocol: udp, bind: '%s:1234', devices: [{source: %s, device: A}],"
                        + " labels: {}}";
        assertThat(problems("collectors: [" + collector.formatted("apps", "127.0.0.1", "0.0.0.0/0") + "]"))
                .containsExactly(
                        "postern.yaml:1:21: collectors[0].name: 'apps' is taken by listeners[0].name",
                        "postern.yaml:1:102: collectors[0].devices[0].source: is everybody, must be the addresses of"
                                + " concentrators: they can speak for any device");
        Reading<GatewaySettings> open =
                read("collectors: [" + collector.formatted("lab", "0.0.0.0", "10.0.0.1") + "]", Map.of());
        assertThat(open.problems()).isEmpty();
        assertThat(lines(open.warnings()))
                .containsExactly("postern.yaml:1:64: collectors[0].bind: takes captures whoever sends them from an"
                        + " address of devices: have it inside a tunnel");
    }

    @Test
    void theAdminApiIsNotForEverybody() throws IOException {
        secret("gw", "s".repeat(32));
        assertThat(problems("admin: {bind: '0.0.0.0:9090'}"))
                .containsExactly("postern.yaml:1:15: admin.bind: is reachable by others without TLS, must be loopback,"
                        + " have admin.tls or admin.api: false");
        assertThat(problems(
                        "admin: {client-certificates: [{name: a, role: boss}, {name: a, role: admin, san: 'x:y'}]}"))
                .contains(
                        "postern.yaml:1:47: admin.client-certificates[0].role: 'boss' is not known, must be viewer,"
                                + " operator, admin",
                        "postern.yaml:1:82: admin.client-certificates[1].san: 'x:y' is not an alternative name, must be"
                                + " dns:, uri: or email: and the name");
        assertThat(
                        problems(
                                "admin: {client-certificates: [{name: a, role: admin}, {name: a, role: viewer, subject: ops}]}"))
                .containsExactly(
                        "postern.yaml:1:9: admin.client-certificates: needs admin.tls with client-auth optional or"
                                + " require, or nobody shows one",
                        "postern.yaml:1:31: admin.client-certificates[0]: names neither subject nor san, must name one",
                        "postern.yaml:1:62: admin.client-certificates[1].name: 'a' is taken by"
                                + " admin.client-certificates[0].name",
                        "postern.yaml:1:88: admin.client-certificates[1].subject: 'ops' is not a name as RFC 4514"
                                + " writes it");
        assertThat(problems("admin: {tls: {certificate: gw, key: gw, client-auth: require}}"))
                .containsExactly("postern.yaml:1:54: admin.tls.client-auth: needs client-ca, the certificates that sign"
                        + " the clients' ones");
        assertThat(good("admin: {bind: '0.0.0.0:9090', tls: {certificate: gw, key: gw}}")
                        .admin()
                        .tls())
                .isPresent();
    }

    @Test
    void policyHasOneSource() throws IOException {
        assertThat(problems("policy: {files: [a.yaml], managed: true}"))
                .containsExactly("postern.yaml:1:17: policy.files: are given while policy.managed is true, must be"
                        + " none: there is one source of policy");
        assertThat(problems("policy: {managed: true}\nadmin: {api: false}"))
                .containsExactly("postern.yaml:1:19: policy.managed: is true, must be false where admin.api is false");
        secret("data/keys/k1", "s".repeat(32));
        assertThat(good("policy: {managed: true}\nstate: {dir: data}").policy())
                .isEqualTo(
                        new GatewaySettings.PolicyFiles(List.of("policy.yaml"), folder.resolve("data/policy"), true));
    }

    @Test
    void environmentIsStrongerThanTheFile() throws IOException {
        Reading<GatewaySettings> reading = read(
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
        assertThat(lines(read("", Map.of("POSTERN_ADMIN_BIND", "x:1", "POSTERN_LIMITS_FLOWS", "0"))
                        .problems()))
                .containsExactly(
                        "POSTERN_ADMIN_BIND: admin.bind: 'x' is not an address; 0.0.0.0 and [::] listen on all",
                        "POSTERN_LIMITS_FLOWS: limits.flows: is 0, must be at least 1");
        assertThat(lines(SettingsReader.defaults(folder, Map.of("POSTERN_DRAIN_DELAY", "soon"))
                        .problems()))
                .containsExactly(
                        "POSTERN_DRAIN_DELAY: drain.delay: 'soon' is not a duration, must be such as 300ms, 5s,"
                                + " 5m, 1h, 30d");
    }

    @Test
    void noTwoSettingsShareAVariable() {
        Map<String, List<String>> names = new Environment(SettingsReader.shape(), Map.of()).names();

        assertThat(names).containsEntry("POSTERN_RUNTIME_EVENT_LOOPS", List.of("runtime", "event-loops"));
        assertThat(names.values()).hasSize(59).doesNotHaveDuplicates();
    }

    @Test
    void saysWhenThereIsNoFile() {
        assertThat(lines(SettingsReader.read(folder.resolve("absent.yaml"), Map.of())
                        .problems()))
                .containsExactly("absent.yaml: does not exist");
    }

    private GatewaySettings good(String yaml) throws IOException {
        Reading<GatewaySettings> reading = read(yaml, Map.of());
        assertThat(lines(reading.problems())).isEmpty();
        return reading.value().orElseThrow();
    }

    private List<String> problems(String yaml) throws IOException {
        Reading<GatewaySettings> reading = read(yaml, Map.of());
        assertThat(reading.value()).isEmpty();
        return lines(reading.problems());
    }

    private Reading<GatewaySettings> read(String yaml, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("postern.yaml");
        Files.writeString(file, yaml, UTF_8);
        return SettingsReader.read(file, environment);
    }

    /** As printed, with the file's name alone. */
    private List<String> lines(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString()
                        .replace(folder.resolve("postern.yaml").toString(), "postern.yaml"))
                .map(line -> line.replace(folder.resolve("absent.yaml").toString(), "absent.yaml"))
                .toList();
    }

    /** Defaults start policy patterns from the working directory, a file from its folder. */
    private GatewaySettings rebased(GatewaySettings d) {
        return new GatewaySettings(
                d.listeners(),
                d.collectors(),
                d.identity(),
                d.upstream(),
                d.dns(),
                d.sniff(),
                d.datagrams(),
                d.limits(),
                new GatewaySettings.PolicyFiles(d.policy().files(), folder),
                d.state(),
                d.records(),
                d.admin(),
                d.runtime(),
                d.drain());
    }

    private static Bind bind(int port) {
        return new Bind(InetAddress.getLoopbackAddress(), port);
    }

    private void secret(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content, UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
