package io.postern.gateway.real;

import static io.postern.gateway.real.Networks.Place.DEVICE;
import static io.postern.gateway.real.Networks.Place.GATEWAY;
import static io.postern.gateway.real.WireGuardTunnel.APP;
import static io.postern.gateway.real.WireGuardTunnel.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A device on WireGuard, set up as docs/ways-in.md and docs/enrolment.md say it: a profile and its peer of
 * {@code enroll}, wg-quick(8) at both ends with wireguard-go, {@code network up} before the tunnel. What is asked here is
 * whether the device gets what it wants, whose its flows are, and that nothing passes the gateway.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireGuardIT {

    private static final String SERVER = "198.18.7.2";
    private static final String FORBIDDEN = "198.18.7.3";
    private static final String BY_TCP_ONLY = "198.18.7.4";
    private static final String SERVER6 = "[2001:db8:7::2]";

    /** Curl says 56 when it was reset, and 7 or 35 when that happened before it had noticed that it was connected. */
    private static final Pattern RESET = Pattern.compile("7|35|56");

    private Path dir = Path.of("");
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private WireGuardTunnel tunnel;

    @BeforeAll
    void connect(@TempDir Path folder) throws IOException {
        dir = folder;
        tunnel = new WireGuardTunnel(dir, opened);
    }

    @AfterAll
    void end() throws Exception {
        try {
            tunnel.gateway.stop();
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
    }

    @Test
    void httpAndHttpsAreTheDevices() {
        assertThat(curl("http://" + SERVER + "/")).isEqualTo("198.18.7.1");
        assertThat(curl("https://" + NAME + "/tls")).isEqualTo("198.18.7.1");
        expectOwner(record(SERVER, 80), "10.66.0.7", "http");
        JsonNode tls =
                tunnel.gateway.record(each -> each.at("/tls/sni").asString("").equals(NAME)
                        && each.at("/app_name").asString().equals("tls"));
        expectOwner(tls, "10.66.0.7", "tls");
        assertThat(tls.at("/dst_endpoint/ip").asString()).isEqualTo(SERVER);
    }

    @Test
    void ipv6IsTheDevicesToo() {
        assertThat(curl("http://" + SERVER6 + "/")).isEqualTo("2001:db8:7::1");
        expectOwner(record("2001:db8:7::2", 80), "fd66::7", "http");
    }

    @Test
    void aPageAndItsWebSocketLoadInABrowser() {
        Program.Ended ended = tunnel.networks
                .program(DEVICE, "chromium", "chromium")
                .with("HOME", dir.toString())
                .run(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
                        "--host-resolver-rules=MAP *.acme.test " + SERVER,
                        "--user-data-dir=" + dir.resolve("browser"),
                        "--dump-dom",
                        "http://" + NAME + "/page");
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("<p id=\"echo\">Grüße through the gateway</p>")
                .contains("<p id=\"posted\">"
                        + WebOrigin.sha256("x".repeat(200_000).getBytes(StandardCharsets.US_ASCII)));
        expectOwner(record(SERVER, 8080), "10.66.0.7", "websocket");
    }

    @Test
    void whatPolicyForbidsIsReset() {
        assertThat(refusal("http://" + FORBIDDEN + "/")).matches(RESET);
        assertThat(refusal("https://forbidden.acme.test/")).matches(RESET);
        assertThat(rule(record(FORBIDDEN, 80))).isEqualTo("no-address");
        assertThat(tunnel.gateway
                        .record(line -> rule(line).equals("no-name"))
                        .at("/tls/sni")
                        .asString())
                .isEqualTo("forbidden.acme.test");
    }

    @Test
    void namesAreAskedForByDatagrams() {
        Program dig = tunnel.networks.program(DEVICE, "dig", "bind9-dnsutils");
        for (String server : new String[] {SERVER, "2001:db8:7::2"}) {
            Program.Ended asked = dig.run("+short", "+time=5", "@" + server, NAME);
            assertThat(asked.out().strip()).as(asked.err()).isEqualTo(SERVER);
        }
        expectOwner(record(SERVER, 53), "10.66.0.7", "dns");
        expectOwner(record("2001:db8:7::2", 53), "fd66::7", "dns");
    }

    /** Beyond the tunnel's 1280 they are fragments in it. */
    @Test
    void datagramsOfAnySizeComeBackFromWhereTheyWereSentTo() {
        for (String server : new String[] {SERVER, "2001:db8:7::2"}) {
            for (int size : new int[] {1, 1200, 5000, 30_000}) {
                assertThat(ask(server, 7000, size)).isEqualTo(size + " from " + server + " 7000");
            }
        }
        expectOwner(record(SERVER, 7000), "10.66.0.7", "unknown");
    }

    /** An ICMP error ends the session it belongs to and no other. */
    @Test
    void aPortThatNobodyHasIsToldInTheRecord() {
        assertThat(ask(SERVER, 7001, 100)).isEqualTo("nothing");
        assertThat(record(SERVER, 7001).at("/unmapped/postern/close_reason").asString())
                .isEqualTo("upstream-failed");
        assertThat(ask(SERVER, 7000, 100)).startsWith("100 ");
    }

    @Test
    void quicIsCarried() throws IOException {
        assertThat(fetchByQuic(SERVER, "20s")).as(tunnel.quic.story("server")).isEqualTo(200_000);
        JsonNode line =
                tunnel.gateway.record(each -> each.at("/app_name").asString().equals("quic")
                        && each.at("/traffic/bytes_in").asInt() > 200_000);
        expectOwner(line, "10.66.0.7", "quic");
    }

    @Test
    void quicThatPolicyForbidsFallsBackToTcp() throws IOException {
        assertThat(fetchByQuic(BY_TCP_ONLY, "2s")).isZero();
        assertThat(curl("http://" + BY_TCP_ONLY + "/")).isEqualTo("198.18.7.1");
        JsonNode line = tunnel.gateway.record(each -> rule(each).equals("no-quic"));
        assertThat(line.at("/disposition_id").asInt()).isEqualTo(6);
        assertThat(line.at("/traffic/bytes_out").asInt()).isZero();
    }

    /** @return bytes of a page of 200,000 that came */
    private long fetchByQuic(String server, String patience) throws IOException {
        Path into = Files.createTempDirectory(dir, "fetched");
        tunnel.networks
                .program(DEVICE, "gtlsclient", "ngtcp2-client")
                .run(
                        "-q",
                        "--exit-on-all-streams-close",
                        "--handshake-timeout=" + patience,
                        "--timeout=10s",
                        "--download=" + into,
                        "--sni=" + NAME,
                        server,
                        "443",
                        "https://" + NAME + "/big");
        Path fetched = into.resolve("big");
        return Files.exists(fetched) ? Files.size(fetched) : 0;
    }

    private String ask(String server, int port, int size) {
        return tunnel.networks.run(DEVICE, "python3 datagrams.py ask " + server + " " + port + " " + size);
    }

    /** The device's own interface has 1280, the server's 1500, and nobody tells the server. */
    @Test
    void transfersFitTheTunnel() throws IOException {
        assertThat(tunnel.networks.run(DEVICE, "cat /sys/class/net/wg1/mtu")).isEqualTo("1280");
        expectTransfers(2_000_000);
    }

    @Test
    void transfersSurviveFragments() throws IOException {
        tunnel.networks.run(GATEWAY, "ip link set home0 mtu 1000");
        tunnel.networks.run(DEVICE, "ip link set home0 mtu 1000");
        try {
            expectTransfers(300_000);
            assertThat(tunnel.networks.run(GATEWAY, "nstat -as IpReasmOKs | awk '/IpReasmOKs/ {print $2}'"))
                    .isNotEqualTo("0");
        } finally {
            tunnel.networks.run(GATEWAY, "ip link set home0 mtu 1500");
            tunnel.networks.run(DEVICE, "ip link set home0 mtu 1500");
        }
    }

    @Test
    void transfersSurviveLoss() throws IOException {
        String loss = """
                nft -f - <<'RULES'
                table inet loss {
                  chain in {
                    type filter hook input priority filter; policy accept;
                    iifname "home0" meta l4proto udp numgen random mod 100 < 3 counter drop
                  }
                }
                RULES""";
        tunnel.networks.run(GATEWAY, loss);
        tunnel.networks.run(DEVICE, loss);
        try {
            expectTransfers(300_000);
            assertThat(tunnel.networks.run(GATEWAY, "nft list chain inet loss in"))
                    .doesNotContain("packets 0 ");
        } finally {
            tunnel.networks.run(GATEWAY, "nft delete table inet loss");
            tunnel.networks.run(DEVICE, "nft delete table inet loss");
        }
    }

    @Test
    void flowsGoOnWhenTheDeviceRoams() {
        try (RunningProgram slow = tunnel.networks
                .program(DEVICE, "curl", "curl")
                .start("-sSN", "-m", "40", "http://" + SERVER + "/slow?20")) {
            slow.awaitOutput(Pattern.compile(" 2\n"));
            assertThat(endpoint()).startsWith("192.0.2.2:");
            tunnel.networks.run(DEVICE, "ip link set home0 down; ip route add 192.0.2.1 via 192.0.3.1");
            // Who only listens is found at its new address when it has sent something: this, or a keepalive.
            assertThat(curl("http://" + SERVER + "/")).isEqualTo("198.18.7.1");
            assertThat(slow.awaitExit()).as(slow.story("exit")).isZero();
            assertThat(slow.out()).endsWith(" 19\n");
            assertThat(endpoint()).startsWith("192.0.3.2:");
        } finally {
            tunnel.networks.run(DEVICE, "ip route delete 192.0.2.1 via 192.0.3.1; ip link set home0 up");
        }
    }

    @Test
    void theGatewayMayBeRestartedAndNothingPassesMeanwhile() throws IOException {
        tunnel.gateway.stop();
        assertThat(exit("-m 2 http://" + SERVER + "/")).isEqualTo("28");
        assertThat(exit("-m 2 'http://" + SERVER6 + "/'")).isEqualTo("28");
        assertThat(tunnel.networks.echoes(DEVICE, SERVER)).isFalse();
        assertThat(ask(SERVER, 7000, 100)).isEqualTo("nothing");
        assertThat(tunnel.networks.seenPast()).isZero();

        // Who asks while it is down is served when it is there again.
        try (RunningProgram patient =
                tunnel.networks.program(DEVICE, "curl", "curl").start("-sS", "-m", "20", "http://" + SERVER + "/")) {
            tunnel.gateway = ServedGateway.again(tunnel.networks, dir);
            assertThat(patient.awaitExit()).as(patient.story("exit")).isZero();
            assertThat(patient.out()).isEqualTo("198.18.7.1");
        }
        assertThat(tunnel.networks.seenPast()).isZero();
    }

    /** WireGuard takes from a peer what is its own; the gateway only whom it knows. */
    @Test
    void anAddressThatIsNotTheDevicesGetsNowhere() throws IOException {
        tunnel.networks.run(DEVICE, "ip address add 10.66.0.8/32 dev wg1");
        String led = "nft list chain inet postern prerouting | grep 'tproxy ip to' | sed 's/.*packets //'";
        String before = tunnel.networks.run(GATEWAY, led);
        assertThat(exit("-m 2 --interface 10.66.0.8 http://" + SERVER + "/")).isEqualTo("28");
        assertThat(tunnel.networks.run(GATEWAY, led)).isEqualTo(before);

        assertThat(exit("--interface 10.66.9.1 http://" + SERVER + "/")).matches(RESET);
        assertThat(tunnel.networks.run(GATEWAY, "curl -s http://127.0.0.1:" + tunnel.gateway.adminPort() + "/metrics"))
                .containsPattern("postern_client_errors_total\\{[^}]*ingress=\"transparent\"[^}]*\\} [1-9]");
    }

    private void expectTransfers(int length) throws IOException {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        Path file = Files.write(dir.resolve("body"), body);
        for (String server : new String[] {SERVER, SERVER6}) {
            assertThat(curl("--data-binary @" + file + " http://" + server + "/digest"))
                    .isEqualTo(WebOrigin.sha256(body));
            assertThat(curl("-o /dev/null -w '%{size_download}' http://" + server + "/big?" + length))
                    .isEqualTo(Integer.toString(length));
        }
    }

    private String curl(String what) {
        return tunnel.networks.run(DEVICE, command("-S -m 30 " + what));
    }

    private String refusal(String url) {
        return exit("-m 10 " + url);
    }

    private String exit(String what) {
        return Integer.toString(tunnel.networks.tried(DEVICE, command(what)).exit());
    }

    private String command(String what) {
        return "curl -s -g --cacert " + tunnel.certificate.certificate() + " --resolve " + NAME + ":443:" + SERVER
                + " --resolve forbidden.acme.test:443:" + SERVER + " " + what;
    }

    private String endpoint() {
        return tunnel.networks.run(GATEWAY, "wg show wg0 endpoints | cut -f 2");
    }

    private JsonNode record(String address, int port) {
        return tunnel.gateway.record(
                line -> line.at("/dst_endpoint/ip").asString("").equals(address)
                        && line.at("/dst_endpoint/port").asInt() == port);
    }

    private static String rule(JsonNode line) {
        return line.at("/firewall_rule/name").asString("");
    }

    private static void expectOwner(JsonNode line, String address, String protocol) {
        assertThat(line.at("/app_name").asString()).isEqualTo(protocol);
        assertThat(line.at("/src_endpoint/ip").asString()).isEqualTo(address);
        assertThat(line.at("/device/uid").asString()).isEqualTo("LC01");
        assertThat(line.at("/actor/app_uid").asString()).isEqualTo(APP);
        assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tunnel-key");
        assertThat(line.at("/unmapped/postern/app_assurance").asString()).isEqualTo("device-asserted");
    }
}
