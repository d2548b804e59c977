package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.identity.Proof;
import io.postern.gateway.identity.TagKeyMaterial;
import io.postern.gateway.identity.TagVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Profiles against what the clients' own documents say of them. The clients themselves are not to be had here, so these
 * tests hold a profile to the documented names and types of fields, and e2e.ProxyClientsIT replays what the clients send.
 */
class ProfilesTest {

    private static final String CA = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    private static final String PEER_KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

    /** sing-box.sagernet.org/configuration/outbound/{http,socks,urltest}, with the dial fields none of ours. */
    private static final Map<String, Set<String>> SING_BOX_OUTBOUNDS = Map.of(
            "http", Set.of("type", "tag", "server", "server_port", "username", "password", "path", "headers", "tls"),
            "socks",
                    Set.of(
                            "type",
                            "tag",
                            "server",
                            "server_port",
                            "version",
                            "username",
                            "password",
                            "network",
                            "udp_over_tcp"),
            "urltest",
                    Set.of(
                            "type",
                            "tag",
                            "outbounds",
                            "url",
                            "interval",
                            "tolerance",
                            "idle_timeout",
                            "interrupt_exist_connections"));

    /** wiki.metacubex.one/en/config/proxies/{http,socks,tls}. */
    private static final Set<String> MIHOMO_PROXY = Set.of(
            "name",
            "type",
            "server",
            "port",
            "username",
            "password",
            "tls",
            "sni",
            "fingerprint",
            "skip-cert-verify",
            "headers",
            "udp",
            "ip-version");

    @TempDir
    Path folder;

    private final TestingTerminal terminal = new TestingTerminal();

    @BeforeEach
    void writeCertificates() throws IOException {
        Files.writeString(folder.resolve("ca.pem"), CA);
    }

    @Test
    void everySingBoxAppHasAnOutboundPerGatewayAndAGroup() throws IOException {
        JsonNode profile = JsonMapper.shared().readTree(two("sing-box", "com.acme.mail"));

        assertThat(profile.propertyNames()).containsExactly("dns", "inbounds", "outbounds", "route");
        List<String> tags = profile.path("outbounds").findValuesAsString("tag");
        assertThat(tags)
                .containsExactly(
                        "app-com.acme.mail",
                        "app-com.acme.mail/1",
                        "app-com.acme.mail/2",
                        "unattributed",
                        "unattributed/1",
                        "unattributed/2");
        for (JsonNode outbound : profile.path("outbounds")) {
            assertThat(SING_BOX_OUTBOUNDS.get(outbound.path("type").asString())).containsAll(outbound.propertyNames());
            outbound.path("outbounds").forEach(member -> assertThat(tags).contains(member.asString()));
        }
        assertThat(profile.at("/outbounds/0")).isEqualTo(JsonMapper.shared().readTree("""
                {"type": "urltest", "tag": "app-com.acme.mail",
                 "outbounds": ["app-com.acme.mail/1", "app-com.acme.mail/2"],
                 "url": "http://connectivitycheck.gstatic.com/generate_204", "interval": "5m", "idle_timeout": "30m"}
                """));
        assertThat(profile.at("/outbounds/2/server").asString()).isEqualTo("gw2.acme.example");
        assertThat(profile.at("/outbounds/2/tls/server_name").asString()).isEqualTo("gw2.acme.example");
        Stream.of("/outbounds/1", "/outbounds/2").forEach(at -> expectTag(profile.at(at), "com.acme.mail"));
        Stream.of("/outbounds/4", "/outbounds/5").forEach(at -> expectTag(profile.at(at), "-"));
        assertThat(tags).contains(profile.at("/route/final").asString());
        assertThat(profile.at("/dns/servers").findValuesAsString("tag"))
                .contains(
                        profile.at("/route/default_domain_resolver").asString(),
                        profile.at("/dns/final").asString());
    }

