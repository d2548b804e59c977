package io.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.StateLimits;
import io.postern.analytics.Verdict;
import io.postern.analytics.attack.ApplicationLayerProtocol;
import io.postern.analytics.attack.EncryptedChannel;
import io.postern.analytics.attack.NonStandardPort;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.attack.WebProtocols;
import io.postern.analytics.attack.WebService;
import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.finding.BookSettings;
import io.postern.analytics.flow.Protocol;
import io.postern.config.ExceptionSettings.Condition;
import io.postern.config.ExceptionSettings.Outcome;
import io.postern.config.GatewaySettings.Transport;
import io.postern.config.GatewaySettings.Unattributed;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.document.Yaml;
import io.postern.config.grammar.Addresses;
import io.postern.config.policy.Policy.Mode;
import io.postern.dns.memory.AnswerLogSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every key written out with another value than its default comes back as written. */
class EverySettingTest {

    private static final AnalyticsSettings.Enforcing ENFORCING = new AnalyticsSettings.Enforcing(
            Verdict.Action.THROTTLE,
            32 << 10,
            0.7,
            Optional.of(new AnalyticsSettings.Waiver("trial", "ciso", LocalDate.of(2027, 3, 31))));

    private static final String EVERYTHING = """
            listeners:
              - name: tls
                type: http-connect
                bind: "[::1]:8443"
                tls: {certificate: gw.crt, key: gw.key, client-ca: ca.crt, client-auth: optional}
                allow-unauthenticated: true
                strict: true
                trusted-headers: {sources: [10.1.0.0/16], device: X-Device, package: X-App, profile: X-Profile}
              - name: balancer
                type: proxy-protocol
                bind: "[::1]:7443"
                trusted-sources: [10.2.0.0/16, "fd00::/8"]
                tlv: {device: "0xf1", package: 0xF2, uid: 0xF3, profile: 0xF4, tag: 0xF5}
              - {name: socks, type: socks5, bind: "[::1]:1081", udp: true}
              - {name: tunnel, type: transparent, bind: "[::1]:15001", udp: true, take-dns: true}
              - {name: names, type: dns, bind: "[::1]:5353", networks: [10.5.0.0/16]}
              - {name: doh, type: dns, bind: "[::1]:9445", tls: {certificate: gw.crt, key: gw.key}, doh-path: /names}
            collectors:
              - name: lab
                type: pcapdroid
                protocol: udp
                bind: "[::1]:1234"
                devices: [{source: 10.4.0.7, device: LC07, profile: "10"}]
                labels: {Acme Mail: com.acme.mail}
            context:
              bind: "[::1]:9444"
              tls: {certificate: gw.crt, key: gw.key, client-ca: ca.crt, client-auth: optional}
              skew: 3m
              kept: 48h
              kept-bytes: 20MiB
              silence: 5m
              batched-silence: 5h
              devices: 9
              sources:
                - name: agent
                  token-file: keys/agent
                  client-certificate: {subject: "CN=agent", san: "dns:agent.acme.example"}
                  devices: [LC01, "lab-*"]
                  reports: [lock, app-state]
                  rate: 7
                  profile: "10"
                - name: management
                  push: {jwks-file: keys/jwks.json, issuer: "https://issuer.example", audience: aud, email: push@acme.example}
                  webhook:
                    items: /list
                    id: /id
                    device: /device/id
                    profile: /device/profile
                    time: /time
                    app: /app/package
                    event: /type
                    events: {screen: device.lock}
                    attributes: {locked: /locked}
                    constants: {screen: {note: x}}
                    signature: {header: X-Signature, prefix: "sha256=", secret-file: keys/hook}
                  devices: ["*"]
                  reports: [inventory]
            identity:
              tenant: acme
              tag-keys: [{id: k2, secret-file: keys/k2}, {id: k1, secret-file: "{state.dir}/k1"}]
              unattributed: admit
              renewal: [Renew.acme.example., "mdm.acme.example:8443", "[2001:db8::1]:443"]
              jwt: {jwks-file: keys/jwks.json, issuer: "https://mdm.acme.example", audience: postern}
              revoked-file: keys/revoked
              addresses-file: addresses.csv
              radius:
                bind: "[::1]:1813"
                clients: [{name: vpn, sources: [10.3.0.0/16], secret-file: keys/radius, networks: [10.77.0.0/16]}]
                device: "vendor:9:1:device-uid"
                profile: "10"
                require-message-authenticator: true
                require-event-timestamp: false
                timestamp-window: 6m
                session-timeout: 2h
                sessions: 7
            upstream:
              allow-networks: [10.0.0.0/8]
              deny-networks: ["fd00::/8"]
              connect-timeout: 6s
              idle-timeout: 6m
              half-closed-timeout: 2m
              dials-per-destination: 3
              hosts: {A.example: 192.0.2.1, "a.example:443": ["192.0.2.1:8443", "[2001:db8::1]:8443", "2001:db8::2"]}
            dns: {upstreams: ["192.0.2.53:5353", "2001:db8::53", system, "tls://dns.acme.example"], bootstrap: {dns.acme.example: [192.0.2.54]}, ca-file: ca.crt, timeout: 6s, cache-entries: 7, cache-size: 1MiB, serve-stale: 2h, queries-per-second: 5, lookups: 8, lookups-per-device: 9, blocked: sinkhole, sinkhole: [192.0.2.9], private-zones: [.corp.example], canary: false, strip-ech: {reason: lab, approver: dpo, until: 2027-03-31}, dnssec: {validate: true, trust-anchors: [". DS 1 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"], unchecked-zones: [.lab.example]}, answer-log: {entries: 12, per-device: 11, grace: 3h}}
            sniff: {max-bytes: 8KiB, max-hello-bytes: 32768, timeout: 6s, server-first: 400ms, memory: 32MiB}
            datagrams: {sessions: 7, new-per-second: 6, idle-timeout: 3m, unanswered-timeout: 4s, amplification: 5}
            limits: {flows: 7, flows-per-device: 6, clients-per-source: 5, request-memory: 2MiB, relay-memory: 3MiB, request-timeout: 4s, tls-handshake-timeout: 3s}
            policy: {files: [policy/*.yaml], managed: false}
            services: {file: lists/services.tsv}
            baselines: {learn: false, min-devices: 7, min-days: 6, unseen: 30d, tainted-for: 45d, review-after: 90d, entries: 2048}
            analytics:
              keys: 70000
              AN1770:
                mode: enforce
                action: throttle
                throttle-rate: 32KiB
                enforce-coverage: 0.7
                enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}
                TimeWindow: 20m
                AllowedAppList: [com.acme.share]
                AllowedServiceClasses: [collaboration]
                ForegroundStateRequired: true
                RecentUserInteractionWindow: 7m
                BeaconIntervalTolerance: 0.3
                UplinkBytesThreshold: 2MiB
              AN1793: {mode: shadow, action: throttle, throttle-rate: 32KiB, enforce-coverage: 0.7, enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}, BeaconIntervalVarianceThreshold: 0.12, ConnectionFrequencyThreshold: 60, PayloadEntropyThreshold: 1}
              AN1827:
                mode: shadow
                action: throttle
                throttle-rate: 32KiB
                enforce-coverage: 0.7
                enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}
                AllowedProtocolPortMappings: {tls: [8443, 9443], http: [8000]}
                AllowedAppList: [com.acme.dev]
                TimeWindow: 6m
                RecentUserInteractionWindow: 8m
                BeaconIntervalTolerance: 0.31
              AN1681: {mode: off, action: throttle, throttle-rate: 32KiB, enforce-coverage: 0.7, enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}, BeaconIntervalVarianceThreshold: 0.32, PayloadSymmetryThreshold: 9}
              AN1716: {mode: shadow, action: throttle, throttle-rate: 32KiB, enforce-coverage: 0.7, enforce-without: {reason: trial, approver: ciso, until: 2027-03-31}, TimeWindow: 11m, EntropyThreshold: 0.99, AllowedCryptoApps: [com.acme.vault], BeaconIntervalVariance: 0.33}
            findings: {keep: 30d, suppress: 20d, quiet: 10d, entries: 1024, false-positive-budget: {share: 0.2, answers: 7}}
            evidence:
              flows: 77
              coverage-kept: 3d
              capture: {purpose: case 17, approver: dpo, until: 2027-03-31, bytes: 128KiB, flows: 3, within: 5m, kept: 2d, captures: 4}
            response:
              kill-switch: true
              never-break: [{apps: [com.acme.mdm], hosts: [.mdm.acme.example, 10.9.0.0/16], ports: [443]}]
              quarantine:
                {ttl: 30m, longest: 2d, per-hour: 5, entries: 64, help: "Ask Bob.", allow: [{apps: [com.acme.help], hosts: [Help.acme.example], ports: [80, 443]}], resolvers: [192.0.2.54], keep-for: 11d}
              webhook:
                url: https://soc.acme.example/postern?team=1
                secret-file: keys/hook
                ca-file: ca.crt
                severity: high
                timeout: 7s
                give-up: 3h
                queue: 77
                dead-letters: logs/dead.ndjson
            exceptions:
              all: reject
              parse-error: drop
              sniff-cap: quarantine
              memory-budget: reject
              analytics-queue: drop
              analytics-crash: reject
              store-down: drop
              dns-down: drop
              context-missing: quarantine
              unknown-protocol: reject
              hidden-name: quarantine
            privacy: {personal-profiles: [personal, "0"], pseudonym-keys: [keys/p2], url-paths: {purpose: case 9, approver: dpo, until: 2027-04-30, queries: true}}
            state: {dir: data}
            records:
              flows: {file: logs/flows.ndjson, max-size: 1MB, keep: 3, queue: 128, keep-for: 30d}
              findings: {file: logs/findings.ndjson, max-size: 2MB, keep: 4, queue: 256, keep-for: 60d}
              dns: {file: logs/dns.ndjson, max-size: 3MB, keep: 5, queue: 512, keep-for: 7d}
              audit: {keep-for: 400d}
            admin:
              bind: "127.0.0.1:9191"
              api: true
              tokens-file: keys/admin
              tls: {certificate: gw.crt, key: gw.key, client-ca: ca.crt, client-auth: require}
              client-certificates: [{name: ops, role: operator, subject: "CN=ops,O=Acme", san: "dns:ops.acme.example"}]
              hosts: [admin.acme.example]
              flow-events: 77
              streams: 7
            runtime: {transport: io_uring, event-loops: 3, detection-threads: 2}
            drain: {delay: 5s, timeout: 1m}
            """;

