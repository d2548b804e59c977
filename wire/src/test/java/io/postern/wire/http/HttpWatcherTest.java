package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Cuts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpWatcherTest {

    /** What was told, a line each. */
    private static final class Told implements HttpListener {

        private final List<String> lines = new ArrayList<>();

        @Override
        public void request(RequestFacts request, int headBytes) {
            lines.add("> " + request.method() + ' ' + request.authority().orElse("-") + ' '
                    + request.path().label() + ' ' + request.userAgent().orElse("-") + ' ' + headBytes
                    + (request.grpc() ? " grpc" : ""));
        }

        @Override
        public void dns() {
            lines.add("dns");
        }

        @Override
        public void requestEnded(long bodyBytes) {
            lines.add("> " + bodyBytes);
        }

        @Override
        public void response(int status, int headBytes) {
            lines.add("< " + status + ' ' + headBytes);
        }

        @Override
        public void responseEnded(long bodyBytes) {
            lines.add("< " + bodyBytes);
        }

        @Override
        public void turned(Turn turn) {
            lines.add("turned " + turn);
        }

        @Override
        public void lost(String rule) {
            lines.add("lost " + rule);
        }
    }

    /** Without chunk sizes, and with what the head says of them. */
    @Test
    void bodiesAreShown() {
        String client = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                + "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
                + "PUT / HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: 1\r\n\r\nx";
        String server = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                + "HTTP/1.1 204 No\r\n\r\n"
                + "HTTP/1.0 200 OK\r\nContent-Type: application/zip\r\n\r\nto the end";

        String sent = Cuts.check(bytes(client), pieces -> {
            Shown shown = new Shown();
            HttpWatcher watcher = new HttpWatcher(shown);
            pieces.forEach(watcher::fromClient);
            return shown.text.toString();
        });
        assertThat(sent).isEqualTo("hello;ABCDE;X;");
        String received = Cuts.check(bytes(server), pieces -> {
            Shown shown = new Shown();
            HttpWatcher watcher = new HttpWatcher(shown);
            watcher.fromClient(ByteBuffer.wrap(bytes(client)));
            shown.text.setLength(0);
            pieces.forEach(watcher::fromServer);
            return shown.text.toString();
        });
        assertThat(received).isEqualTo("ok;;TO THE END");
    }

    /** What bodies hold, in capitals where they say that they are compressed. */
    private static final class Shown implements HttpListener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public void requestBody(ByteBuffer bytes, int from, int to, boolean packed) {
            for (int i = from; i < to; i++) {
                char one = (char) bytes.get(i);
                text.append(packed ? Character.toUpperCase(one) : one);
            }
        }

        @Override
        public void responseBody(ByteBuffer bytes, int from, int to, boolean packed) {
            requestBody(bytes, from, to, packed);
        }

        @Override
        public void request(RequestFacts request, int headBytes) {}

        @Override
        public void dns() {}

        @Override
        public void requestEnded(long bodyBytes) {
            text.append(';');
        }

        @Override
        public void response(int status, int headBytes) {}

        @Override
        public void responseEnded(long bodyBytes) {
            text.append(';');
        }

        @Override
        public void turned(Turn turn) {}

        @Override
        public void lost(String rule) {}
    }

    private static List<String> watch(String client, String server) {
        List<String> requests = Cuts.check(bytes(client), pieces -> {
            Told told = new Told();
            HttpWatcher watcher = new HttpWatcher(told);
            pieces.forEach(watcher::fromClient);
            return told.lines;
        });
        List<String> all = Cuts.check(bytes(server), pieces -> {
            Told told = new Told();
            HttpWatcher watcher = new HttpWatcher(told);
            watcher.fromClient(ByteBuffer.wrap(bytes(client)));
            pieces.forEach(watcher::fromServer);
            return told.lines;
        });
        assertThat(all.subList(0, requests.size())).isEqualTo(requests);
        return all;
    }

    /** RFC 8484 section 4.1.1 has the question and section 4.2.2 such an answer. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB HTTP/1.1             | true
            GET /q?a=b&dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB&c HTTP/1.1           | true
            GET /q?x=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB HTTP/1.1                  | false
            GET /q?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQ HTTP/1.1                  | false
            GET /q?dns=off HTTP/1.1                                                         | false
            GET /q?dns=%41 HTTP/1.1                                                         | false
            POST /q?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB HTTP/1.1                | false
            POST / HTTP/1.1\\r\\ncontent-type: Application/DNS-Message                        | true
            POST / HTTP/1.1\\r\\ncontent-type: application/dns-message; charset=x             | true
            POST / HTTP/1.1\\r\\ncontent-type: application/dns-messages                       | false
            """)
    void tellsOfQuestionsOfDns(String head, boolean dns) {
        List<String> told = watch(head.translateEscapes() + "\r\n\r\n", "");

        assertThat(told.contains("dns")).isEqualTo(dns);
    }

    @Test
    void tellsOfAnswersOfDns() {
        assertThat(watch(
                        "GET /x HTTP/1.1\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\nContent-Length: 0\r\n\r\n"))
                .contains("dns");
    }

    @Test
    void readsOneMessageBehindTheOther() {
        assertThat(watch(
                        "GET /v1/x?secret HTTP/1.1\r\nHost: a.example\r\nUser-Agent: curl/8\r\n\r\n"
                                + "POST http://b.example/up HTTP/1.1\r\nHost: c\r\nContent-Length: 3\r\n\r\nabc"
                                + "\r\nHEAD / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                + "HTTP/1.1 100 Continue\r\n\r\n"
                                + "HTTP/1.1 201 \r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
                                + "HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\n"
                                + "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\n\r\nuntil the end"))
                .containsExactly(
                        "> GET a.example api curl/8 66",
                        "> 0",
                        "> POST b.example other - 65",
                        "> 3",
                        "> HEAD - root - 47",
                        "> 12",
                        "< 200 38",
                        "< 2",
                        "< 201 45",
                        "< 11",
                        "< 200 39",
                        "< 0",
                        "< 304 48",
                        "< 0",
                        "< 200 19");
    }

    @ParameterizedTest
    @CsvSource({"websocket, WEBSOCKET", "WebSocket, WEBSOCKET", "h2c, H2C", "tls/1.0, OTHER"})
    void stopsWhereItTurnsToSomethingElse(String upgrade, HttpListener.Turn turn) {
        Told told = new Told();
        HttpWatcher watcher = new HttpWatcher(told);
        watcher.fromClient(ByteBuffer.wrap(bytes("GET /chat HTTP/1.1\r\nUpgrade: " + upgrade + "\r\n\r\n")));
        ByteBuffer server = ByteBuffer.wrap(
                bytes("HTTP/1.1 101 x\r\nUpgrade: " + upgrade + "\r\nSec-WebSocket-Accept: x\r\n\r\n\201\1a"));
        watcher.fromServer(server);
        assertThat(told.lines).endsWith("turned " + turn);
        assertThat(watcher.over()).isTrue();
        assertThat(server.remaining()).isEqualTo(3);
        ByteBuffer client = ByteBuffer.wrap(bytes("\201\201"));
        watcher.fromClient(client);
        assertThat(client.remaining()).isEqualTo(2);
    }

    @Test
    void aTunnelIsOneOnceItIsGranted() {
        assertThat(watch("CONNECT a.example:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n"))
                .containsExactly("> CONNECT a.example:443 none - 34", "> 0", "< 407 37", "< 0");
        assertThat(watch("CONNECT a.example:443 HTTP/1.1\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n"))
                .endsWith("turned TUNNEL");
        assertThat(watch("CONNECT a.example:443 HTTP/1.1\r\n\r\n\26\3", "")).endsWith("lost " + HttpWatcher.EARLY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SSH-2.0-x\\r\\n                                            | no message of HTTP/1 begins here, RFC 9112 section 2.1
            GET / RTSP/1.0\\r\\n                                       | no message of HTTP/1 begins here, RFC 9112 section 2.1
            POST / HTTP/1.1\\r\\nContent-Length: 1,2\\r\\n\\r\\n          | Content-Length is not one decimal number, RFC 9110 section 8.6
            POST / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nx | chunk size is not hexadecimal, RFC 9112 section 7.1
            """)
    void givesUpWhereNoMessageCanBeFound(String client, String rule) {
        assertThat(watch(client.translateEscapes(), "HTTP/1.1 200 OK\r\n\r\n")).containsSequence("lost " + rule);
    }

    @Test
    void aHeadWithoutAnEndIsGivenUp() {
        String endless = "GET / HTTP/1.1\r\nX: " + "x".repeat(70_000);
        Told told = new Told();
        new HttpWatcher(told).fromClient(ByteBuffer.wrap(bytes(endless)));
        assertThat(told.lines).containsExactly("lost " + SeenMessages.TOO_LONG);
    }

    @Test
    void requestsThatAreNeverAnsweredAreGivenUp() {
        Told told = new Told();
        HttpWatcher watcher = new HttpWatcher(told);
        watcher.fromClient(ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n".repeat(HttpWatcher.MOST_PENDING + 1))));
        assertThat(told.lines).endsWith("lost " + HttpWatcher.TOO_MANY);
    }

    @Test
    void lossInsideABodyIsCountedWithIt() {
        Told told = new Told();
        HttpWatcher watcher = new HttpWatcher(told);
        watcher.fromClient(ByteBuffer.wrap(bytes("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nab")));
        watcher.missedFromClient(5);
        watcher.fromClient(ByteBuffer.wrap(bytes("xyz")));
        assertThat(told.lines).endsWith("> 10");
        watcher.missedFromClient(1);
        assertThat(told.lines).endsWith("lost " + HttpWatcher.GAP);
    }

    @Test
    void credentialsInATargetAreNotKept() {
        assertThat(watch("GET http://me:secret@a.example/ HTTP/1.1\r\n\r\n", "").get(0))
                .isEqualTo("> GET a.example root - 44");
    }

    @Test
    void grpcIsSeenByItsContent() {
        assertThat(watch("POST /a.B/C HTTP/1.1\r\ncontent-type: application/grpc+proto\r\n\r\n", "")
                        .get(0))
                .endsWith(" grpc");
        assertThat(RequestFacts.grpc("application/grpc-web")).isFalse();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
