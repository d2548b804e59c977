package io.postern.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests in absolute-form go to their origin and their responses come back, as RFC 9110 and 9112 have it. */
@ExtendWith(QuietLog.class)
class PlainHttpIT {

    @RegisterExtension
    static final SharedGateway SHARED = new SharedGateway();

    private final TestingGateway gateway = SHARED.gateway();

    @Test
    void theOriginSeesOriginFormAndNothingMeantForTheGateway() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send("GET http://" + origin.authority() + "/path?query HTTP/1.1\r\nHost: " + origin.authority()
                    + "\r\n" + TestingClient.authorization("com.acme.browser")
                    + "Proxy-Connection: keep-alive\r\nConnection: x-hop\r\nX-Hop: a\r\nX-Forwarded-For: 10.0.0.1\r\n"
                    + "Forwarded: for=10.0.0.1\r\nX-Real-IP: 10.0.0.1\r\nX-Postern-App: b\r\nX_Forwarded_For: c\r\n"
                    + "TE: trailers\r\nKeep-Alive: timeout=5\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
                    + "Accept: text/html\r\nCookie: a=b\r\n\r\n");
            try (TestingConnection server = origin.accept()) {
                String head = server.head();
                assertThat(head)
                        .startsWith("GET /path?query HTTP/1.1\r\nHost: " + origin.authority() + "\r\n")
                        .contains("\r\nAccept: text/html\r\n", "\r\nCookie: a=b\r\n")
                        .containsPattern("\r\nVia: 1\\.1 postern-[0-9a-f]+\r\n");
                assertThat(head.toLowerCase(java.util.Locale.ROOT))
                        .doesNotContain("proxy-", "x-hop", "x-forwarded", "forwarded:", "x-real-ip", "x-postern")
                        .doesNotContain("x_forwarded", "\r\nte:", "keep-alive", "upgrade", "http2-settings");
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nProxy-Authenticate: Basic\r\nConnection: x-too\r\n"
                        + "X-Too: a\r\nSet-Cookie: c=d\r\n\r\nhello");
                assertThat(client.message())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("\r\n\r\nhello")
                        .contains("\r\nSet-Cookie: c=d\r\n", "\r\nVia: 1.1 postern-")
                        .doesNotContain("Proxy-Authenticate", "X-Too", "x-too");
            }
            client.close();
            JsonNode line = gateway.record(of("com.acme.browser"));
            assertThat(line.at("/app_name").asString()).isEqualTo("http");
            assertThat(line.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
            assertThat(line.at("/unmapped/postern/http_method").asString()).isEqualTo("GET");
        }
    }

    @Test
    void aConnectionServesManyRequestsToOneOriginAsOneFlow() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/0", "com.acme.one"));
            try (TestingConnection server = origin.accept()) {
                for (int i = 0; i < 5; i++) {
                    assertThat(server.head()).startsWith("GET /" + i + " ");
                    server.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + i);
                    assertThat(client.message()).endsWith("\r\n\r\n" + i);
                    client.send(TestingClient.get(origin, "/" + (i + 1), "com.acme.one"));
                }
                assertThat(server.head()).startsWith("GET /5 ");
                server.send("HTTP/1.1 204 No Content\r\n\r\n");
                assertThat(client.message()).startsWith("HTTP/1.1 204 ");
            }
            client.close();
            gateway.record(of("com.acme.one"));
            assertThat(gateway.records()).filteredOn(of("com.acme.one")).hasSize(1);
        }
    }

    @Test
    void anotherOriginOrAnotherTagIsAnotherFlow() throws Exception {
        try (TestingOrigin first = new TestingOrigin();
                TestingOrigin second = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            exchange(client, first, "com.acme.two");
            exchange(client, second, "com.acme.two");
            exchange(client, second, "com.acme.three");
            client.close();
            gateway.record(of("com.acme.three"));
            assertThat(gateway.records())
                    .filteredOn(of("com.acme.two"))
                    .extracting(line -> line.at("/dst_endpoint/port").asInt())
                    .containsExactly(first.port(), second.port());
        }
    }

    private static void exchange(TestingConnection client, TestingOrigin origin, String app) throws Exception {
        client.send(TestingClient.get(origin, "/", app));
        try (TestingConnection server = origin.accept()) {
            assertThat(server.head()).startsWith("GET / ");
            server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.message()).endsWith("ok");
        }
    }

    /** The next is not sent before the one before is answered, so no answer can go to another's question. */
    @Test
    void pipelinedRequestsAreServedOneAfterTheOther() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingOrigin elsewhere = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/1", TestingClient.APP)
                    + TestingClient.post(origin, "/2", "Content-Length: 4\r\n\r\nbody")
                    + TestingClient.get(elsewhere, "/3", TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head()).startsWith("GET /1 ");
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
                assertThat(server.head()).startsWith("POST /2 ");
                assertThat(server.read(4)).isEqualTo("body");
                assertThat(elsewhere.untouched()).isTrue();
                server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\n");
                try (TestingConnection other = elsewhere.accept()) {
                    assertThat(other.head()).startsWith("GET /3 ");
                    other.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n3");
                    assertThat(client.message()).endsWith("\r\n\r\n1");
                    assertThat(client.head()).contains("Transfer-Encoding: chunked");
                    assertThat(client.read(11)).isEqualTo("1\r\n2\r\n0\r\n\r\n");
                    assertThat(client.message()).endsWith("\r\n\r\n3");
                }
            }
        }
    }

    @Test
    void aBodyAndItsTrailersGoBothWays() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.post(origin, "/", "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n"));
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head())
                        .contains("\r\nTransfer-Encoding: chunked\r\n")
                        .doesNotContain("x=y");
                assertThat(server.read(10)).isEqualTo("5\r\nhello\r\n");
                client.send("6\r\n world\r\n0\r\nX-Sum: 1\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n");
                assertThat(server.read(11)).isEqualTo("6\r\n world\r\n");
                assertThat(server.head()).isEqualTo("0\r\nX-Sum: 1\r\n\r\n");
                server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 2\r\n\r\n");
                assertThat(client.head()).contains("\r\nTransfer-Encoding: chunked\r\n");
                assertThat(client.read(7)).isEqualTo("2\r\nok\r\n");
                assertThat(client.head()).isEqualTo("0\r\nX-Sum: 2\r\n\r\n");
            }
        }
    }

    @Test
    void aClientThatAsksFirstHasItsContinue() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.post(origin, "/", "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
            try (TestingConnection server = origin.accept()) {
                assertThat(server.head()).contains("\r\nExpect: 100-continue\r\n");
                server.send("HTTP/1.1 100 Continue\r\n\r\n");
                assertThat(client.head()).startsWith("HTTP/1.1 100 Continue\r\n");
                client.send("hello");
                assertThat(server.read(5)).isEqualTo("hello");
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.message()).startsWith("HTTP/1.1 200 OK\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD|200 OK|Content-Length: 1000",
                "GET|304 Not Modified|Content-Length: 1000",
                "GET|204 No Content|X: y",
                "HEAD|200 OK|Transfer-Encoding: chunked"
            })
    void aResponseWithoutBodyEndsWithItsHead(String what) throws Exception {
        List<String> parts = List.of(what.split("\\|", -1));
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/1", TestingClient.APP).replace("GET", parts.get(0)));
            try (TestingConnection server = origin.accept()) {
                server.head();
                server.send("HTTP/1.1 " + parts.get(1) + "\r\n" + parts.get(2) + "\r\n\r\n");
                assertThat(client.head())
                        .startsWith("HTTP/1.1 " + parts.get(1) + "\r\n")
                        .contains(parts.get(2));
                client.send(TestingClient.get(origin, "/2", TestingClient.APP));
                assertThat(server.head()).startsWith("GET /2 ");
                server.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(client.message()).endsWith("\r\n\r\nok");
            }
        }
    }

    @Test
    void aRequestThatHasPassedHereIsALoop() throws Exception {
        try (TestingOrigin origin = new TestingOrigin();
                TestingConnection client = TestingClient.to(gateway);
                TestingConnection again = TestingClient.to(gateway)) {
            client.send(TestingClient.get(origin, "/", TestingClient.APP));
            try (TestingConnection server = origin.accept()) {
                String head = server.head();
                String via = head.substring(head.indexOf("Via: "), head.indexOf("\r\n", head.indexOf("Via: ")));
                again.send(TestingClient.get(origin, "/", TestingClient.APP)
                        .replace("\r\n\r\n", "\r\n" + via + "\r\n\r\n"));
                assertThat(again.rest()).startsWith("HTTP/1.1 508 Loop Detected\r\n");
            }
            assertThat(client.rest()).startsWith("HTTP/1.1 502 ");
        }
    }

    private static java.util.function.Predicate<JsonNode> of(String app) {
        return line -> line.at("/actor/app_uid").asString().equals(app);
    }
}
