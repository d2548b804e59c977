package io.postern.wire.http;

import static io.postern.wire.http.Heads.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingRequestTest {

    private static final Forwarding FORWARDING = new Forwarding("gate-1");

    private static RequestForward.Ready ready(String... lines) {
        RequestForward forward = FORWARDING.request(Heads.request(lines));
        assertThat(forward).isInstanceOf(RequestForward.Ready.class);
        return (RequestForward.Ready) forward;
    }

    private static String sent(String... lines) {
        return text(ready(lines).head().bytes()).replace("\r\n", "~");
    }

    @Test
    void absoluteFormBecomesOriginFormWithTheTargetsHost() {
        assertThat(sent("GET http://A.example:8080/x?y HTTP/1.1", "Accept: */*", "Host: a.example:8080"))
                .isEqualTo("GET /x?y HTTP/1.1~Host: A.example:8080~Accept: */*~Via: 1.1 gate-1~~");
        assertThat(sent("OPTIONS http://[::1] HTTP/1.1", "Host: [::1]"))
                .isEqualTo("OPTIONS * HTTP/1.1~Host: [::1]~Via: 1.1 gate-1~~");
    }

    @Test
    void anOldRequestIsSentInOurVersionAndCloses() {
        assertThat(sent("GET http://a/ HTTP/1.0", "Connection: keep-alive"))
                .isEqualTo("GET / HTTP/1.1~Host: a~Connection: close~Via: 1.0 gate-1~~");
    }

    @Test
    void framingIsOurOwn() {
        assertThat(sent("POST http://a/ HTTP/1.1", "Content-Length: 0005", "Host: a"))
                .isEqualTo("POST / HTTP/1.1~Host: a~Content-Length: 5~Via: 1.1 gate-1~~");
        assertThat(sent("POST http://a/ HTTP/1.1", "Content-Length: 0", "Host: a"))
                .contains("~Content-Length: 0~");
        assertThat(sent("POST http://a/ HTTP/1.1", "TRANSFER-encoding: CHUNKED", "Host: a"))
                .isEqualTo("POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Via: 1.1 gate-1~~");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Proxy-Authorization: Basic x", "Proxy-Connection: keep-alive", "Keep-Alive: 5", "TE: trailers",
                "Upgrade: h2c", "HTTP2-Settings: x", "Forwarded: for=192.0.2.1", "X-Forwarded-For: 192.0.2.1",
                "x-forwarded-host: b", "X_Forwarded_For: 192.0.2.1", "X-Real-IP: 192.0.2.1", "X-Postern-Device: d",
                "x-postern-: ", "Max-Forwards: 3", "Connection: keep-alive"
            })
    void whatIsMeantForUsOrSpeaksForUsGoesNoFurther(String field) {
        assertThat(sent("GET http://a/ HTTP/1.1", "Host: a", field, "B: c"))
                .isEqualTo("GET / HTTP/1.1~Host: a~B: c~Via: 1.1 gate-1~~");
    }

    @Test
    void whateverConnectionNamesGoesNoFurther() {
        assertThat(sent(
                        "GET http://a/ HTTP/1.1",
                        "Host: a",
                        "X-One: 1",
                        "Connection: x-ONE , Cookie",
                        "Cookie: c",
                        "connection: x-two",
                        "x-two: 2",
                        "X-One: 3",
                        "X-Three: 3"))
                .isEqualTo("GET / HTTP/1.1~Host: a~X-Three: 3~Via: 1.1 gate-1~~");
    }

    /** However they are spelt, and in trailers too: servers that fold names as CGI does read them all alike. */
    @Test
    void whatSaysWhoseRequestItIsReachesNoOrigin() {
        Forwarding forwarding = new Forwarding("gate-1", List.of("X-Device", "X-App"));
        RequestForward forward = forwarding.request(Heads.request(
                "GET http://a/ HTTP/1.1",
                "Host: a",
                "X-Postern-Device: 1",
                "X-MobileIron-DEVICE-UUID: 2",
                "x_mobileiron_user_upn: 3",
                "x-device: 4",
                "X_Device: 5",
                "X-APP: 6",
                "X-Devices: 7"));
        assertThat(text(((RequestForward.Ready) forward).head().bytes()).replace("\r\n", "~"))
                .isEqualTo("GET / HTTP/1.1~Host: a~X-Devices: 7~Via: 1.1 gate-1~~");
        assertThat(forwarding.trailers(List.of(new Field("x-app", "1"), new Field("x-apps", "2"))))
                .containsExactly(new Field("x-apps", "2"));
    }

    @Test
    void connectionCannotRemoveWhatWeWrite() {
        RequestForward.Ready ready = ready(
                "POST http://a/ HTTP/1.1", "Host: a", "Connection: host, content-length, via", "Content-Length: 5");
        assertThat(text(ready.head().bytes()))
                .contains("Host: a\r\n", "Content-Length: 5\r\n", "Via: 1.1 gate-1\r\n", "Connection: close\r\n");
        assertThat(ready.close()).isTrue();
    }

    @Test
    void whatIsAmbiguousIsWrittenPlainlyAndCloses() {
        RequestForward.Ready ready = ready(
                "POST http://a/ HTTP/1.1", "Host: a", "Transfer-Encoding: , chunked", "Content_Length: 5", "Host_: b");
        assertThat(ready.close()).isTrue();
        assertThat(ready.body()).isEqualTo(BodyFraming.CHUNKED);
        assertThat(text(ready.head().bytes()).replace("\r\n", "~"))
                .isEqualTo("POST / HTTP/1.1~Host: a~Transfer-Encoding: chunked~Connection: close~Via: 1.1 gate-1~~");
    }

    @Test
    void aWebsocketUpgradeIsPassedOnEndToEnd() {
        RequestForward.Ready ready = ready(
                "GET http://a/ws HTTP/1.1",
                "Host: a",
                "Connection: keep-alive, Upgrade",
                "Upgrade: WebSocket",
                "Sec-WebSocket-Key: k",
                "Sec-WebSocket-Version: 13");
        assertThat(ready.websocket()).isTrue();
        assertThat(text(ready.head().bytes()).replace("\r\n", "~"))
                .isEqualTo("GET /ws HTTP/1.1~Host: a~Sec-WebSocket-Key: k~Sec-WebSocket-Version: 13"
                        + "~Connection: Upgrade~Upgrade: websocket~Via: 1.1 gate-1~~");
    }

    @ParameterizedTest
    @CsvSource({
        "'websocket, h2c', 13, Key",
        "h2c, 13, Key",
        "websocket/13, 13, Key",
        "websocket, 8, Key",
        "websocket, 13, Kay"
    })
    void noOtherUpgradePasses(String upgrade, String version, String key) {
        RequestForward.Ready ready = ready(
                "GET http://a/ HTTP/1.1",
                "Host: a",
                "Connection: upgrade",
                "Upgrade: " + upgrade,
                "Sec-WebSocket-Version: " + version,
                "Sec-WebSocket-" + key + ": k");
        assertThat(ready.websocket()).isFalse();
        assertThat(text(ready.head().bytes())).doesNotContainIgnoringCase("upgrade");
    }

    @Test
    void onlyContinueMayBeExpected() {
        assertThat(ready("POST http://a/ HTTP/1.1", "Host: a", "Expect: 100-Continue", "Content-Length: 1")
                        .expectsContinue())
                .isTrue();
        assertThat(ready("POST http://a/ HTTP/1.0", "Expect: 100-continue", "Content-Length: 1")
                        .expectsContinue())
                .isFalse();
        assertThat(FORWARDING.request(Heads.request("GET http://a/ HTTP/1.1", "Host: a", "Expect: 200-ok")))
                .isInstanceOfSatisfying(
                        RequestForward.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(417));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET / HTTP/1.1~Host: a                             | 400
            OPTIONS * HTTP/1.1~Host: a                         | 400
            CONNECT a:443 HTTP/1.1~Host: a                     | 400
            GET http://a/ HTTP/1.1~Host: b                     | 400
            GET https://a/ HTTP/1.1~Host: a                    | 400
            GET http://a/ HTTP/1.1~Host: a~Via: 1.1 x, 1.0 Gate-1 (c) | 508
            GET http://a/ HTTP/1.1~Host: a~Via: HTTP/1.1 gate-1:80~Via: 1.1 gate-1 | 508
            TRACE http://a/ HTTP/1.1~Host: a~Max-Forwards: 0   | 501
            """)
    void refuses(String lines, int status) {
        assertThat(FORWARDING.request(Heads.request(lines.split("~ ?"))))
                .isInstanceOfSatisfying(
                        RequestForward.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(status));
    }

    @Test
    void otherGatewaysPassUntilTheyAreTooMany() {
        String via = "1.1 other";
        assertThat(sent("GET http://a/ HTTP/1.1", "Host: a", "Via: " + via))
                .isEqualTo("GET / HTTP/1.1~Host: a~Via: 1.1 other~Via: 1.1 gate-1~~");
        String sixteen = String.join(", ", Collections.nCopies(16, via));
        assertThat(ready("GET http://a/ HTTP/1.1", "Host: a", "Via: " + sixteen))
                .isNotNull();
        assertThat(FORWARDING.request(
                        Heads.request("GET http://a/ HTTP/1.1", "Host: a", "Via: " + sixteen, "Via: " + via)))
                .isInstanceOf(RequestForward.Refused.class);
    }

    @Test
    void countedForwardsAreCountedDown() {
        assertThat(sent("OPTIONS http://a/ HTTP/1.1", "Host: a", "Max-Forwards: 3"))
                .contains("~Max-Forwards: 2~");
    }

    @Test
    void trailersKeepWhatIsHarmless() {
        assertThat(FORWARDING.trailers(List.of(
                        new Field("X-Sum", "1"),
                        new Field("Connection", "close"),
                        new Field("X-Postern-App", "a"),
                        new Field("Set-Cookie", "a"),
                        new Field("Proxy-Authorization", "a"))))
                .containsExactly(new Field("X-Sum", "1"));
    }
}
