package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.state.BusyDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What whoever is in quarantine meets, by every way in, and what stays open to them. */
class QuarantineIT {

    private static final String APP = TestingClient.APP;
    private static final String OTHER = "com.acme.other";
    private static final String CHECK = "GET %s HTTP/1.1\r\nHost: connectivitycheck.gstatic.com\r\n%s\r\n";

    @TempDir
    Path dir;

    /** Of the device and the app of the tests' tags. */
    private static String contain(TestingGateway gateway, String whom) throws Exception {
        var answer = TestingAdmin.of(gateway)
                .send(
                        "POST",
                        "/v1/quarantine",
                        "{" + whom + ", \"reason\": \"It looks odd.\"}",
                        "content-type",
                        "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).get("id").asString();
    }

    private static String app() {
        return "\"device\": \"LC01\", \"profile\": \"work\", \"app\": \"" + APP + "\"";
    }

    private static void release(TestingGateway gateway, String id) throws Exception {
        assertThat(TestingAdmin.of(gateway)
                        .send("DELETE", "/v1/quarantine/" + id + "?reason=harmless", "")
                        .statusCode())
                .isEqualTo(200);
    }

    private static void turn(TestingGateway gateway, boolean on) throws Exception {
        assertThat(TestingAdmin.of(gateway)
                        .send(
                                "PUT",
                                "/v1/kill-switch",
                                "{\"on\": " + on + ", \"reason\": \"r\"}",
                                "content-type",
                                "application/json")
                        .statusCode())
                .isEqualTo(200);
    }

    private static String connected(TestingGateway gateway, String target, String app) throws IOException {
        try (TestingConnection client = TestingClient.to(gateway)) {
            return client.send(TestingClient.connect(target, app)).head();
        }
    }

    private static void assertReset(TestingConnection client) {
        assertThatThrownBy(client::rest).isInstanceOf(IOException.class).hasMessageContaining("reset");
    }

    @Test
    void itIsToldWhyAndWhomToAskAndEveryThingElseGoesOn() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = TestingGateway.start(dir, "response: {quarantine: {help: Call 4711.}}\n", "");
                TestingConnection live = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept();
                TestingConnection othersLive = TestingClient.tunnel(gateway, origin.authority(), OTHER);
                TestingConnection othersServer = origin.accept()) {
            live.send("\0ping");
            server.read(5);
            String id = contain(gateway, app());

            assertReset(live);
            assertThat(server.untilGone()).isEmpty();
            othersLive.send("\0ping");
            assertThat(othersServer.read(5)).isEqualTo("\0ping");
            gateway.awaitMetric("postern_quarantine_active{scope=\"app\"}", 1);
            try (TestingConnection client = TestingClient.to(gateway)) {
                assertThat(client.send(TestingClient.connect("a.example:443", APP))
                                .rest())
                        .startsWith("HTTP/1.1 403 Forbidden\r\nProxy-Status: postern; error=http_request_denied\r\n")
                        .contains(
                                "\nReason: quarantine:" + id + "\n",
                                "\nIn quarantine: this app on this device. It looks odd.\nHelp: Call 4711.\nFlow: ");
            }
            for (JsonNode line : List.of(
                    gateway.record(one -> one.at("/connection_info/uid").isString()
                            && one.at("/unmapped/postern/close_reason")
                                    .asString()
                                    .equals("blocked")),
                    gateway.record(
                            one -> one.at("/dst_endpoint/hostname").asString("").equals("a.example")))) {
                assertThat(line.at("/disposition_id").asInt()).isEqualTo(3);
                assertThat(line.at("/action_id").asInt()).isEqualTo(2);
                assertThat(line.at("/unmapped/postern/verdict").asString()).isEqualTo("quarantine");
                assertThat(line.at("/firewall_rule/name").asString()).isEqualTo("quarantine:" + id);
            }
            assertThat(
                            gateway.metric(
                                    "postern_flows_total{ingress=\"http-connect\",protocol=\"unknown\",verdict=\"quarantine\"}"))
                    .isGreaterThanOrEqualTo(1);
            release(gateway, id);
            assertThat(connected(gateway, origin.authority(), APP)).startsWith("HTTP/1.1 200 ");
            gateway.awaitMetric("postern_quarantine_active{scope=\"app\"}", 0);
        }
    }

    @Test
    void itStandsAfterARestartBeforeTheFirstFlow() throws Exception {
        String id;
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            id = contain(gateway, "\"device\": \"LC01\", \"sticky\": true");
            turn(gateway, true);
            turn(gateway, false);
        }
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = TestingGateway.start(dir)) {
            assertThat(connected(gateway, origin.authority(), APP)).startsWith("HTTP/1.1 403 ");
            assertThat(connected(gateway, origin.authority(), OTHER)).startsWith("HTTP/1.1 403 ");
            assertThat(origin.untouched()).isTrue();
            release(gateway, id);
            assertThat(connected(gateway, origin.authority(), APP)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void plainHttpGetsItsPageAndACheckOfConnectivityItsAnswer() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "response: {never-break: []}\n", "")) {
            contain(gateway, app());
            try (TestingConnection client = TestingClient.to(gateway)) {
                client.send(CHECK.formatted(
                        "http://connectivitycheck.gstatic.com/generate_204", TestingClient.authorization(APP)));
                assertThat(client.rest())
                        .startsWith("HTTP/1.1 204 No Content\r\n")
                        .endsWith("\r\n\r\n");
            }
            try (TestingConnection client = TestingClient.to(gateway)) {
                client.send(CHECK.formatted(
                        "http://connectivitycheck.gstatic.com/upload", TestingClient.authorization(APP)));
                assertThat(client.rest())
                        .startsWith("HTTP/1.1 403 Forbidden\r\n")
                        .contains("In quarantine: this app on this device.");
            }
        }
    }

    /** Only the request says whether it is a check; clients that name addresses ask so. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"/generate_204, HTTP/1.1 204 No Content", "/anything, HTTP/1.1 403 Forbidden"})
    void aTunnelToPlainHttpOfAnAddressIsAnsweredInPlaceOfTheOrigin(String path, String answer) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingConnection client = TestingClient.to(gateway)) {
            contain(gateway, app());
            client.send(TestingClient.connect("192.0.2.1:80", APP));
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            client.send(CHECK.formatted(path, ""));
            assertThat(client.rest()).startsWith(answer + "\r\n");
            assertThat(connected(gateway, "192.0.2.1:443", APP)).startsWith("HTTP/1.1 403 ");
        }
    }

    /** A disk that takes its time over a write keeps nobody from looking. */
    @Test
    void whoeverLooksDoesNotWaitForWhoeverWrites() throws Exception {
        AtomicReference<BusyDisk> made = new AtomicReference<>();
        try (TestingGateway gateway = TestingGateway.onDisk(dir, "", store -> {
            BusyDisk disk = new BusyDisk(store);
            made.set(disk);
            return disk;
        })) {
            String id = contain(gateway, app());
            BusyDisk disk = Objects.requireNonNull(made.get());
            disk.keepBusy();
            CompletableFuture<Void> writing = TestingOrigin.behind(() -> release(gateway, id));
            try {
                gateway.awaitMetric("postern_audit_entries_total{result=\"written\"}", 3);
                assertThat(TestingAdmin.of(gateway).get("/v1/quarantine").statusCode())
                        .isEqualTo(200);
                assertThat(TestingAdmin.of(gateway).get("/v1/findings").statusCode())
                        .isEqualTo(200);
                assertThat(writing.isDone()).isFalse();
            } finally {
                disk.free();
            }
            writing.join();
        }
    }

    @Test
    void socksHearsThatItIsNotAllowed() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, TestingSocks.LISTENER, "")) {
            contain(gateway, app());
            try (TestingConnection client = TestingClient.to(gateway)) {
                assertThat(client.send(TestingSocks.all(APP, "a.example:443")).rest())
                        .isEqualTo(TestingSocks.heard(TestingSocks.reply(2)));
            }
        }
    }

    /** The connection is there before anybody can say no: HTTP says it, everything else is reset. */
    @ParameterizedTest(name = "{0} of port {1}: {2}")
    @CsvSource(
            nullValues = "reset",
            value = {
                "/generate_204, 80, HTTP/1.1 204 No Content",
                "/anything, 80, HTTP/1.1 403 Forbidden",
                "/generate_204, 443, reset"
            })
    void whoDoesNotKnowOfTheGatewayIsAnsweredInPlaceOfTheOrigin(String path, int port, String answer) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, TestingProxy.listener(""), "")) {
            contain(gateway, "\"device\": \"LC07\"");
            String header = TestingProxy.header("127.0.0.1:" + port, TestingProxy.says("LC07", APP, "10"));
            String request = CHECK.formatted(path, "");
            for (int cut : new int[] {0, 30, request.length()}) {
                try (TestingConnection client = TestingClient.to(gateway)) {
                    client.send(header + request.substring(0, cut));
                    if (answer == null) {
                        assertReset(client);
                    } else {
                        client.send(request.substring(cut));
                        assertThat(client.rest()).startsWith(answer + "\r\n");
                    }
                }
            }
        }
    }

    @Test
    void datagramsAreDroppedAndLiveSessionsEnd() throws Exception {
        try (TestingGateway gateway = TestingAssociation.gateway(dir, "", "");
                TestingDatagrams server = new TestingDatagrams();
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            client.send("127.0.0.1", server.port(), "ping");
            assertThat(server.receive().text()).isEqualTo("ping");
            String id = contain(gateway, app());
            await().atMost(Duration.ofSeconds(30)).until(() -> gateway.gateway().liveFlows() == 0);
            client.send("127.0.0.1", server.port(), "lost");
            gateway.awaitMetric(TestingAssociation.dropped("forbidden"), 1);
            assertThat(gateway.record(any -> true).at("/disposition_id").asInt())
                    .isEqualTo(3);
            release(gateway, id);
            client.send("127.0.0.1", server.port(), "back");
            assertThat(server.receive().text()).isEqualTo("back");
        }
    }

    /** A query of one question for an address, RFC 1035 section 4.1. */
    private static byte[] query(String... labels) {
        StringBuilder text = new StringBuilder("\0\1\1\0\0\1\0\0\0\0\0\0");
        for (String label : labels) {
            text.append((char) label.length()).append(label);
        }
        return text.append("\0\0\1\0\1").toString().getBytes(ISO_8859_1);
    }

    /** So that what stays reachable can be found; nothing else can be told to a DNS server. */
    @Test
    void aDeviceItselfResolvesTheNamesThatStayReachableAndNoOthers() throws Exception {
        try (TestingDatagrams server = new TestingDatagrams();
                TestingGateway gateway = TestingAssociation.gateway(
                        dir,
                        "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {'192.0.2.53:53': '127.0.0.1:"
                                + server.port()
                                + "'}}\nresponse: {quarantine: {allow: [{hosts: [help.acme.example], ports: [443]}]}}\n",
                        "");
                TestingAssociation other = TestingAssociation.open(gateway, APP);
                TestingAssociation client = TestingAssociation.open(gateway, APP)) {
            contain(gateway, "\"device\": \"LC01\"");
            other.send("192.0.2.53", 53, query("secret", "evil", "example"));
            gateway.record(line -> line.at("/disposition_id").asInt() == 3);
            client.send("192.0.2.53", 53, query("help", "acme", "example"));
            assertThat(server.receive().data()).isEqualTo(query("help", "acme", "example"));
            client.send("192.0.2.53", 53, query("more", "evil", "example"));
            gateway.awaitMetric(TestingAssociation.dropped("forbidden"), 1);
            other.close();
            client.close();
            TestingAssociation again = TestingAssociation.open(gateway, APP);
            again.send("192.0.2.53", 53, query("help", "acme", "example"));
            assertThat(server.receive().data())
                    .as("nothing came in between")
                    .isEqualTo(query("help", "acme", "example"));
            again.close();
        }
    }

    /** A question that is let out carries nothing else, goes to nobody else, and has one answer. */
    @Test
    void nothingTravelsWithAQuestionOfADeviceThatIsContained() throws Exception {
        byte[] asked = query("help", "acme", "example");
        byte[] laden = Arrays.copyOf(asked, 1_000);
        try (TestingDatagrams server = new TestingDatagrams();
                TestingGateway gateway = TestingAssociation.gateway(
                        dir,
                        "dns: {upstreams: ['192.0.2.53']}\nupstream: {allow-networks: ['127.0.0.0/8'], hosts:"
                                + " {'192.0.2.53:53': '127.0.0.1:" + server.port()
                                + "'}}\nresponse: {quarantine: {allow: [{hosts: [help.acme.example], ports: [443]}]}}\n",
                        "")) {
            contain(gateway, "\"device\": \"LC01\"");
            try (TestingAssociation client = TestingAssociation.open(gateway, APP)) {
                client.send("192.0.2.53", 53, laden);
                JsonNode refused =
                        gateway.record(line -> line.at("/disposition_id").asInt() == 3);
                assertThat(refused.at("/traffic/bytes_out").asInt()).isZero();
            }
            try (TestingAssociation client = TestingAssociation.open(gateway, APP)) {
                client.send("198.51.100.53", 53, asked);
                JsonNode refused = gateway.record(
                        line -> line.at("/dst_endpoint/ip").asString("").equals("198.51.100.53"));
                assertThat(refused.at("/disposition_id").asInt())
                        .as("whose server that is, nobody knows")
                        .isEqualTo(3);
            }
            try (TestingAssociation client = TestingAssociation.open(gateway, APP)) {
                client.send("192.0.2.53", 53, asked);
                TestingDatagrams.Received question = server.receive();
                assertThat(question.data()).as("and nothing before it").isEqualTo(asked);
                server.send(question.from(), asked);
                assertThat(client.receive().data()).isEqualTo(asked);
                client.send("192.0.2.53", 53, asked);
                gateway.awaitMetric(TestingAssociation.dropped("forbidden"), 1);
                server.send(question.from(), laden);
                gateway.awaitMetric(TestingAssociation.dropped("forbidden"), 2);
            }
        }
    }

    @Test
    void aRuleThatContainsEndsTheFlowAndContainsItsAppAlone() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = TestingGateway.start(
                        dir,
                        "response: {quarantine: {per-hour: 1}}\n",
                        "rules: [{name: exfil, when: {destination: bad.example}, action: quarantine, mode: enforce}]\n");
                TestingConnection live = TestingClient.tunnel(gateway, origin.authority())) {
            assertThat(connected(gateway, "bad.example:443", APP)).startsWith("HTTP/1.1 403 ");
            gateway.awaitMetric("postern_quarantine_active{scope=\"app\"}", 1);
            assertReset(live);
            assertThat(connected(gateway, origin.authority(), APP)).startsWith("HTTP/1.1 403 ");
            assertThat(connected(gateway, origin.authority(), OTHER)).startsWith("HTTP/1.1 200 ");
            JsonNode one = json(TestingAdmin.of(gateway).get("/v1/quarantine")).at("/quarantines/0");
            assertThat(one.at("/actor").asString()).isEqualTo("rule:exfil");
            assertThat(one.at("/automatic").asBoolean()).isTrue();
            assertThat(one.at("/app").asString()).isEqualTo(APP);

            assertThat(connected(gateway, "bad.example:443", OTHER)).startsWith("HTTP/1.1 403 ");
            gateway.awaitMetric("postern_quarantines_total{result=\"over-limit\"}", 1);
            assertThat(connected(gateway, origin.authority(), OTHER)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whatMustWorkWorksAndTheAllowSetIsReached() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = TestingGateway.start(
                        dir,
                        "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {help.example: '" + origin.authority()
                                + "', mdm.example: '" + origin.authority() + "', evil.example: '" + origin.authority()
                                + "'}}\n"
                                + "response: {never-break: [{apps: [" + OTHER
                                + "], hosts: [mdm.example], ports: [443]}], quarantine: {allow: [{hosts: [help.example],"
                                + " ports: [443]}]}}\n",
                        "rules: [{name: all, when: {app: " + OTHER + "}, action: block, mode: enforce}]\n")) {
            contain(gateway, "\"device\": \"LC01\"");
            assertThat(connected(gateway, "help.example:443", APP)).startsWith("HTTP/1.1 200 ");
            assertThat(connected(gateway, "help.example:80", APP)).startsWith("HTTP/1.1 403 ");
            assertThat(connected(gateway, "evil.example:443", APP)).startsWith("HTTP/1.1 403 ");
            assertThat(connected(gateway, "mdm.example:443", APP)).startsWith("HTTP/1.1 403 ");
            assertThat(connected(gateway, "mdm.example:443", OTHER)).startsWith("HTTP/1.1 200 ");
            assertThat(connected(gateway, "help.example:443", OTHER))
                    .as("policy judges it as if there were no quarantine")
                    .startsWith("HTTP/1.1 403 ");
            try (TestingConnection client = TestingClient.tunnel(gateway, "help.example:443")) {
                client.send(TestingHello.bytes("evil.example"));
                assertThat(client.rest())
                        .as("what it claims must be the allow-set's as well")
                        .matches("(?s)\\x15\\x03.\\x00\\x02\\x02\\x31");
            }
        }
    }

    @Test
    void theKillSwitchLetsEverythingPassAndSaysSo() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingGateway gateway = TestingGateway.start(
                        dir, "", "rules: [{name: all, when: {app: " + OTHER + "}, action: block, mode: enforce}]\n")) {
            contain(gateway, app());
            assertThat(connected(gateway, origin.authority(), APP)).startsWith("HTTP/1.1 403 ");
            turn(gateway, true);
            assertThat(connected(gateway, origin.authority(), OTHER)).startsWith("HTTP/1.1 200 ");
            assertThat(connected(gateway, "192.168.7.7:443", OTHER))
                    .as("the network's own protection stays")
                    .startsWith("HTTP/1.1 403 ");
            assertThat(gateway.metric("postern_kill_switch")).isEqualTo(1);
            assertThat(TestingAdmin.of(gateway).get("/readyz").body())
                    .contains("\"status\":\"ready\"", "kill switch on");
            try (TestingConnection live = TestingClient.tunnel(gateway, origin.authority())) {
                turn(gateway, false);
                assertReset(live);
            }
            assertThat(connected(gateway, origin.authority(), OTHER)).startsWith("HTTP/1.1 403 ");
            assertThat(gateway.metric("postern_kill_switch")).isZero();
        }
    }
}
