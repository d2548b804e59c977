package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whose request it is, by the fields of a concentrator: believed from there only, and passed on to nobody. */
class ConcentratorHeadersIT {

    private static final String UUID = "3a1f9c0d-5e7b-4a41-8c11-0123456789ab";

    @TempDir
    Path dir;

    private static String listener(String headers) {
        return "listeners: [{name: apps, type: http-connect, bind: '127.0.0.1:0', trusted-headers: {" + headers
                + "}}]\n";
    }

    private static final String BELIEVED = "sources: ['127.0.0.0/8'], package: X-Acme-App, profile: X-Acme-Profile";

    @Test
    void aTunnelIsTheDevicesOfWhichTheFieldsSpeak() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, listener(BELIEVED), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send("CONNECT " + origin.authority() + " HTTP/1.1\r\nHost: " + origin.authority()
                    + "\r\nX-MobileIron-DEVICE-UUID: enterprises/e/devices/" + UUID
                    + "\r\nx-acme-app: com.acme.mail\r\nX-Acme-Profile: 10\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            client.reset();
            JsonNode line = gateway.record(record -> true);
            assertThat(line.at("/device/uid").asString()).isEqualTo(UUID);
            assertThat(line.at("/actor/app_uid").asString()).isEqualTo("com.acme.mail");
            assertThat(line.at("/unmapped/postern/profile").asString()).isEqualTo("10");
            assertThat(line.at("/unmapped/postern/device_assurance").asString()).isEqualTo("concentrator");
            assertThat(line.at("/unmapped/postern/app_assurance").asString()).isEqualTo("device-asserted");
        }
    }

    @Test
    void theFieldsReachNoOrigin() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, listener(BELIEVED), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(
                    "GET http://" + origin.authority() + "/ HTTP/1.1\r\nHost: " + origin.authority()
                            + "\r\nX-MobileIron-DEVICE-UUID: " + UUID
                            + "\r\nX-MobileIron-USER-UPN: somebody@acme.example\r\nX-Acme-App: com.acme.mail\r\nX-Other: kept\r\n\r\n");
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head())
                        .doesNotContainIgnoringCase("mobileiron", "x-acme")
                        .contains("\r\nX-Other: kept\r\n");
                server.send("HTTP/1.1 204 No Content\r\n\r\n");
            }
            assertThat(client.head()).startsWith("HTTP/1.1 204 ");
            client.close();
            assertThat(gateway.record(record -> true).at("/device/uid").asString())
                    .isEqualTo(UUID);
        }
    }

    /** A concentrator sends many devices' requests over one connection, and each is its own device's. */
    @Test
    void eachRequestOfAConnectionIsItsOwnDevices() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, listener(BELIEVED), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            for (String device : new String[] {"devA", "devB"}) {
                client.send("GET http://" + origin.authority() + "/ HTTP/1.1\r\nHost: " + origin.authority()
                        + "\r\nX-MobileIron-DEVICE-UUID: " + device + "\r\n\r\n");
                try (TestingConnection server = origin.accept()) {
                    server.head();
                    server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    assertThat(client.message()).endsWith("ok");
                }
            }
            client.close();
            gateway.record(line -> line.at("/device/uid").asString().equals("devA"));
            gateway.record(line -> line.at("/device/uid").asString().equals("devB"));
        }
    }

    /** From elsewhere they mean nothing, and still go no further. */
    @Test
    void fromElsewhereTheyAreNobodysWord() throws Exception {
        String elsewhere = listener("sources: ['198.51.100.0/24'], package: X-Acme-App");
        try (TestingGateway gateway = TestingGateway.start(dir, elsewhere, "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection untagged = TestingClient.to(gateway);
                TestingConnection tagged = TestingClient.to(gateway)) {
            String fields = "X-MobileIron-DEVICE-UUID: " + UUID + "\r\nX-Acme-App: com.acme.game\r\n\r\n";
            untagged.send(
                    "CONNECT " + origin.authority() + " HTTP/1.1\r\nHost: " + origin.authority() + "\r\n" + fields);
            assertThat(untagged.rest()).startsWith("HTTP/1.1 407 ");
            gateway.awaitMetric("postern_tags_rejected_total{reason=\"missing\"}", 1);
            String request = TestingClient.get(origin, "/", TestingClient.APP);
            tagged.send(request.substring(0, request.length() - 2) + fields);
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head()).doesNotContainIgnoringCase("mobileiron", "x-acme");
            }
            tagged.close();
            assertThat(gateway.record(record -> true).at("/actor/app_uid").asString())
                    .isEqualTo(TestingClient.APP);
        }
    }

    @Test
    void aTagIsStrongerThanAWord() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, listener(BELIEVED), "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection good = TestingClient.to(gateway);
                TestingConnection bad = TestingClient.to(gateway)) {
            String word = "X-MobileIron-DEVICE-UUID: " + UUID + "\r\n\r\n";
            String connect = TestingClient.connect(origin.authority(), TestingClient.APP);
            good.send(connect.substring(0, connect.length() - 2) + word);
            assertThat(good.head()).startsWith("HTTP/1.1 200 ");
            good.reset();
            assertThat(gateway.record(record -> true).at("/device/uid").asString())
                    .isEqualTo("LC01");
            bad.send("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nProxy-Authorization: Basic eDp5\r\n"
                    + word);
            assertThat(bad.rest()).startsWith("HTTP/1.1 407 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-MobileIron-DEVICE-UUID: a\r\nX-MobileIron-DEVICE-UUID: a",
                "X-MobileIron-DEVICE-UUID: a b",
                "X-MobileIron-DEVICE-UUID:",
                "X-Acme-App: com.acme.mail",
                "X-MobileIron-DEVICE-UUID: a\r\nX-Acme-App: not/a/package",
                "X-MobileIron-DEVICE-UUID: a\r\nX-Acme-Profile: 10, 11"
            })
    void whatIsNotOneGoodWordIsABadTag(String fields) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, listener(BELIEVED), "");
                TestingConnection client = TestingClient.to(gateway)) {
            client.send("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n" + fields + "\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 407 ");
            gateway.awaitMetric("postern_tags_rejected_total{reason=\"malformed\"}", 1);
        }
    }
}