    @Test
    void theDeviceItselfLetsEveryAppIntoTheTunnel() throws IOException {
        JsonNode profile =
                JsonMapper.shared().readTree(printed("sing-box", "--app", "a.b", "-", "--gateway", "gw.example:8443"));

        assertThat(profile.at("/inbounds/0").has("include_package")).isFalse();
        assertThat(profile.path("outbounds").findValuesAsString("tag")).containsExactly("app-a.b", "unattributed");
    }

    @Test
    void mihomoFallsBackInTheOrderOfGateways() throws IOException {
        JsonNode profile = YAMLMapper.shared().readTree(two("mihomo", "com.acme.mail"));

        assertThat(profile.propertyNames()).containsExactly("mode", "tls", "proxies", "proxy-groups", "rules");
        profile.path("proxies").forEach(proxy -> assertThat(MIHOMO_PROXY).containsAll(proxy.propertyNames()));
        assertThat(profile.at("/tls/custom-certifactes/0").asString()).isEqualTo(CA);
        assertThat(profile.at("/proxy-groups/0")).isEqualTo(JsonMapper.shared().readTree("""
                {"name": "app-com.acme.mail", "type": "fallback",
                 "proxies": ["app-com.acme.mail/1", "app-com.acme.mail/2"],
                 "url": "http://connectivitycheck.gstatic.com/generate_204", "interval": 300}
                """));
        JsonNode first = profile.at("/proxies/0");
        assertThat(first.path("type").asString() + first.path("server").asString())
                .isEqualTo("httpgw1.acme.example");
        assertThat(first.path("port").asInt()).isEqualTo(8443);
        assertThat(first.path("tls").asBoolean()).isTrue();
        expectTag(first, "com.acme.mail");
        assertThat(profile.path("rules").valueStream().map(JsonNode::asString))
                .containsExactly(
                        "NETWORK,udp,REJECT", "PROCESS-NAME,com.acme.mail,app-com.acme.mail", "MATCH,unattributed");
    }

    @Test
    void mihomoSpeaksSocksOverTlsAndTheOthersDoNot() throws IOException {
        JsonNode profile = YAMLMapper.shared()
                .readTree(printed("mihomo", "--app", "a.b", "--gateway", "socks5+tls://gw.example:1080"));

        assertThat(profile.at("/proxies/0/type").asString()).isEqualTo("socks5");
        assertThat(profile.at("/proxies/0/tls").asBoolean()).isTrue();
        assertThat(profile.has("proxy-groups")).isFalse();
        assertThat(enroll("sing-box", "--app", "a.b", "--gateway", "socks5+tls://gw.example:1080"))
                .isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("--gateway: sing-box speaks no SOCKS over TLS\n");
    }

    @Test
    void wireGuardHasAFreshKeyWhosePublicHalfIsTheGateways() throws IOException {
        String profile = printed(
                "wireguard",
                "--app",
                "com.acme.mail",
                "--gateway",
                "[2001:db8::1]:51820",
                "--address",
                "10.66.0.7",
                "--peer-key",
                PEER_KEY,
                "--dns",
                "10.66.0.1");

        String privateKey = value(profile, "PrivateKey = ");
        byte[] expected = new byte[X25519.POINT_SIZE];
        X25519.scalarMultBase(Base64.getDecoder().decode(privateKey), 0, expected, 0);
        assertThat(profile).isEqualTo("""
                # dev1, profile work. Holds a private key.
                [Interface]
                PrivateKey = %s
                Address = 10.66.0.7/32
                DNS = 10.66.0.1
                IncludedApplications = com.acme.mail

                [Peer]
                PublicKey = %s
                Endpoint = [2001:db8::1]:51820
                AllowedIPs = 0.0.0.0/0, ::/0
                PersistentKeepalive = 25

                # The gateway's side:
                # [Peer]
                # PublicKey = %s
                # AllowedIPs = 10.66.0.7/32
                # In identity.addresses-file:
                # 10.66.0.7,dev1,work,com.acme.mail,tunnel-key
                """.formatted(
                        privateKey, PEER_KEY, Base64.getEncoder().encodeToString(expected)));
    }

