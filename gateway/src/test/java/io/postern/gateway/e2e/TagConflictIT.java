package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One tag, two networks (127.0.0.0/24 and 127.0.1.0/24): roaming, and a copy of the tag in use elsewhere. */
class TagConflictIT {

    private static final String HOME = "127.0.0.1";
    private static final String AWAY = "127.0.1.1";
    private static final String CONFLICTS = "postern_tag_conflicts_total{trait=\"%s\"}";

    @TempDir
    Path dir;

    private TestingLog log;
    private TestingOrigin origin;
    private final List<TestingConnection> open = new ArrayList<>();

    @BeforeEach
    void listen() throws IOException {
        log = new TestingLog();
        origin = new TestingOrigin();
    }

    @AfterEach
    void nothingIsLogged() throws IOException {
        origin.close();
        log.expectQuiet();
        log.close();
    }

    @Test
    void aCopiedTagIsEvidenceInTheRecord() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            for (int i = 0; i < 6; i++) {
                tunnel(gateway, i % 2 == 0 ? HOME : AWAY, i % 2 == 0 ? "" : "User-Agent: implant/1.0\r\n");
            }
            gateway.awaitMetric(CONFLICTS.formatted("request"), 1);
            closeAll();

            JsonNode line = gateway.record(
                    record -> !record.at("/unmapped/postern/evidence").isMissingNode());
            assertThat(line.at("/unmapped/postern/evidence").toString())
                    .isEqualTo("[{\"family\":\"tag\",\"feature\":\"two-clients-by-request\",\"value\":4.0,"
                            + "\"threshold\":3.0,\"weight\":30,\"for\":true}]");
            assertThat(line.at("/unmapped/postern/verdict").asString()).isEqualTo("allow");
            gateway.awaitMetric("postern_tags_expiring{within=\"1d\"}", 1);
            gateway.awaitMetric("postern_analytic_keys{table=\"tags\"}", 1);
            assertThat(gateway.metric("postern_analytic_saturated_total{table=\"tags\"}"))
                    .isZero();
            gateway.awaitNothingLeft();
        }
    }

    @Test
    void aPhoneBetweenTwoNetworksIsNot() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            for (int i = 0; i < 20; i++) {
                tunnel(gateway, i % 2 == 0 ? HOME : AWAY, "User-Agent: Go-http-client/1.1\r\n");
            }
            closeAll();

            gateway.awaitNothingLeft();
            assertThat(gateway.metric(CONFLICTS.formatted("request"))).isZero();
            assertThat(gateway.records())
                    .hasSize(20)
                    .allMatch(record -> record.at("/unmapped/postern/evidence").isMissingNode());
        }
    }

    @Test
    void helloesOfTheListenerTellClientsApart() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, TestingGateway.tls(dir), "")) {
            for (int i = 0; i < 6; i++) {
                boolean ours = i % 2 == 0;
                List<String> offer = ours ? List.of("http/1.1") : List.of("h2", "http/1.1");
                TestingConnection raw = from(ours ? HOME : AWAY, gateway);
                ask(
                        new TestingConnection(TestingClient.tls(raw, "gateway.acme.example", offer)),
                        ours ? "" : "User-Agent: implant/1.0\r\n");
            }
            gateway.awaitMetric(CONFLICTS.formatted("client-hello"), 1);
            closeAll();
            gateway.awaitNothingLeft();
        }
    }

    private void tunnel(TestingGateway gateway, String from, String fields) throws IOException {
        ask(from(from, gateway), fields);
    }

    private void ask(TestingConnection client, String fields) throws IOException {
        open.add(client);
        String request = TestingClient.connect(origin.authority(), TestingClient.APP);
        client.send(request.substring(0, request.length() - 2) + fields + "\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        open.add(origin.accept());
    }

    private static TestingConnection from(String address, TestingGateway gateway) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(gateway.address());
        return new TestingConnection(socket);
    }

    private void closeAll() throws IOException {
        for (TestingConnection each : open) {
            each.close();
        }
    }
}
