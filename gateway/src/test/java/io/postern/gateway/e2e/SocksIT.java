package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSocks.LISTENER;
import static io.postern.gateway.e2e.TestingSocks.OFFERS_NOTHING;
import static io.postern.gateway.e2e.TestingSocks.OFFERS_PASSWORD;
import static io.postern.gateway.e2e.TestingSocks.OPENED;
import static io.postern.gateway.e2e.TestingSocks.TAKES_NOTHING;
import static io.postern.gateway.e2e.TestingSocks.TAKES_PASSWORD;
import static io.postern.gateway.e2e.TestingSocks.UNACCEPTABLE;
import static io.postern.gateway.e2e.TestingSocks.address;
import static io.postern.gateway.e2e.TestingSocks.all;
import static io.postern.gateway.e2e.TestingSocks.connect;
import static io.postern.gateway.e2e.TestingSocks.heard;
import static io.postern.gateway.e2e.TestingSocks.name;
import static io.postern.gateway.e2e.TestingSocks.password;
import static io.postern.gateway.e2e.TestingSocks.reply;
import static io.postern.gateway.e2e.TestingSocks.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.real.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** SOCKS5 clients, scripted byte by byte: what they say, what they hear, what is written of them. */
@ExtendWith(QuietLog.class)
class SocksIT {

    private static final String APP = TestingClient.APP;
    private static final String QUICK = LISTENER + "limits: {flows: 200, request-timeout: 2s}\n";
    private static final String ADMITS =
            LISTENER + "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], unattributed: admit}\n";

    @TempDir
    Path dir;

    private TestingGateway start(String settings) throws IOException {
        return TestingGateway.start(dir, settings, "");
    }

    private static String toOrigin(TestingOrigin origin, String... hosts) {
        StringBuilder settings = new StringBuilder("upstream: {allow-networks: ['127.0.0.0/8'], hosts: {");
        for (String host : hosts) {
            settings.append('\'')
                    .append(host)
                    .append("': '")
                    .append(origin.authority())
                    .append("', ");
        }
        return settings + "}}\n";
    }

