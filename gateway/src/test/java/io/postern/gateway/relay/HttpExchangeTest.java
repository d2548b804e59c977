package io.postern.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.gateway.ingress.PlainRequest;
import io.postern.gateway.relay.HttpExchange.Next;
import io.postern.wire.Parse;
import io.postern.wire.Payloads;
import io.postern.wire.http.Forwarding;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestForward;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpExchangeTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nX-Sum: a\r\n\r\n";

    private final Forwarding forwarding = new Forwarding("test");
    private final StringBuilder origin = new StringBuilder();
    private final StringBuilder client = new StringBuilder();
    private final ByteBuf in = Unpooled.buffer();

    @AfterEach
    void release() {
        in.release();
    }

    @Test
    void takesWhatIsItsOwnAndNothingMore() {
        HttpExchange exchange =
                begun("POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\n");
        assertThat(exchange.takesBody()).isTrue();
        assertThat(exchange.fromClient(bytes("helloGET http://b"))).isEqualTo(Next.MORE);
        assertThat(exchange.takesBody()).isFalse();
        assertThat(rest()).isEqualTo("GET http://b");
        assertThat(exchange.fromOrigin(bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 poison")))
                .isEqualTo(Next.DONE);
        assertThat(rest()).isEqualTo("HTTP/1.1 200 poison");
        assertThat(origin).startsWith("POST / HTTP/1.1\r\nHost: a.example\r\n").endsWith("\r\n\r\nhello");
        assertThat(client).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok");
    }

    /** However the response is cut, the client gets the same. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void theCutOfAResponseDoesNotMatter(int size) {
        HttpExchange exchange = begun("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
        ByteBuf held = Unpooled.buffer();
        Next next = Next.MORE;
        for (int at = 0; at < CHUNKED.length(); at += size) {
            assertThat(next).isEqualTo(Next.MORE);
            held.writeBytes(
                    CHUNKED.substring(at, Math.min(CHUNKED.length(), at + size)).getBytes(StandardCharsets.US_ASCII));
            next = exchange.fromOrigin(held);
        }
        held.release();
        assertThat(next).isEqualTo(Next.DONE);
        String body = client.substring(client.indexOf("\r\n\r\n") + 4);
        assertThat(body.replaceAll("[0-9]\r\n|\r\n", "")).isEqualTo("hello!X-Sum: a");
    }

    @Test
    void anEarlyFinalResponseIsTheLast() {
        HttpExchange exchange =
                begun("POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 500\r\n\r\n");
        assertThat(exchange.fromOrigin(bytes("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")))
                .isEqualTo(Next.LAST);
    }

    @Test
    void interimResponsesAreNotFinalAndMayNotFlood() {
        HttpExchange exchange = begun("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
        String hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
        assertThat(exchange.fromOrigin(bytes(hint.repeat(16)))).isEqualTo(Next.MORE);
        assertThat(exchange.answered()).isFalse();
        assertThat(exchange.fromOrigin(bytes(hint))).isEqualTo(Next.BROKEN);
    }

    @Test
    void theEndOfTheOriginEndsOnlyABodyThatEndsSo() {
        HttpExchange open = begun("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
        assertThat(open.fromOrigin(bytes("HTTP/1.1 200 OK\r\n\r\nall of it"))).isEqualTo(Next.MORE);
        assertThat(open.originFinished()).isEqualTo(Next.LAST);

        HttpExchange counted = begun("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
        assertThat(counted.fromOrigin(bytes("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")))
                .isEqualTo(Next.MORE);
        assertThat(counted.originFinished()).isEqualTo(Next.BROKEN);

        HttpExchange silent = begun("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
        assertThat(silent.originFinished()).isEqualTo(Next.BROKEN);
    }

    @Test
    void onlyAnUpgradeThatWasAskedForSwitches() {
        String upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nraw";
        HttpExchange asked = begun(
                "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        assertThat(asked.fromOrigin(bytes(upgrade))).isEqualTo(Next.SWITCHED);
        assertThat(rest()).isEqualTo("raw");

        HttpExchange unasked = begun("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
        assertThat(unasked.fromOrigin(bytes(upgrade))).isEqualTo(Next.BROKEN);
    }

    private HttpExchange begun(String request) {
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
        Parse<RequestHead> parse = new RequestHeadParser(HttpLimits.DEFAULTS).parse(bytes);
        RequestHead head = ((Parse.Done<RequestHead>) parse).value();
        PlainRequest plain = new PlainRequest(head, (RequestForward.Ready) forwarding.request(head));
        HttpExchange exchange = new HttpExchange(
                plain,
                forwarding,
                some -> append(origin, some),
                some -> append(client, some),
                Payloads.UNSEEN,
                Payloads.UNSEEN);
        exchange.begin();
        return exchange;
    }

    private ByteBuf bytes(String text) {
        in.clear();
        return in.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String rest() {
        return in.toString(StandardCharsets.US_ASCII);
    }

    private static void append(StringBuilder to, ByteBuf some) {
        to.append(some.toString(StandardCharsets.US_ASCII));
        some.release();
    }
}
