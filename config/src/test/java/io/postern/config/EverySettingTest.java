package io.postern.config;

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
import io.postern.config.grammar.Addresses;
import io.postern.config.policy.Policy.Mode;
import io.postern.dns.memory.AnswerLogSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key written out with another value than its default comes back as written: {@link EverySetting}. */
class EverySettingTest {

    private static final AnalyticsSettings.Enforcing ENFORCING = new AnalyticsSettings.Enforcing(
            Verdict.Action.THROTTLE,
            32 << 10,
            0.7,
            Optional.of(new AnalyticsSettings.Waiver("trial", "ciso", LocalDate.of(2027, 3, 31))));

    @TempDir
    Path folder;

    @Test
    void comesBackAsWritten() throws IOException {
        Path file = EverySetting.write(folder);

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

    /** Without TLS, and nobody is trusted. */
    private static ListenSettings plain(
            String name, ListenSettings.Ingress type, int port, boolean udp, List<String> networks, boolean takeDns) {
        return new ListenSettings(
                name,
                type,
                new Bind(address("::1"), port),
                Optional.empty(),
                false,
                List.of(),
                ListenSettings.Tlv.DEFAULTS,
                Optional.empty(),
                udp,
                false,
                networks,
                Optional.empty(),
                takeDns);
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
                        plain("socks", ListenSettings.Ingress.SOCKS5, 1081, true, List.of(), false),
                        plain("tunnel", ListenSettings.Ingress.TRANSPARENT, 15001, true, List.of(), true),
                        plain("names", ListenSettings.Ingress.DNS, 5353, false, List.of("10.5.0.0/16"), false),
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
}