    @TempDir
    Path folder;

    @Test
    void comesBackAsWritten() throws IOException {
        for (String file : List.of(
                "gw.crt",
                "gw.key",
                "ca.crt",
                "keys/k2",
                "data/k1",
                "keys/jwks.json",
                "keys/revoked",
                "addresses.csv",
                "keys/radius",
                "lists/services.tsv",
                "keys/agent",
                "keys/hook",
                "keys/p2",
                "keys/admin")) {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "s".repeat(32), UTF_8);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        }
        Path file = Files.writeString(folder.resolve("postern.yaml"), EVERYTHING, UTF_8);

        var reading = SettingsReader.read(file, Map.of());

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.value()).contains(expected());
    }

    private static InetAddress address(String literal) {
        return Addresses.address(literal).orElseThrow();
    }

    private ContextSettings context() {
        return new ContextSettings(
                new Bind(address("::1"), 9444),
                Optional.of(new ListenSettings.Tls(
                        folder.resolve("gw.crt"),
                        folder.resolve("gw.key"),
                        Optional.of(folder.resolve("ca.crt")),
                        ListenSettings.ClientAuth.OPTIONAL)),
                Duration.ofMinutes(3),
                Duration.ofDays(2),
                20 << 20,
                Duration.ofMinutes(5),
                Duration.ofHours(5),
                9,
                List.of(
                        new ContextSettings.Source(
                                "agent",
                                Optional.of(folder.resolve("keys/agent")),
                                Optional.of(new ContextSettings.Certificate(
                                        Optional.of("CN=agent"), Optional.of("dns:agent.acme.example"))),
                                Optional.empty(),
                                Optional.empty(),
                                List.of("LC01", "lab-*"),
                                Set.of(FactKind.LOCK, FactKind.APP_STATE),
                                7,
                                "10"),
                        new ContextSettings.Source(
                                "management",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(new ContextSettings.Push(
                                        folder.resolve("keys/jwks.json"),
                                        "https://issuer.example",
                                        "aud",
                                        "push@acme.example")),
                                Optional.of(webhook()),
                                List.of("*"),
                                Set.of(FactKind.INVENTORY),
                                10_000,
                                "work")));
    }

    private ContextSettings.Webhook webhook() {
        return new ContextSettings.Webhook(
                Optional.of("/list"),
                Optional.of("/id"),
                "/device/id",
                Optional.of("/device/profile"),
                "/time",
                Optional.of("/app/package"),
                "/type",
                Map.of("screen", "device.lock"),
                Map.of("locked", "/locked"),
                Map.of("screen", Map.of("note", "x")),
                Optional.of(new ContextSettings.Signature("X-Signature", "sha256=", folder.resolve("keys/hook"))));
    }

    private GatewaySettings expected() {
        return new GatewaySettings(
                List.of(
                        new ListenSettings(
                                "tls",
                                ListenSettings.Ingress.HTTP_CONNECT,
                                new Bind(address("::1"), 8443),
                                Optional.of(new ListenSettings.Tls(
                                        folder.resolve("gw.crt"),
                                        folder.resolve("gw.key"),
                                        Optional.of(folder.resolve("ca.crt")),
                                        ListenSettings.ClientAuth.OPTIONAL)),
                                true,
                                List.of(),
                                ListenSettings.Tlv.DEFAULTS,
                                Optional.of(new ListenSettings.TrustedHeaders(
                                        List.of("10.1.0.0/16"),
                                        "X-Device",
                                        Optional.of("X-App"),
                                        Optional.of("X-Profile"))),
                                false,
                                true,
                                List.of(),
                                Optional.empty(),
                                false),
                        new ListenSettings(
                                "balancer",
                                ListenSettings.Ingress.PROXY_PROTOCOL,
                                new Bind(address("::1"), 7443),
                                Optional.empty(),
                                false,
                                List.of("10.2.0.0/16", "fd00:0:0:0:0:0:0:0/8"),
                                new ListenSettings.Tlv(0xF1, 0xF2, 0xF3, 0xF4, 0xF5),
                                Optional.empty(),
                                false,
                                false,
                                List.of(),
                                Optional.empty(),
                                false),
                        new ListenSettings(
                                "socks",
                                ListenSettings.Ingress.SOCKS5,
                                new Bind(address("::1"), 1081),
                                Optional.empty(),
                                false,
                                List.of(),
                                ListenSettings.Tlv.DEFAULTS,
                                Optional.empty(),
                                true,
                                false,
                                List.of(),
                                Optional.empty(),
                                false),
                        new ListenSettings(
                                "tunnel",
                                ListenSettings.Ingress.TRANSPARENT,
                                new Bind(address("::1"), 15001),
                                Optional.empty(),
                                false,
                                List.of(),
                                ListenSettings.Tlv.DEFAULTS,
                                Optional.empty(),
                                true,
                                false,
                                List.of(),
                                Optional.empty(),
                                true),
                        new ListenSettings(
                                "names",
                                ListenSettings.Ingress.DNS,
                                new Bind(address("::1"), 5353),
                                Optional.empty(),
                                false,
                                List.of(),
                                ListenSettings.Tlv.DEFAULTS,
                                Optional.empty(),
                                false,
                                false,
                                List.of("10.5.0.0/16"),
                                Optional.empty(),
                                false),
                        new ListenSettings(
                                "doh",
                                ListenSettings.Ingress.DNS,
                                new Bind(address("::1"), 9445),
                                Optional.of(new ListenSettings.Tls(
                                        folder.resolve("gw.crt"),
                                        folder.resolve("gw.key"),
                                        Optional.empty(),
                                        ListenSettings.ClientAuth.NONE)),
                                false,
                                List.of(),
                                ListenSettings.Tlv.DEFAULTS,
                                Optional.empty(),
                                false,
                                false,
                                List.of(),
                                Optional.of("/names"),
                                false)),
                List.of(new CollectorSettings(
                        "lab",
                        CollectorSettings.Protocol.UDP,
                        new Bind(address("::1"), 1234),
                        List.of(new CollectorSettings.Device("10.4.0.7/32", "LC07", "10")),
                        Map.of("Acme Mail", "com.acme.mail"))),
                Optional.of(context()),
                new GatewaySettings.Identity(
                        "acme",
                        List.of(
                                new GatewaySettings.TagKey("k2", folder.resolve("keys/k2")),
                                new GatewaySettings.TagKey("k1", folder.resolve("data/k1"))),
                        Unattributed.ADMIT,
                        List.of("renew.acme.example", "mdm.acme.example:8443", "[2001:db8::1]:443"),
                        Optional.of(new GatewaySettings.Jwt(
                                folder.resolve("keys/jwks.json"), "https://mdm.acme.example", "postern")),
                        folder.resolve("keys/revoked"),
                        Optional.of(folder.resolve("addresses.csv")),
                        Optional.of(new GatewaySettings.Radius(
                                new Bind(address("::1"), 1813),
                                List.of(new GatewaySettings.RadiusClient(
                                        "vpn",
                                        List.of("10.3.0.0/16"),
                                        folder.resolve("keys/radius"),
                                        List.of("10.77.0.0/16"))),
                                new GatewaySettings.DeviceAttribute(9, 1, "device-uid="),
                                "10",
                                true,
                                false,
                                Duration.ofMinutes(6),
                                Duration.ofHours(2),
                                7))),
                new GatewaySettings.Upstream(
                        List.of("10.0.0.0/8"),
                        List.of("fd00:0:0:0:0:0:0:0/8"),
                        Duration.ofSeconds(6),
                        Duration.ofMinutes(6),
                        Duration.ofMinutes(2),
                        3,
                        Map.of(
                                "a.example", List.of("192.0.2.1"),
                                "a.example:443", List.of("192.0.2.1:8443", "[2001:db8::1]:8443", "2001:db8::2"))),
                new GatewaySettings.Dns(
                        List.of("192.0.2.53:5353", "2001:db8::53", "system", "tls://dns.acme.example"),
                        Map.of("dns.acme.example", List.of(address("192.0.2.54"))),
                        Optional.of(folder.resolve("ca.crt")),
                        Duration.ofSeconds(6),
                        7,
                        1L << 20,
                        Duration.ofHours(2),
                        5,
                        8,
                        9,
                        GatewaySettings.BlockedAnswer.SINKHOLE,
                        List.of(address("192.0.2.9")),
                        new AnswerLogSettings(12, 11, Duration.ofHours(3)),
                        new DnsAnswers(
                                List.of(".corp.example"),
                                false,
                                Optional.of(new DnsAnswers.WithoutEch("lab", "dpo", LocalDate.of(2027, 3, 31))),
                                new DnsAnswers.Dnssec(
                                        true,
                                        List.of(
                                                ". DS 1 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"),
                                        List.of(".lab.example")))),
                new GatewaySettings.Sniff(8 << 10, 32 << 10, Duration.ofSeconds(6), Duration.ofMillis(400), 32L << 20),
                new GatewaySettings.Datagrams(7, 6, Duration.ofMinutes(3), Duration.ofSeconds(4), 5),
                new GatewaySettings.Limits(7, 6, 5, 2L << 20, 3L << 20, Duration.ofSeconds(4), Duration.ofSeconds(3)),
                new GatewaySettings.PolicyFiles(List.of("policy/*.yaml"), folder),
                new GatewaySettings.Services(Optional.of(folder.resolve("lists/services.tsv"))),
                new GatewaySettings.Baselines(
                        false,
                        new BaselineSettings(7, 6, Duration.ofDays(30), Duration.ofDays(45), 4_096, 1_024, 2_048),
                        Duration.ofDays(90)),
                new AnalyticsSettings(
                        Map.of(
                                "AN1770", Mode.ENFORCE,
                                "AN1793", Mode.SHADOW,
                                "AN1827", Mode.SHADOW,
                                "AN1681", Mode.OFF,
                                "AN1716", Mode.SHADOW),
                        new Settings(
                                new WebService.Settings(
                                        Duration.ofMinutes(20),
                                        Set.of("com.acme.share"),
                                        Set.of("collaboration"),
                                        Duration.ofMinutes(7),
                                        0.3,
                                        2 << 20,
                                        true),
                                new ApplicationLayerProtocol.Settings(0.12, 60, 1, Duration.ofMinutes(5)),
                                new NonStandardPort.Settings(
                                        Map.of(Protocol.TLS, Set.of(8443, 9443), Protocol.HTTP, Set.of(8000)),
                                        Set.of("com.acme.dev"),
                                        Duration.ofMinutes(6),
                                        Duration.ofMinutes(8),
                                        0.31),
                                new WebProtocols.Settings(0.32, 9, Duration.ofMinutes(5)),
                                new EncryptedChannel.Settings(
                                        Duration.ofMinutes(11),
                                        0.99,
                                        Set.of("com.acme.vault"),
                                        0.33,
                                        64 << 10,
                                        Duration.ofMinutes(5)),
                                Set.of("AN1681"),
                                100_000,
                                50_000,
                                StateLimits.DEFAULTS),
                        Map.of(
                                "AN1770", ENFORCING,
                                "AN1793", ENFORCING,
                                "AN1827", ENFORCING,
                                "AN1681", ENFORCING,
                                "AN1716", ENFORCING),
                        new AnalyticsSettings.Budget(0.2, 7),
                        70_000),
                new BookSettings(
                        1_024,
                        Duration.ofDays(30),
                        Duration.ofDays(20),
                        Duration.ofDays(10),
                        BookSettings.DEFAULTS.refused(),
                        BookSettings.DEFAULTS.campaign()),
                new EvidenceSettings(
                        77,
                        Duration.ofDays(3),
                        Optional.of(new EvidenceSettings.Capture(
                                "case 17",
                                "dpo",
                                LocalDate.of(2027, 3, 31),
                                128 << 10,
                                3,
                                Duration.ofMinutes(5),
                                Duration.ofDays(2),
                                4))),
                new ResponseSettings(
                        true,
                        List.of(new ResponseSettings.Reachable(
                                Set.of("com.acme.mdm"), List.of(".mdm.acme.example", "10.9.0.0/16"), Set.of(443))),
                        new ResponseSettings.Quarantine(
                                Duration.ofMinutes(30),
                                Duration.ofDays(2),
                                5,
                                64,
                                "Ask Bob.",
                                List.of(new ResponseSettings.Reachable(
                                        Set.of("com.acme.help"), List.of("help.acme.example"), Set.of(80, 443))),
                                List.of(address("192.0.2.54")),
                                Duration.ofDays(11)),
                        Optional.of(new ResponseSettings.Webhook(
                                URI.create("https://soc.acme.example/postern?team=1"),
                                folder.resolve("keys/hook"),
                                Optional.of(folder.resolve("ca.crt")),
                                Severity.HIGH,
                                Duration.ofHours(3),
                                Duration.ofSeconds(7),
                                77,
                                folder.resolve("logs/dead.ndjson")))),
                new ExceptionSettings(
                        Optional.of(Outcome.REJECT),
                        Map.of(
                                Condition.PARSE_ERROR, Outcome.DROP,
                                Condition.SNIFF_CAP, Outcome.QUARANTINE,
                                Condition.MEMORY_BUDGET, Outcome.REJECT,
                                Condition.ANALYTICS_QUEUE, Outcome.DROP,
                                Condition.ANALYTICS_CRASH, Outcome.REJECT,
                                Condition.STORE_DOWN, Outcome.DROP,
                                Condition.DNS_DOWN, Outcome.DROP,
                                Condition.CONTEXT_MISSING, Outcome.QUARANTINE,
                                Condition.UNKNOWN_PROTOCOL, Outcome.REJECT,
                                Condition.HIDDEN_NAME, Outcome.QUARANTINE)),
                new PrivacySettings(
                        Set.of("personal", "0"),
                        List.of(folder.resolve("keys/p2")),
                        Optional.of(new PrivacySettings.UrlPaths("case 9", "dpo", LocalDate.of(2027, 4, 30), true))),
                new GatewaySettings.State(folder.resolve("data")),
                new GatewaySettings.Records(
                        new GatewaySettings.RecordFile(
                                Optional.of(folder.resolve("logs/flows.ndjson")),
                                1_000_000,
                                3,
                                128,
                                Duration.ofDays(30)),
                        new GatewaySettings.RecordFile(
                                Optional.of(folder.resolve("logs/findings.ndjson")),
                                2_000_000,
                                4,
                                256,
                                Duration.ofDays(60)),
                        new GatewaySettings.RecordFile(
                                Optional.of(folder.resolve("logs/dns.ndjson")), 3_000_000, 5, 512, Duration.ofDays(7)),
                        Duration.ofDays(400)),
                new GatewaySettings.Admin(
                        new Bind(address("127.0.0.1"), 9191),
                        true,
                        folder.resolve("keys/admin"),
                        Optional.empty(),
                        Optional.of(new ListenSettings.Tls(
                                folder.resolve("gw.crt"),
                                folder.resolve("gw.key"),
                                Optional.of(folder.resolve("ca.crt")),
                                ListenSettings.ClientAuth.REQUIRE)),
                        List.of(new GatewaySettings.ClientCertificate(
                                "ops",
                                AdminRole.OPERATOR,
                                Optional.of("CN=ops,O=Acme"),
                                Optional.of("dns:ops.acme.example"))),
                        List.of("admin.acme.example"),
                        77,
                        7),
                new GatewaySettings.RuntimeSettings(Transport.IO_URING, 3, 2),
                new GatewaySettings.Drain(Duration.ofSeconds(5), Duration.ofMinutes(1)));
    }

    /** What the schema has and the text above has not, or has as the default, would be read back untested. */
    @Test
    void theTextAboveHasEveryKey() {
        Setting everything = Yaml.read("everything", EVERYTHING.getBytes(UTF_8), new Problems())
                .orElseThrow();
        List<String> untested = new ArrayList<>();
        untested(SettingsReader.shape().schema(), everything, untested);

        assertThat(untested)
                .as(
                        "managed leaves no files to read, without the API some keys are refused; SettingsReaderTest has both")
                .containsExactly(
                        "collectors[].type: \"pcapdroid\" is all there is",
                        "policy.managed: is the default",
                        "admin.api: is the default");
    }

    private static void untested(JsonNode schema, Setting setting, List<String> untested) {
        schema.path("properties").properties().forEach(property -> {
            JsonNode child = SettingsReader.shape().resolve(property.getValue());
            Optional<Setting> written = setting.find(property.getKey());
            if (written.isEmpty()) {
                untested.add(setting.path() + "." + property.getKey() + ": is missing");
            } else if (child.path("enum").size() == 1) {
                untested.add(written.get().path() + ": " + child.get("enum").get(0) + " is all there is");
            } else if (written.get().value().equals(child.path("default"))) {
                untested.add(written.get().path() + ": is the default");
            } else {
                untested(child, written.get(), untested);
                untested.addAll(ofAll(
                        SettingsReader.shape().resolve(child.path("items")),
                        written.get().items()));
            }
        });
    }

    /** What one item of a list may not have, another has: a key is untested when no item has it. */
    private static Set<String> ofAll(JsonNode schema, List<Setting> items) {
        Set<String> ofAll = new LinkedHashSet<>();
        for (int i = 0; i < items.size(); i++) {
            List<String> ofThis = new ArrayList<>();
            untested(schema, items.get(i), ofThis);
            ofThis.replaceAll(line -> line.replaceFirst("\\[\\d+]", "[]"));
            if (i == 0) {
                ofAll.addAll(ofThis);
            } else {
                ofAll.retainAll(ofThis);
            }
        }
        return ofAll;
    }
}
