package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that say too little, too much, too slowly, or the wrong thing: an answer or an end, and a counter. */
@ExtendWith(QuietLog.class)
class ClientsIT {

    private static final String QUICK = "limits: {flows: 200, request-timeout: 2s, tls-handshake-timeout: 2s}\n";

    @TempDir
    Path dir;

    @Test
    void oneThatSaysNothingIsClosed() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, QUICK, "");
                TestingConnection client = TestingClient.to(gateway)) {
            assertThat(client.rest()).isEmpty();
            expect(gateway, "silent", 1);
        }
    }

    @Test
    void oneThatDoesNotFinishItsRequestIsClosed() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, QUICK, "");
                TestingConnection client = TestingClient.to(gateway)) {
            client.send("CONNECT acme.example:443 HTTP/1.1\r\nHost: acme");
            assertThat(client.untilGone()).isEmpty();
            expect(gateway, "slow", 1);
        }
    }

    /** The deadline is for the whole request: a byte now and then does not move it. */
    @Test
    void oneThatSendsAByteNowAndThenIsClosedAllTheSame() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, QUICK, "");
                TestingConnection client = TestingClient.to(gateway)) {
            client.send("CONNECT acme.example:443 HTTP/1.1\r\nX: ");
            // As many as fit into the time; 64 KiB do not.
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                try {
                    client.send("x");
                    return false;
                } catch (IOException closed) {
                    return true;
                }
            });
            expect(gateway, "slow", 1);
            gateway.awaitNothingLeft();
        }
    }

    @Test
    void aRequestThatComesByteByByteIsServed() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            for (char some : connect(origin.authority(), TestingClient.APP).toCharArray()) {
                client.send(String.valueOf(some));
            }
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            origin.accept().close();
        }
    }

    @Test
    void oneThatLeavesInTheMiddleOfItsRequestIsCounted() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingConnection polite = TestingClient.to(gateway);
                TestingConnection rude = TestingClient.to(gateway);
                TestingConnection silent = TestingClient.to(gateway)) {
            polite.send("GET http://acme.example/").finish();
            assertThat(polite.untilGone()).isEmpty();
            expect(gateway, "reset", 1);
            rude.send("GET http://acme.example/").reset();
            expect(gateway, "reset", 2);
            // A probe that connects and leaves is no error.
            silent.close();
            gateway.awaitNothingLeft();
            expect(gateway, "reset", 2);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', textBlock = """
            a line beyond 8 KiB      ; 414 ; 9000  ; 0      ; 0
            a line without end       ; 414 ; 99999 ; 0      ; 0
            fields beyond 64 KiB     ; 431 ; 0     ; 70     ; 1000
            a field beyond 64 KiB    ; 431 ; 0     ; 1      ; 70000
            more than 100 fields     ; 431 ; 0     ; 101    ; 1
            """)
    void oneThatSaysTooMuchIsTold(String what, int status, int path, int fields, int value) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingConnection client = TestingClient.to(gateway)) {
            client.send("GET http://acme.example/" + "a".repeat(path) + " HTTP/1.1\r\nHost: acme.example\r\n"
                    + ("X: " + "b".repeat(value) + "\r\n").repeat(fields) + "\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 " + status + " ");
            expect(gateway, "malformed", 1);
        }
    }

    @Test
    void oneThatSpeaksTlsToThePlainPortIsTold() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingConnection client = TestingClient.to(gateway)) {
            assertThat(client.send(TestingHello.bytes("gateway.acme.example")).rest())
                    .startsWith("HTTP/1.1 400 Bad Request\r\n");
            expect(gateway, "malformed", 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT acme.example:443 HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\0\2\1\0", ""})
    void oneThatDoesNotSpeakTlsToTheTlsPortIsClosed(String text) throws Exception {
        try (TestingGateway gateway = TestingGateway.start(
                        dir, "limits: {flows: 200, tls-handshake-timeout: 2s}\n" + TestingGateway.tls(dir), "");
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(text);
            client.untilGone();
            expect(gateway, "tls", 1);
            gateway.awaitNothingLeft();
        }
    }

    /** A refusal is not lost because the client is still sending: over TLS as without. */
    @Test
    void aRefusalArrivesOverTlsWhileTheClientIsStillSending() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, TestingGateway.tls(dir), "")) {
            for (int i = 0; i < 5; i++) {
                try (TestingConnection client = TestingClient.tlsTo(gateway)) {
                    client.send("GET http://127.0.0.1/" + "a".repeat(100_000));
                    assertThat(client.message()).startsWith("HTTP/1.1 414 URI Too Long\r\n");
                }
            }
            expect(gateway, "malformed", 5);
            gateway.awaitNothingLeft();
        }
    }

    @Test
    void oneAddressMayHoldSoManyConnections() throws Exception {
        String caps = "limits: {flows: 200, clients-per-source: 3}\n";
        try (TestingGateway gateway = TestingGateway.start(dir, caps, "")) {
            List<TestingConnection> held = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                held.add(TestingClient.to(gateway));
            }
            gateway.awaitMetric("postern_client_connections", 3);
            try (TestingConnection fourth = TestingClient.to(gateway)) {
                assertThat(fourth.untilGone()).isEmpty();
            }
            gateway.awaitMetric("postern_overload_total{action=\"close-client\"}", 1);
            held.get(0).close();
            gateway.awaitMetric("postern_client_connections", 2);
            try (TestingConnection again = TestingClient.to(gateway)) {
                assertThat(again.send("nonsense\r\n\r\n").rest()).startsWith("HTTP/1.1 400 ");
            }
            for (TestingConnection some : held) {
                some.close();
            }
        }
    }

    @Test
    void allTogetherMayHoldSoManyConnections() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "limits: {flows: 2}\n", "");
                TestingConnection first = TestingClient.to(gateway);
                TestingConnection second = TestingClient.to(gateway)) {
            gateway.awaitMetric("postern_client_connections", 2);
            try (TestingConnection third = TestingClient.to(gateway)) {
                assertThat(third.untilGone()).isEmpty();
            }
            gateway.awaitMetric("postern_overload_total{action=\"close-client\"}", 1);
            first.close();
            second.close();
            gateway.awaitNothingLeft();
        }
    }

    @Test
    void oneDeviceMayHoldSoManyFlows() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "limits: {flows: 200, flows-per-device: 2}\n", "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection first = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection second = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection third = TestingClient.to(gateway)) {
            assertThat(third.send(connect(origin.authority(), TestingClient.APP))
                            .rest())
                    .startsWith("HTTP/1.1 503 Service Unavailable\r\n"
                            + "Proxy-Status: postern; error=connection_limit_reached\r\nRetry-After: 10\r\n");
            gateway.awaitMetric("postern_overload_total{action=\"refuse-flow\"}", 1);
            first.reset();
            gateway.record(record -> true);
            try (TestingConnection again = TestingClient.tunnel(gateway, origin.authority())) {
                again.reset();
            }
            second.reset();
            gateway.awaitNothingLeft();
        }
    }

    private static void expect(TestingGateway gateway, String reason, double times) {
        gateway.awaitMetric("postern_client_errors_total{ingress=\"http-connect\",reason=\"" + reason + "\"}", times);
    }
}