    @Test
    void aWireGuardProfileOfTheWholeDeviceIsWgQuicksOwn() throws IOException {
        assertThat(printed(
                        "wireguard",
                        "--app",
                        "-",
                        "--gateway",
                        "vpn.example:51820",
                        "--address",
                        "10.66.0.7",
                        "fd00::7",
                        "--peer-key",
                        PEER_KEY))
                .contains(
                        "\nAddress = 10.66.0.7/32, fd00::7/128\n",
                        "\n# AllowedIPs = 10.66.0.7/32, fd00::7/128\n",
                        "\n# 10.66.0.7,dev1,work,-,tunnel-key\n# fd00::7,dev1,work,-,tunnel-key\n")
                .doesNotContain("IncludedApplications");
    }

    @Test
    void wireGuardTellsWhatIsMissing() throws IOException {
        assertThat(enroll("wireguard", "--app", "a.b", "--gateway", "https://a.example:1", "b.example:2"))
                .isEqualTo(2);
        assertThat(terminal.err().lines())
                .containsExactly("--address: is missing, must be the device's inside the tunnel");
        assertThat(enroll(
                        "wireguard",
                        "--app",
                        "a.b",
                        "--address",
                        "10.0.0.1",
                        "--gateway",
                        "https://a.example:1",
                        "b.example:2"))
                .isEqualTo(2);
        assertThat(terminal.err().lines().skip(1))
                .containsExactly(
                        "--gateway: of a VPN has no scheme, must be HOST:PORT",
                        "--gateway: there are 2, wireguard has room for one",
                        "--peer-key: is missing, must be the public key of the gateway's side as wg prints it");
    }

    @Test
    void strongSwanHasAManagedProfilePerGateway() throws IOException {
        JsonNode policy = managed("strongswan", "com.acme.mail", "com.acme.chat");

        assertThat(policy.at("/applications/0/packageName").asString()).isEqualTo("org.strongswan.android");
        assertThat(policy.at("/alwaysOnVpnPackage"))
                .isEqualTo(JsonMapper.shared().readTree("""
                {"packageName": "org.strongswan.android", "lockdownEnabled": true}
                """));
        assertThat(policy.path("vpnConfigDisabled").asBoolean()).isTrue();
        JsonNode configuration = policy.at("/applications/0/managedConfiguration");
        // github.com/strongswan/strongswan src/frontends/android/app/src/main/res/xml/managed_configuration.xml
        expectKeys(
                configuration,
                "allow_profile_create allow_profile_import allow_existing_profiles allow_settings_access pref_default_vpn_profile managed_profiles");
        JsonNode first = configuration.at("/managed_profiles/0");
        expectKeys(first, "_uuid name vpn_type remote local included_apps");
        expectKeys(first.path("remote"), "gateway port certificate remote_revocation_ocsp remote_revocation_crl");
        expectKeys(first.path("local"), "local_id user_certificate_alias");
        assertThat(configuration.path("managed_profiles").findValuesAsString("gateway"))
                .containsExactly("vpn1.acme.example", "vpn2.acme.example");
        assertThat(first.path("included_apps").asString()).isEqualTo("com.acme.mail com.acme.chat");
        assertThat(configuration.path("pref_default_vpn_profile").asString())
                .isEqualTo(first.path("_uuid").asString());
        assertThat(decoded(first.at("/remote/certificate"))).isEqualTo(CA);
    }

