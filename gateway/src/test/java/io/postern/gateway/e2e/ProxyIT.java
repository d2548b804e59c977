package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingProxy.checked;
import static io.postern.gateway.e2e.TestingProxy.field;
import static io.postern.gateway.e2e.TestingProxy.header;
import static io.postern.gateway.e2e.TestingProxy.listener;
import static io.postern.gateway.e2e.TestingProxy.octets;
import static io.postern.gateway.e2e.TestingProxy.says;
import static io.postern.gateway.e2e.TestingProxy.tag;
import static io.postern.gateway.e2e.TestingProxy.u16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Concentrators and balancers that speak PROXY v2 for their clients, and everybody else who tries. */
@ExtendWith(QuietLog.class)
class ProxyIT {

    private static final String APP = TestingClient.APP;
    private static final String SAYS = says("LC07", APP, "10");
    private static final String QUICK = "limits: {flows: 200, request-timeout: 2s}\n";

    @TempDir
    Path dir;

    private TestingGateway start(String settings) throws IOException {
        return TestingGateway.start(dir, settings, "");
    }

    /** Nobody says anything about the header: what comes back is the destination's. */
    private static void relays(TestingGateway gateway, TestingOrigin origin, String header) throws IOException {
        try (TestingConnection client = TestingClient.to(gateway).send(header + "\0ping");
                TestingConnection server = origin.accept()) {
            assertThat(server.read(5)).isEqualTo("\0ping");
            server.send("pong");
            assertThat(client.read(4)).isEqualTo("pong");
        }
    }

    @Test
    void aConcentratorsWordIsTakenAndMarkedAsSuch() throws Exception {
        try (TestingGateway gateway = start(listener(""));
                TestingOrigin origin = new TestingOrigin()) {
            relays(gateway, origin, header(origin.authority(), SAYS));
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/src_endpoint/ip").asString()).isEqualTo(TestingProxy.SOURCE);
            assertThat(line.at("/src_endpoint/port").asInt()).isEqualTo(TestingProxy.SOURCE_PORT);
            assertThat(line.at("/dst_endpoint/ip").asString()).isEqualTo("127.0.0.1");
            assertThat(line.at("/dst_endpoint/port").asInt()).isEqualTo(origin.port());
            assertThat(line.at("/device/uid").asString()).isEqualTo("LC07");
            assertThat(line.at("/actor/app_uid").asString()).isEqualTo(APP);
            assertThat(line.at("/unmapped/postern/ingress").asString()).isEqualTo("proxy-protocol");
            assertThat(line.at("/unmapped/postern/profile").asString()).isEqualTo("10");
            assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("concentrator");
            assertThat(line.at("/unmapped/postern/app_assurance").asString()).isEqualTo("device-asserted");
            assertThat(line.at("/traffic/bytes_out").asInt()).isEqualTo(5);
            gateway.awaitMetric(
                    "postern_attribution_total{app_assurance=\"device-asserted\",device_assurance=\"concentrator\"}",
                    1);
            gateway.awaitMetric(
                    "postern_flows_total{ingress=\"proxy-protocol\",protocol=\"unknown\",verdict=\"allow\"}", 1);
        }
    }

