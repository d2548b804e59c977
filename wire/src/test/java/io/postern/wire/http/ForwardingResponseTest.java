package io.postern.wire.http;

import static io.postern.wire.http.Heads.text;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingResponseTest {

    private static final Forwarding FORWARDING = new Forwarding("gate-1");
    private static final RequestHead GET = Heads.request("GET http://a/ HTTP/1.1", "Host: a");
    private static final RequestHead OLD_GET = Heads.request("GET http://a/ HTTP/1.0");
    private static final RequestHead WEBSOCKET = Heads.request(
            "GET http://a/ HTTP/1.1",
            "Host: a",
            "Connection: upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: k");

    private static ResponseForward.Ready ready(RequestHead request, String... lines) {
        ResponseForward forward = FORWARDING.response(request, Heads.response(lines), false);
        assertThat(forward).isInstanceOf(ResponseForward.Ready.class);
        return (ResponseForward.Ready) forward;
    }

    private static String sent(ResponseForward.Ready ready) {
        return text(ready.head().bytes()).replace("\r\n", "~");
    }

    @Test
    void isWrittenAnewInOurVersion() {
        ResponseForward.Ready ready = ready(
                GET,
                "HTTP/1.0 200 OK",
                "Connection: keep-alive, x-hop",
                "X-Hop: 1",
                "Proxy-Authenticate: Basic",
                "X-Postern-Verdict: allow",
                "Server: s",
                "content-length: 05");
        assertThat(sent(ready)).isEqualTo("HTTP/1.1 200 OK~Server: s~Content-Length: 5~Via: 1.0 gate-1~~");
        assertThat(ready.received()).isEqualTo(BodyFraming.length(5)).isEqualTo(ready.sent());
        assertThat(ready.close()).isFalse();
    }

    @Test
    void aBodyUntilCloseClosesTheClientToo() {
        ResponseForward.Ready ready = ready(GET, "HTTP/1.1 200 OK");
        assertThat(ready.close()).isTrue();
        assertThat(ready.sent()).isEqualTo(BodyFraming.UNTIL_CLOSE);
        assertThat(sent(ready)).contains("~Connection: close~");
    }

    @Test
    void anOldClientGetsNoChunks() {
        ResponseForward.Ready ready = ready(OLD_GET, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
        assertThat(ready.received()).isEqualTo(BodyFraming.CHUNKED);
        assertThat(ready.sent()).isEqualTo(BodyFraming.UNTIL_CLOSE);
        assertThat(sent(ready)).isEqualTo("HTTP/1.1 200 OK~Connection: close~Via: 1.1 gate-1~~");
    }

    @Test
    void anOldClientGetsNoInterimResponse() {
        assertThat(FORWARDING.response(OLD_GET, Heads.response("HTTP/1.1 103 Early Hints"), false))
                .isEqualTo(new ResponseForward.Withheld());
        ResponseForward.Ready interim = ready(GET, "HTTP/1.1 100 Continue");
        assertThat(interim.head().interim()).isTrue();
        assertThat(interim.close()).isFalse();
    }

    @Test
    void headAndNotModifiedKeepTheirLengthAndHaveNoBody() {
        RequestHead head = Heads.request("HEAD http://a/ HTTP/1.1", "Host: a");
        assertThat(ready(head, "HTTP/1.1 200 OK", "Content-Length: 5").sent()).isEqualTo(BodyFraming.NONE);
        assertThat(sent(ready(head, "HTTP/1.1 200 OK", "Content-Length: 5"))).contains("~Content-Length: 5~");
        assertThat(sent(ready(GET, "HTTP/1.1 304 Not Modified", "Content-Length: 5")))
                .contains("~Content-Length: 5~");
    }

    @Test
    void noContentLosesItsLengthAndCloses() {
        ResponseForward.Ready ready = ready(GET, "HTTP/1.1 204 No Content", "Content-Length: 5");
        assertThat(sent(ready)).isEqualTo("HTTP/1.1 204 No Content~Connection: close~Via: 1.1 gate-1~~");
        assertThat(ready.sent()).isEqualTo(BodyFraming.NONE);
    }

    @Test
    void protocolsAreSwitchedOnlyWhenAsked() {
        String[] switching = {"HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket"};
        assertThat(sent(ready(WEBSOCKET, switching)))
                .isEqualTo("HTTP/1.1 101 Switching Protocols~Connection: Upgrade~Upgrade: websocket~Via: 1.1 gate-1~~");
        assertThat(FORWARDING.response(GET, Heads.response(switching), false))
                .isInstanceOf(ResponseForward.Refused.class);
        assertThat(FORWARDING.response(WEBSOCKET, Heads.response("HTTP/1.1 101 X", "Upgrade: h2c"), false))
                .isInstanceOf(ResponseForward.Refused.class);
    }

    @Test
    void theRequestsReasonsToCloseHold() {
        assertThat(FORWARDING.response(GET, Heads.response("HTTP/1.1 200 OK", "Content-Length: 1"), true))
                .isInstanceOfSatisfying(
                        ResponseForward.Ready.class,
                        ready -> assertThat(ready.close()).isTrue());
        RequestHead closing = Heads.request("GET http://a/ HTTP/1.1", "Host: a", "Connection: close");
        assertThat(ready(closing, "HTTP/1.1 200 OK", "Content-Length: 1").close())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1~Content-Length: 2", "Content-Length: 1~Transfer-Encoding: chunked"})
    void whatHasNoEndToBeFoundIsRefused(String fields) {
        ResponseHead head = Heads.response(("HTTP/1.1 200 OK~" + fields).split("~"));
        assertThat(FORWARDING.response(GET, head, false))
                .isInstanceOfSatisfying(
                        ResponseForward.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(502));
    }
}