    @Test
    void openVpnChangesOverBetweenGateways() throws IOException {
        JsonNode configuration = managed("openvpn", "com.acme.mail").at("/applications/0/managedConfiguration");

        // github.com/schwabe/ics-openvpn main/src/main/res/xml/app_restrictions.xml
        expectKeys(configuration, "version defaultprofile vpn_configuration_list");
        JsonNode vpn = configuration.at("/vpn_configuration_list/0");
        expectKeys(vpn, "uuid name ovpn certificate_alias allowed_apps");
        assertThat(decoded(vpn.path("ovpn")))
                .contains("\nremote vpn1.acme.example 500\nremote vpn2.acme.example 500\n", "<ca>\n" + CA + "</ca>\n");
        assertThat(vpn.path("allowed_apps").asString()).isEqualTo("com.acme.mail");
    }

    @Test
    void otherClientsAreSetUpAsFarAsTheyDocumentIt() throws IOException {
        JsonNode cisco = JsonMapper.shared()
                .readTree(printed(
                        "managed-configuration",
                        "--app",
                        "a.b",
                        "--gateway",
                        "vpn.example:443",
                        "--client",
                        "anyconnect"));
        expectKeys(
                cisco.at("/applications/0/managedConfiguration"),
                "vpn_connection_name vpn_connection_host vpn_connection_device_id vpn_connection_allowed_apps");
        expectKeys(managed("wireguard", "a.b").at("/applications/0/managedConfiguration"), "disable_config_export");
        JsonNode singBox = managed("sing-box", "a.b");
        assertThat(singBox.at("/applications/0").has("managedConfiguration")).isFalse();
        assertThat(singBox.at("/alwaysOnVpnPackage/packageName").asString()).isEqualTo("io.nekohasekai.sfa");
    }

    /** What is set up by a management service travels through it in the clear. */
    @Test
    void aManagedConfigurationHoldsNoTag() throws IOException {
        assertThat(managed("strongswan", "com.acme.mail").toString()).doesNotContain("pst1", "~");
    }

    private JsonNode managed(String client, String... apps) throws IOException {
        Stream<String> options = Stream.concat(
                Stream.concat(Stream.of("--app"), Stream.of(apps)),
                Stream.of(
                        "--gateway",
                        "vpn1.acme.example:500",
                        "vpn2.acme.example:500",
                        "--client",
                        client,
                        "--ca",
                        folder.resolve("ca.pem").toString()));
        return JsonMapper.shared().readTree(printed("managed-configuration", options.toArray(String[]::new)));
    }

    private String two(String format, String app) throws IOException {
        return printed(
                format,
                "--app",
                app,
                "--gateway",
                "gw1.acme.example:8443",
                "https://gw2.acme.example:9443",
                "--ca",
                folder.resolve("ca.pem").toString());
    }

    private String printed(String format, String... options) throws IOException {
        int before = terminal.out().length();
        assertThat(enroll(format, options)).as(terminal.err()).isZero();
        return terminal.out().substring(before);
    }

    private int enroll(String format, String... options) throws IOException {
        Stream<String> all = Stream.concat(Stream.of("--device", "dev1", "--format", format), Stream.of(options));
        return new TestingEnrolment(folder).run(terminal, "enroll", all.toArray(String[]::new));
    }

    private static void expectKeys(JsonNode node, String keys) {
        Collection<String> names = node.propertyNames();
        assertThat(names).containsExactly(keys.split(" "));
    }

    private static void expectTag(JsonNode where, String app) {
        CompactTag tag = new CompactTag(
                where.path("username").asString(), where.path("password").asString());
        TagKeyMaterial key = new TagKeyMaterial("k1", TestingEnrolment.SECRET.getBytes(StandardCharsets.US_ASCII));
        assertThat(new TagVerifier("acme", List.of(key)).verify(tag))
                .isInstanceOfSatisfying(Proof.Authentic.class, proof -> {
                    assertThat(proof.device()).isEqualTo("dev1");
                    assertThat(proof.app()).isEqualTo(app);
                });
    }

    private static String value(String profile, String key) {
        return profile.lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst()
                .orElseThrow();
    }

    private static String decoded(JsonNode text) {
        return new String(Base64.getDecoder().decode(text.asString()), StandardCharsets.UTF_8);
    }
}