    @ParameterizedTest
    @CsvSource({"mail.acme.example, 443", "192.0.2.10, 443", "2001:db8::10, 443"})
    void everyKindOfAddressIsReachedAndRecorded(String host, int port) throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = start(
                        LISTENER + toOrigin(origin, "mail.acme.example:443", "192.0.2.10:443", "[2001:db8::10]:443"));
                TestingConnection client = tunnel(TestingClient.to(gateway), APP, host + ":" + port);
                TestingConnection server = origin.accept()) {
            client.send("\0ping");
            assertThat(server.read(5)).isEqualTo("\0ping");
            server.send("pong");
            assertThat(client.read(4)).isEqualTo("pong");
            client.close();
            server.close();
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/device/uid").asString()).isEqualTo("LC01");
            assertThat(line.at("/actor/app_uid").asString()).isEqualTo(APP);
            assertThat(line.at("/unmapped/postern/ingress").asString()).isEqualTo("socks5");
            assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tag-verified");
            assertThat(line.at("/unmapped/postern/app_assurance").asString()).isEqualTo("device-asserted");
            assertThat(line.at("/dst_endpoint/port").asInt()).isEqualTo(port);
            assertThat(line.at("/dst_endpoint/hostname").asString("")).isEqualTo(host.endsWith("e") ? host : "");
            assertThat(line.at("/traffic/bytes_out").asInt()).isEqualTo(5);
            gateway.awaitMetric("postern_flows_total{ingress=\"socks5\",protocol=\"unknown\",verdict=\"allow\"}", 1);
        }
    }

    @Test
    void aNegotiationThatComesByteByByteIsServed() throws Exception {
        try (TestingGateway gateway = start(LISTENER);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            for (char some : all(APP, origin.authority()).toCharArray()) {
                client.send(String.valueOf(some));
            }
            assertThat(client.read(14)).isEqualTo(heard(OPENED));
            origin.accept().close();
        }
    }

    /** Whoever is sure of the answers need not wait for them. */
    @Test
    void aClientThatSaysAllAtOnceAndFinishesHasItsAnswer() throws Exception {
        try (TestingGateway gateway = start(LISTENER);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(all(APP, origin.authority()) + "\0question");
            client.finish();
            try (TestingConnection server = origin.accept()) {
                assertThat(server.rest()).isEqualTo("\0question");
                server.send("answer");
            }
            assertThat(client.rest()).isEqualTo(heard(OPENED) + "answer");
        }
    }

    @Test
    void socksComesOverTlsToo() throws Exception {
        String listeners = TestingGateway.tls(dir).replace("http-connect", "socks5");
        try (TestingGateway gateway = start(listeners);
                TestingOrigin origin = new TestingOrigin();
                SSLSocket tls = TestingClient.tls(TestingClient.to(gateway), "gateway.acme.example", List.of());
                TestingConnection client = tunnel(new TestingConnection(tls), APP, origin.authority());
                TestingConnection server = origin.accept()) {
            client.send("\0ping");
            assertThat(server.read(5)).isEqualTo("\0ping");
        }
    }

    /** It is known to be authentic before it is known where to. */
    @Test
    void anExpiredTagReachesWhereItIsRenewedAndNothingElse() throws Exception {
        String renewal = "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}],"
                + " renewal: ['renew.acme.example:443']}\n";
        String expired = OFFERS_PASSWORD + password(TestingGateway.tag(APP, Duration.ofSeconds(-1)));
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway =
                        start(LISTENER + renewal + toOrigin(origin, "renew.acme.example", "mail.acme.example"))) {
            for (String target : new String[] {"mail.acme.example:443", "renew.acme.example:8443"}) {
                try (TestingConnection client = TestingClient.to(gateway)) {
                    assertThat(client.send(expired + connect(target)).rest()).isEqualTo(heard(reply(2)));
                }
            }
            try (TestingConnection client = TestingClient.to(gateway)) {
                client.send(expired + connect("renew.acme.example:443"));
                assertThat(client.read(14)).isEqualTo(heard(OPENED));
                client.reset();
            }
            gateway.awaitMetric("postern_tags_rejected_total{reason=\"expired\"}", 3);
            errors(gateway, "unauthenticated", 2);
            gateway.record(record -> true);
            assertThat(gateway.records()).hasSize(1);
        }
    }

    @Test
    void theUnattributedAreServedWhereTheyAreAdmitted() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = start(ADMITS + toOrigin(origin, "mail.acme.example"));
                TestingConnection none = TestingClient.to(gateway);
                TestingConnection port = TestingClient.to(gateway);
                TestingConnection bad = TestingClient.to(gateway);
                TestingConnection good = TestingClient.to(gateway);
                TestingConnection other = TestingClient.to(gateway)) {
            none.send(OFFERS_NOTHING + connect("mail.acme.example:443"));
            assertThat(none.read(12)).isEqualTo(TAKES_NOTHING + OPENED);
            none.reset();
            gateway.record(record -> assurance(record).equals("none"));
            // The short list of ports.
            port.send(OFFERS_NOTHING + connect("mail.acme.example:8443"));
            assertThat(port.rest()).isEqualTo(TAKES_NOTHING + reply(2));
            bad.send(OFFERS_PASSWORD + password("some", "body") + connect("mail.acme.example:443"));
            assertThat(bad.read(14)).isEqualTo(heard(OPENED));
            bad.reset();
            gateway.record(record -> assurance(record).equals("invalid"));
            gateway.awaitMetric("postern_tags_rejected_total{reason=\"malformed\"}", 1);
            // Whoever can show a tag is asked for it.
            good.send("\5\2\0\2" + password(TestingGateway.tag(APP)) + connect("mail.acme.example:443"));
            assertThat(good.read(14)).isEqualTo(heard(OPENED));
            good.reset();
            gateway.record(record -> assurance(record).equals("tag-verified"));
            // Kerberos is not admission.
            assertThat(other.send("\5\1\1").rest()).isEqualTo(UNACCEPTABLE);
        }
    }

    private static String assurance(JsonNode record) {
        return record.at("/unmapped/postern/device_assurance").asString();
    }

    @Test
    void protectedNetworksAreRefusedHoweverTheyAreWritten() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway =
                        start(LISTENER + "upstream: {hosts: {inner.acme.example: '" + origin.authority() + "'}}\n")) {
            int port = origin.port();
            for (String request : new String[] {
                name("inner.acme.example", 443),
                name("127.0.0.1", port),
                address("127.0.0.1", port),
                address("::1", port),
                "\5\1\0\4" + "\0".repeat(10) + "\u00ff\u00ff\u007f\0\0\1" + "\1\u00bb",
                address("169.254.169.254", 80),
                address("0.0.0.0", port)
            }) {
                try (TestingConnection client = TestingClient.to(gateway)) {
                    client.send(OFFERS_PASSWORD + password(TestingGateway.tag(APP)) + request);
                    assertThat(client.rest()).isEqualTo(heard(reply(2)));
                }
            }
            assertThat(origin.untouched()).isTrue();
        }
    }

    @Test
    void ourOwnListenersAreRefused() throws Exception {
        try (TestingGateway gateway = start(LISTENER);
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(all(APP, "127.0.0.1:" + gateway.address().getPort()));
            assertThat(client.rest()).isEqualTo(heard(reply(2)));
            gateway.awaitMetric("postern_egress_refused_total{reason=\"own-address\"}", 1);
        }
    }

    @Test
    void whatPolicyForbidsIsNotAllowedByRuleset() throws Exception {
        String policy = """
                rules:
                  - {name: by-name, when: {destination: 'bad.example'}, action: block, mode: enforce}
                  - {name: by-tls, when: {protocol: tls}, action: block, mode: enforce}
                  - {name: by-http, when: {protocol: http}, action: block, mode: enforce}
                """;
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway =
                        TestingGateway.start(dir, LISTENER + toOrigin(origin, "good.example"), policy);
                TestingConnection refused = TestingClient.to(gateway);
                TestingConnection tls = tunnel(TestingClient.to(gateway), APP, "good.example:443");
                TestingConnection http = tunnel(TestingClient.to(gateway), APP, "good.example:80")) {
            assertThat(refused.send(all(APP, "bad.example:443")).rest()).isEqualTo(heard(reply(2)));
            assertThat(gateway.record(record -> record.at("/activity_id").asInt() == 5)
                            .at("/firewall_rule/name")
                            .asString())
                    .isEqualTo("by-name");
            // Once it is open, no SOCKS is spoken: what is forbidden then is told in its own protocol.
            assertThat(tls.send(TestingHello.bytes("good.example")).rest())
                    .isEqualTo(TestingProxy.hex("15 0301 0002 0231"));
            assertThat(http.send("GET / HTTP/1.1\r\nHost: good.example\r\n\r\n").rest())
                    .startsWith("HTTP/1.1 403 Forbidden\r\nProxy-Status: postern; error=http_request_denied\r\n")
                    .contains("\nReason: by-http\n");
        }
    }

    @Test
    void oneThatRefusesIsToldAsSuch() throws Exception {
        int closed = Ports.free();
        try (TestingGateway gateway = start(LISTENER);
                TestingConnection client = TestingClient.to(gateway)) {
            assertThat(client.send(all(APP, "127.0.0.1:" + closed)).rest()).isEqualTo(heard(reply(5)));
            gateway.awaitMetric("postern_upstream_failures_total{reason=\"connection-refused\"}", 1);
        }
    }

    @Test
    void aNameNobodyKnowsIsAHostThatCannotBeReached() throws Exception {
        try (TestingOrigin silent = new TestingOrigin();
                TestingGateway gateway = start(LISTENER + "upstream: {connect-timeout: 300ms}\n" + "dns: {upstreams: ['"
                        + silent.authority() + "'], timeout: 100ms}\n");
                TestingConnection client = TestingClient.to(gateway)) {
            String heard = client.send(all(APP, "nowhere.acme.example:443")).rest();
            // No resolver answers there: failed or timed out, by which comes first.
            assertThat(heard).isIn(heard(reply(4)), heard(reply(6)));
        }
    }

    @Test
    void oneDeviceMayHoldSoManyFlows() throws Exception {
        try (TestingGateway gateway = start(LISTENER + "limits: {flows: 200, flows-per-device: 1}\n");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection first = tunnel(TestingClient.to(gateway), APP, origin.authority());
                TestingConnection second = TestingClient.to(gateway)) {
            assertThat(second.send(all(APP, origin.authority())).rest()).isEqualTo(heard(reply(1)));
            gateway.awaitMetric("postern_overload_total{action=\"refuse-flow\"}", 1);
            first.reset();
            gateway.awaitNothingLeft();
        }
    }

    @Test
    void oneThatSaysNothingIsClosed() throws Exception {
        try (TestingGateway gateway = start(QUICK);
                TestingConnection client = TestingClient.to(gateway)) {
            assertThat(client.rest()).isEmpty();
            errors(gateway, "silent", 1);
        }
    }

    /** The deadline is for all of it: progress does not move it. */
    @Test
    void oneThatSendsAByteNowAndThenIsClosed() throws Exception {
        try (TestingGateway gateway = start(QUICK);
                TestingConnection client = TestingClient.to(gateway)) {
            String said = OFFERS_PASSWORD + "\1\u00ff" + "x".repeat(255) + "\u00ff" + "y".repeat(254);
            int[] next = {0};
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                try {
                    client.send(String.valueOf(said.charAt(next[0]++)));
                    return false;
                } catch (IOException closed) {
                    return true;
                }
            });
            errors(gateway, "slow", 1);
            gateway.awaitNothingLeft();
        }
    }

    @Test
    void oneThatLeavesInTheMiddleIsCounted() throws Exception {
        try (TestingGateway gateway = start(LISTENER);
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(OFFERS_PASSWORD + "\1\4us").finish();
            assertThat(client.untilGone()).isEqualTo(TAKES_PASSWORD);
            errors(gateway, "reset", 1);
        }
    }

    private static void errors(TestingGateway gateway, String reason, double times) {
        gateway.awaitMetric("postern_client_errors_total{ingress=\"socks5\",reason=\"" + reason + "\"}", times);
    }
}
