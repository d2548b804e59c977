package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EnrollTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final long IN_30_DAYS =
            TestingTerminal.NOW.plus(Duration.ofDays(30)).getEpochSecond();

    @TempDir
    Path folder;

    private final TestingTerminal terminal = new TestingTerminal();
    private String config = "";

    @BeforeEach
    void writeSettings() throws IOException {
        secret("k1", SECRET + "\n");
        secret("gw.key", "key");
        Files.writeString(folder.resolve("gw.crt"), "certificate");
        config = Files.writeString(folder.resolve("postern.yaml"), """
                        listeners:
                          - {name: apps, type: http-connect, bind: "127.0.0.1:8080"}
                          - name: tls
                            type: http-connect
                            bind: "0.0.0.0:8443"
                            tls: {certificate: gw.crt, key: gw.key}
                          - {name: socks, type: socks5, bind: "127.0.0.1:1081", udp: true}
                        identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                        """).toString();
    }

    @Test
    void printsWhereNamesAreAskedByHttps() throws IOException, GeneralSecurityException {
        Files.writeString(folder.resolve("postern.yaml"), """
                listeners:
                  - {name: names, type: dns, bind: "127.0.0.1:8053", doh-path: /ask, tls: {certificate: gw.crt, key: gw.key}}
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                """);
        assertThat(enroll("--app", "-", "--gateway", "gw.acme.example:8053", "--format", "doh"))
                .isZero();
        assertThat(terminal.out()).isEqualTo("""
                # pst1.acme.dev1.work, app -, until 2026-12-21T00:00:00Z. Holds a credential.
                https://gw.acme.example:8053/ask/pst1.acme.dev1.work/%s
                """.formatted(password("-")));
        assertThat(enroll("--app", "-", "--gateway", "http://gw.acme.example:80", "--format", "doh"))
                .isEqualTo(2);
        assertThat(terminal.err()).contains("--gateway: names are asked by HTTPS");
    }

    @Test
    void printsAFileForCurl() throws GeneralSecurityException {
        assertThat(enroll("--app", "com.acme.mail", "--gateway", "gw.acme.example:8080", "--format", "curl"))
                .isZero();
        assertThat(terminal.out()).isEqualTo("""
                        # pst1.acme.dev1.work, app com.acme.mail, until 2026-12-21T00:00:00Z. Holds a credential.
                        proxy = "http://gw.acme.example:8080"
                        proxy-user = "pst1.acme.dev1.work:%s"
                        """.formatted(password("com.acme.mail")));
    }

    @Test
    void givesEverySingBoxAppItsOwnTag() throws IOException, GeneralSecurityException {
        Path ca = Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\nAA==\n");

        assertThat(enroll(
                        "--app",
                        "com.acme.mail",
                        "com.acme.chat",
                        "--gateway",
                        "gw.acme.example:8443",
                        "--format",
                        "sing-box",
                        "--ca",
                        ca.toString()))
                .isZero();

        JsonNode profile = JsonMapper.shared().readTree(terminal.out());
        assertThat(profile.path("outbounds").findValuesAsString("tag"))
                .containsExactly("app-com.acme.mail", "app-com.acme.chat", "unattributed");
        assertThat(profile.path("outbounds").findValuesAsString("password"))
                .containsExactly(password("com.acme.mail"), password("com.acme.chat"), password("-"));
        assertThat(profile.at("/outbounds/0"))
                .isEqualTo(JsonMapper.shared().readTree("""
                                {"type": "http", "tag": "app-com.acme.mail",
                                 "server": "gw.acme.example", "server_port": 8443,
                                 "username": "pst1.acme.dev1.work", "password": "%s",
                                 "tls": {"enabled": true, "server_name": "gw.acme.example",
                                         "certificate": ["-----BEGIN CERTIFICATE-----", "AA=="]}}
                                """.formatted(password("com.acme.mail"))));
        assertThat(profile.path("inbounds")).isEqualTo(JsonMapper.shared().readTree("""
                                [{"type": "tun", "tag": "tunnel",
                                  "address": ["172.18.0.1/30", "fdfe:dcba:9876::1/126"],
                                  "auto_route": true, "strict_route": true,
                                  "include_package": ["com.acme.mail", "com.acme.chat"]}]
                                """));
        // No app's name reaches the resolver below the tunnel, which is there for the gateway's own.
        assertThat(profile.at("/dns/rules")).isEqualTo(JsonMapper.shared().readTree("""
                                [{"query_type": ["A", "AAAA"], "server": "names"},
                                 {"query_type": ["A", "AAAA"], "invert": true, "action": "reject", "no_drop": true}]
                                """));
        assertThat(profile.path("route")).isEqualTo(JsonMapper.shared().readTree("""
                                {"rules": [
                                   {"port": 53, "action": "hijack-dns"},
                                   {"network": "udp", "action": "reject"},
                                   {"action": "sniff"},
                                   {"package_name": ["com.acme.mail"], "action": "route", "outbound": "app-com.acme.mail"},
                                   {"package_name": ["com.acme.chat"], "action": "route", "outbound": "app-com.acme.chat"}],
                                 "final": "unattributed", "auto_detect_interface": true,
                                 "default_domain_resolver": "system"}
                                """));
    }

    @Test
    void aSchemeDecidesAboutTls() {
        enroll("--app", "a", "--gateway", "https://[2001:db8::1]:8080", "--format", "curl");
        enroll("--app", "a", "--gateway", "http://192.0.2.1:8443", "--format", "curl");
        enroll("--app", "a", "--gateway", "192.0.2.1:8443", "--format", "curl");

        assertThat(terminal.out().lines().filter(line -> line.startsWith("proxy =")))
                .containsExactly(
                        "proxy = \"https://[2001:db8::1]:8080\"",
                        "proxy = \"http://192.0.2.1:8443\"",
                        "proxy = \"https://192.0.2.1:8443\"");
    }

    @Test
    void socksIsAWayInLikeOthers() {
        assertThat(enroll("--app", "a", "--gateway", "socks5://192.0.2.1:1080", "--format", "curl"))
                .isZero();
        assertThat(terminal.out()).contains("\nproxy = \"socks5h://192.0.2.1:1080\"\n");
    }

    @Test
    void singBoxSpeaksSocksWithoutTls() throws IOException, GeneralSecurityException {
        assertThat(enroll("--app", "a", "--gateway", "socks5://192.0.2.1:1080", "--format", "sing-box"))
                .isZero();
        assertThat(JsonMapper.shared().readTree(terminal.out()).at("/outbounds/0"))
                .isEqualTo(JsonMapper.shared().readTree("""
                                {"type": "socks", "tag": "app-a", "server": "192.0.2.1", "server_port": 1080,
                                 "username": "pst1.acme.dev1.work", "password": "%s", "version": "5", "network": "tcp"}
                                """.formatted(password("a"))));
    }

    @Test
    void datagramsGoWhereTheListenerCarriesThem() throws IOException {
        assertThat(enroll("--app", "a", "--gateway", "192.0.2.1:1081", "--format", "sing-box"))
                .isZero();
        JsonNode profile = JsonMapper.shared().readTree(terminal.out());
        assertThat(profile.at("/outbounds/0/type").asString()).isEqualTo("socks");
        assertThat(profile.at("/outbounds/0").has("network")).isFalse();
        assertThat(profile.at("/route/rules").findValuesAsString("network")).isEmpty();
    }

    @Test
    void datagramsGoNowhereIfOneGatewayCarriesNone() throws IOException {
        assertThat(enroll("--app", "a", "--gateway", "192.0.2.1:1081", "192.0.2.1:8080", "--format", "sing-box"))
                .isZero();
        assertThat(JsonMapper.shared()
                        .readTree(terminal.out())
                        .at("/route/rules")
                        .findValuesAsString("network"))
                .containsExactly("udp");
    }

    @Test
    void takesTheLastPartOfAnAmapiName() {
        assertThat(terminal.run(
                        "enroll",
                        "--config",
                        config,
                        "--device",
                        "enterprises/LC01/devices/3a1f",
                        "--app",
                        "-",
                        "--gateway",
                        "h.example:1",
                        "--format",
                        "curl"))
                .isZero();
        assertThat(terminal.out()).contains("pst1.acme.3a1f.work");
    }

    @Test
    void tellsEveryFaultAtOnce() {
        assertThat(terminal.run(
                        "enroll",
                        "--config",
                        config,
                        "--device",
                        "a.b",
                        "--profile",
                        "my profile",
                        "--app",
                        "com..mail",
                        "--gateway",
                        "gw",
                        "--ttl",
                        "5",
                        "--format",
                        "openconnect",
                        "--client",
                        "vpn",
                        "--ca",
                        "absent.pem"))
                .isEqualTo(2);
        assertThat(terminal.err().lines())
                .containsExactly(
                        "--format: 'openconnect' is none, must be sing-box, mihomo, curl, doh, wireguard or managed-configuration",
                        "--device: 'a.b' is not a device id, must be 1–64 of A-Z a-z 0-9 _ - and not - alone",
                        "--profile: 'my profile' is not a profile, must be 1–16 of A-Z a-z 0-9 -",
                        "--app: 'com..mail' is not a package, must be such as com.acme.mail or -",
                        "--ttl: '5' is not a duration, must be such as 12h or 30d",
                        "--gateway: 'gw' is not HOST:PORT, with https://, http://, socks5:// or socks5+tls:// before it or not",
                        "--client: 'vpn' is none, must be strongswan, openvpn, anyconnect, wireguard or sing-box",
                        "--ca: absent.pem cannot be read");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void nobodyIsNoDevice() {
        assertThat(terminal.run(
                        "enroll",
                        "--config",
                        config,
                        "--device",
                        "-",
                        "--app",
                        "a",
                        "--gateway",
                        "gw:1",
                        "--format",
                        "curl"))
                .isEqualTo(2);
        assertThat(terminal.err()).startsWith("--device: '-' is not a device id");
    }

    private int enroll(String... options) {
        String[] all = new String[options.length + 5];
        all[0] = "enroll";
        all[1] = "--config";
        all[2] = config;
        all[3] = "--device";
        all[4] = "dev1";
        System.arraycopy(options, 0, all, 5, options.length);
        return terminal.run(all);
    }

    /** The password as the format describes it, made without the product's code. */
    private static String password(String app) throws GeneralSecurityException {
        String claims = app + "~" + IN_30_DAYS + "~k1";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        byte[] signature = mac.doFinal(
                ("pst1.acme.dev1.work|" + app + "|" + IN_30_DAYS + "|k1").getBytes(StandardCharsets.US_ASCII));
        return claims + "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private void secret(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