    @Test
    void overIpv6TheSame() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = start(listener("")
                        + "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'[2001:db8::10]:443': '"
                        + origin.authority() + "'}}\n")) {
            String block = octets("2001:db8::7") + octets("2001:db8::10") + u16(4660) + u16(443) + SAYS;
            relays(gateway, origin, TestingProxy.raw("!!", block));
            assertThat(gateway.record(record -> true).at("/src_endpoint/ip").asString())
                    .isEqualTo("2001:db8::7");
        }
    }

    @Test
    void aHeaderThatComesByteByByteIsRead() throws Exception {
        try (TestingGateway gateway = start(listener(""));
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            for (char some : (checked(origin.authority(), SAYS, true) + "\r\n\r\n\0hello").toCharArray()) {
                client.send(String.valueOf(some));
            }
            try (TestingConnection server = origin.accept()) {
                // As far as the signature goes, and no further.
                assertThat(server.read(10)).isEqualTo("\r\n\r\n\0hello");
            }
        }
    }

    @Test
    void aServerMaySpeakFirst() throws Exception {
        try (TestingGateway gateway = start(listener(""));
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway).send(header(origin.authority(), SAYS));
                TestingConnection server = origin.accept()) {
            server.send("220 mail.acme.example\r\n");
            assertThat(client.read(23)).isEqualTo("220 mail.acme.example\r\n");
        }
    }

    /** The Android user is in the UID; without a package it is the device that speaks. */
    @Test
    void whatIsNotSaidIsUnknown() throws Exception {
        try (TestingGateway gateway = start(listener(""));
                TestingOrigin origin = new TestingOrigin()) {
            relays(gateway, origin, header(origin.authority(), field(0xE1, "LC08") + field(0xE3, "1010123")));
            JsonNode user =
                    gateway.record(record -> record.at("/device/uid").asString().equals("LC08"));
            assertThat(user.at("/unmapped/postern/profile").asString()).isEqualTo("10");
            assertThat(user.at("/actor/app_uid").asString()).isEqualTo("-");
            assertThat(user.at("/unmapped/postern/app_assurance").asString()).isEqualTo("none");

            relays(gateway, origin, header(origin.authority(), field(0xE1, "LC09") + field(0xEA, "some cloud's")));
            JsonNode bare =
                    gateway.record(record -> record.at("/device/uid").asString().equals("LC09"));
            assertThat(bare.at("/unmapped/postern/profile").asString()).isEqualTo("-");
        }
    }

    /** The packages of one UID are one app, and what policy says of one of them holds for all. */
    @Test
    void oneUidMayHoldSeveralPackages() throws Exception {
        String policy = "rules: [{name: no-games, when: {app: com.acme.game}, action: block, mode: enforce}]\n";
        try (TestingGateway gateway = TestingGateway.start(dir, listener(""), policy);
                TestingOrigin origin = new TestingOrigin()) {
            relays(gateway, origin, header(origin.authority(), says("LC11", "com.acme.b, com.acme.a", "10")));
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/actor/app_uid").asString()).isEqualTo("com.acme.a+com.acme.b");
            assertThat(line.at("/unmapped/postern/app_set").valueStream().map(JsonNode::asString))
                    .containsExactly("com.acme.a", "com.acme.b");
            assertThat(line.at("/unmapped/postern/app_assurance").asString()).isEqualTo("shared-uid");
            TestingAdmin admin = TestingAdmin.of(gateway);
            assertThat(json(admin.get("/v1/flows?app=com.acme.b")).at("/flows")).hasSize(1);
            assertThat(json(admin.get("/v1/flows?app=com.acme")).at("/flows")).isEmpty();

            refused(gateway, header(origin.authority(), says("LC12", "com.acme.a,com.acme.game", "10")));
            JsonNode blocked =
                    gateway.record(record -> record.at("/device/uid").asString().equals("LC12"));
            assertThat(blocked.at("/firewall_rule/name").asString()).isEqualTo("no-games");

            refused(gateway, header(origin.authority(), says("LC13", "com.acme.a,com.acme.a", "10")));
            gateway.awaitMetric("postern_tags_rejected_total{reason=\"malformed\"}", 1);
        }
    }

    @Test
    void theNumbersAreTheListeners() throws Exception {
        try (TestingGateway gateway = start(listener(", tlv: {device: 0xF1, package: 0xF2, tag: 0xF5}"));
                TestingOrigin origin = new TestingOrigin()) {
            relays(gateway, origin, header(origin.authority(), SAYS + field(0xF1, "LC10") + field(0xF2, "a.b")));
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/device/uid").asString()).isEqualTo("LC10");
            assertThat(line.at("/actor/app_uid").asString()).isEqualTo("a.b");
            assertThat(line.at("/unmapped/postern/profile").asString()).isEqualTo("10");
        }
    }

    @Test
    void aTagIsVerifiedAndStrongerThanAWord() throws Exception {
        try (TestingGateway gateway = start(listener(""));
                TestingOrigin origin = new TestingOrigin()) {
            relays(gateway, origin, header(origin.authority(), SAYS + tag(TestingGateway.tag(APP))));
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/device/uid").asString()).isEqualTo("LC01");
            assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tag-verified");
        }
    }

    @Test
    void anExpiredTagReachesWhereItIsRenewedAndNothingElse() throws Exception {
        String expired = tag(TestingGateway.tag(APP, Duration.ofSeconds(-1)));
        try (TestingOrigin origin = new TestingOrigin();
                TestingOrigin other = new TestingOrigin();
                TestingGateway gateway = start(
                        listener("") + "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], renewal: ['"
                                + origin.authority() + "']}\n")) {
            relays(gateway, origin, header(origin.authority(), expired));
            refused(gateway, header(other.authority(), expired));
            gateway.awaitMetric("postern_tags_rejected_total{reason=\"expired\"}", 2);
            errors(gateway, "unauthenticated", 1);
            assertThat(other.untouched()).isTrue();
        }
    }

    @Test
    void theUnattributedAreServedWhereTheyAreAdmitted() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = start(listener("")
                        + "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: admit}\n"
                        + "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'192.0.2.10:443': '"
                        + origin.authority() + "'}}\n")) {
            relays(gateway, origin, header("192.0.2.10:443", ""));
            assertThat(gateway.record(record -> true)
                            .at("/unmapped/postern/device_assurance")
                            .asString())
                    .isEqualTo("none");
            // The short list of ports.
            refused(gateway, header("192.0.2.10:8443", ""));
            gateway.record(record -> record.at("/activity_id").asInt() == 5);
        }
    }

    @ParameterizedTest
    @CsvSource({"198.51.100.0/24", "127.0.0.2/32", "2001:db8::/32"})
    void whoIsNotBelievedIsClosedUnread(String sources) throws Exception {
        try (TestingGateway gateway = start("listeners: [{name: apps, type: proxy-protocol, bind: '127.0.0.1:0',"
                        + " trusted-sources: ['" + sources + "']}]\n");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            assertThat(client.untilGone()).isEmpty();
            errors(gateway, "untrusted-source", 1);
            refused(gateway, header(origin.authority(), SAYS + tag(TestingGateway.tag(APP))));
            errors(gateway, "untrusted-source", 2);
            gateway.awaitNothingLeft();
            assertThat(origin.untouched()).isTrue();
        }
    }

    @Test
    void oneThatSaysNothingAndOneThatDoesNotFinishAreClosed() throws Exception {
        try (TestingGateway gateway = start(listener("") + QUICK);
                TestingConnection silent = TestingClient.to(gateway);
                TestingConnection slow = TestingClient.to(gateway).send(TestingProxy.SIGNATURE)) {
            assertThat(silent.untilGone()).isEmpty();
            errors(gateway, "silent", 1);
            assertThat(slow.untilGone()).isEmpty();
            errors(gateway, "slow", 1);
        }
    }

    /** A header inside a header: whoever takes the second for a balancer's is deceived, so it goes nowhere. */
    @Test
    void aSecondHeaderNeverReachesTheDestination() throws Exception {
        try (TestingGateway gateway = start(listener(""));
                TestingOrigin origin = new TestingOrigin()) {
            String twice = header("192.0.2.1:443", SAYS);
            refused(gateway, header(origin.authority(), SAYS) + twice);
            errors(gateway, "malformed", 1);
            assertThat(origin.untouched()).isTrue();
            try (TestingConnection client = TestingClient.to(gateway).send(header(origin.authority(), SAYS));
                    TestingConnection server = origin.accept()) {
                client.send(twice.substring(0, 5));
                assertThat(server.read(5)).isEqualTo(twice.substring(0, 5));
                client.send(twice.substring(5));
                assertThat(client.untilGone()).isEmpty();
                assertThat(server.untilGone()).isEmpty();
            }
            errors(gateway, "malformed", 2);
            gateway.awaitNothingLeft();
        }
    }

    @Test
    void whatPolicyForbidsIsReset() throws Exception {
        String policy = """
                rules:
                  - {name: by-app, when: {app: com.acme.banned}, action: block, mode: enforce}
                  - {name: by-tls, when: {protocol: tls}, action: block, mode: enforce}
                  - {name: by-http, when: {protocol: http}, action: block, mode: enforce}
                """;
        try (TestingGateway gateway = TestingGateway.start(dir, listener(""), policy);
                TestingOrigin origin = new TestingOrigin()) {
            try (TestingConnection banned = TestingClient.to(gateway)) {
                banned.send(header(origin.authority(), says("LC07", "com.acme.banned", "10")));
                assertThatThrownBy(banned::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
            }
            assertThat(gateway.record(record -> record.at("/activity_id").asInt() == 5)
                            .at("/firewall_rule/name")
                            .asString())
                    .isEqualTo("by-app");
            String good = header(origin.authority(), SAYS);
            try (TestingConnection tls = TestingClient.to(gateway).send(good)) {
                assertThat(tls.send(TestingHello.bytes("a.example")).rest())
                        .isEqualTo(TestingProxy.hex("15 0301 0002 0231"));
            }
            try (TestingConnection http = TestingClient.to(gateway).send(good)) {
                assertThat(http.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
                                .rest())
                        .startsWith("HTTP/1.1 403 Forbidden\r\n");
            }
        }
    }

    /** The balancer's word for a destination is no better than a client's. */
    @Test
    void protectedNetworksAndOurOwnAddressAreRefused() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = start(listener("") + "upstream: {allow-networks: ['127.0.0.7/32']}\n")) {
            refused(gateway, header(origin.authority(), SAYS));
            refused(gateway, header("169.254.169.254:80", SAYS));
            refused(gateway, header("127.0.0.1:" + gateway.address().getPort(), SAYS));
            gateway.awaitMetric("postern_egress_refused_total{reason=\"own-address\"}", 1);
            gateway.awaitMetric("postern_egress_refused_total{reason=\"loopback\"}", 1);
            gateway.awaitMetric("postern_egress_refused_total{reason=\"metadata\"}", 1);
            refused(gateway, header("127.0.0.7:25", SAYS));
            assertThat(origin.untouched()).isTrue();
        }
    }

    @Test
    void oneThatCannotBeReachedIsReset() throws Exception {
        int closed;
        try (TestingOrigin gone = new TestingOrigin()) {
            closed = gone.port();
        }
        try (TestingGateway gateway = start(listener(""))) {
            refused(gateway, header("127.0.0.1:" + closed, SAYS));
            gateway.awaitMetric("postern_upstream_failures_total{reason=\"connection-refused\"}", 1);
        }
    }

    private static void refused(TestingGateway gateway, String said) throws IOException {
        try (TestingConnection client = TestingClient.to(gateway)) {
            try {
                client.send(said);
            } catch (IOException closed) {
                // It need not be read to be refused.
            }
            assertThat(client.untilGone()).isEmpty();
        }
    }

    private static void errors(TestingGateway gateway, String reason, double times) {
        gateway.awaitMetric("postern_client_errors_total{ingress=\"proxy-protocol\",reason=\"" + reason + "\"}", times);
    }
}
