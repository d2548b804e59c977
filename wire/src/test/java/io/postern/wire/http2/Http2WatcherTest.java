package io.postern.wire.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Cuts;
import io.postern.wire.http.RequestFacts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http2WatcherTest {

    private static final String GET = "828684418cf1e3c2e5f23a6ba0ab90f4ff";

    /** What was told, a line each. */
    static final class Told implements Http2Listener {

        final List<String> lines = new ArrayList<>();
        private final Map<Integer, String> bodies = new TreeMap<>();

        @Override
        public void request(int stream, RequestFacts request, int bytes) {
            lines.add(stream + " > " + request.method() + ' '
                    + request.authority().orElse("-") + ' ' + request.path().label() + ' ' + bytes
                    + (request.grpc() ? " grpc" : ""));
        }

        @Override
        public void response(int stream, int status, int bytes) {
            lines.add(stream + " < " + status + ' ' + bytes);
        }

        @Override
        public void dns(Sender sender, int stream) {
            lines.add(stream + " " + sender + " dns");
        }

        @Override
        public void packed(Sender sender, int stream) {
            lines.add(stream + " " + sender + " packed");
        }

        /** However it was cut: one line for each stream, told at the end. */
        @Override
        public void body(Sender sender, int stream, ByteBuffer bytes, int from, int to) {
            byte[] some = new byte[to - from];
            bytes.get(from, some);
            bodies.merge(stream, new String(some, StandardCharsets.US_ASCII), String::concat);
        }

        List<String> bodies() {
            return bodies.entrySet().stream()
                    .map(each -> each.getKey() + " " + each.getValue())
                    .toList();
        }

        @Override
        public void trailers(Sender sender, int stream, int bytes) {
            lines.add(stream + " " + sender + " trailers " + bytes);
        }

        @Override
        public void data(Sender sender, int stream, int bytes) {
            lines.add(stream + " " + sender + " data " + bytes);
        }

        @Override
        public void ended(Sender sender, int stream, boolean reset) {
            lines.add(stream + " " + sender + (reset ? " reset" : " ended"));
        }

        @Override
        public void lost(Sender sender, String rule) {
            lines.add(sender + " lost " + rule);
        }
    }

    private static List<String> client(String frames) {
        return Cuts.check(opening(frames), pieces -> {
            Told told = new Told();
            Http2Watcher watcher = new Http2Watcher(Http2Limits.DEFAULTS, told);
            pieces.forEach(watcher::fromClient);
            return told.lines;
        });
    }

    private static List<String> server(String frames) {
        return Cuts.check(hex(frames), pieces -> {
            Told told = new Told();
            Http2Watcher watcher = new Http2Watcher(Http2Limits.DEFAULTS, told);
            pieces.forEach(watcher::fromServer);
            return told.lines;
        });
    }

    /** A content type of application/dns-message, as a literal behind the index of its name; RFC 8484. */
    @Test
    void tellsOfMessagesOfDns() {
        String type =
                "0f10 17" + HexFormat.of().formatHex("application/dns-message".getBytes(StandardCharsets.US_ASCII));

        assertThat(client("00002b 01 05 00000001" + GET + type)).contains("1 CLIENT dns");
        assertThat(client("00002b 01 05 00000001" + GET + type.replace("2d", "2b")))
                .doesNotContain("1 CLIENT dns");
        assertThat(server("00001b 01 05 00000001 88" + type)).contains("1 SERVER dns");
        byte[] path = "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB".getBytes(StandardCharsets.US_ASCII);
        assertThat(client("00003f 01 05 00000001 8286 04 3b" + HexFormat.of().formatHex(path)))
                .contains("1 CLIENT dns");
    }

    @Test
    void readsRequests() {
        assertThat(client("000006 04 00 00000000 000300000064"
                        + "000011 01 05 00000001" + GET
                        + "000016 01 2c 00000003 00 00000000 0f" + GET.substring(0, 30) + "f4ff".substring(0, 2)
                        + "000000 00 01 00000003"))
                .startsWith("1 > GET www.example.com root 17", "1 CLIENT ended");
        assertThat(client("000004 01 00 00000001 82868441" + "000003 09 00 00000001 8cf1e3" + "00000a 09 04 00000001"
                        + "c2e5f23a6ba0ab90f4ff"))
                .containsExactly("1 > GET www.example.com root 17");
        assertThat(client("00001b 01 0c 00000001 05" + "828684418cf1e3c2e5f23a6ba0ab90f4ff" + "0f 10 01 61"
                        + "0000000000"))
                .containsExactly("1 > GET www.example.com root 21");
        assertThat(client("000017 01 24 00000001 0000000010" + GET + "88")).hasSize(1);
    }

    /** Padding is no body; content-encoding, index 26, and content-type, index 31, of the static table. */
    @Test
    void showsBodiesByStreamAndSaysWhichAreCompressed() {
        List<String> bodies = Cuts.check(
                opening("000011 01 04 00000001" + GET + "000011 01 04 00000003" + GET
                        + "000005 00 08 00000001 02 6162 0000" + "000002 00 00 00000003 7879"
                        + "000001 00 01 00000001 63"),
                pieces -> {
                    Told told = new Told();
                    Http2Watcher watcher = new Http2Watcher(Http2Limits.DEFAULTS, told);
                    pieces.forEach(watcher::fromClient);
                    return told.bodies();
                });
        assertThat(bodies).containsExactly("1 abc", "3 xy");

        assertThat(client("000018 01 04 00000001" + GET + "0f0b 04 677a6970")).contains("1 CLIENT packed");
        assertThat(client("00001c 01 04 00000001" + GET + "0f0b 08 6964656e74697479"))
                .doesNotContain("1 CLIENT packed");
        assertThat(server("00000e 01 04 00000001 88 0f10 0a 696d6167652f77656270"))
                .contains("1 SERVER packed");
    }

    @Test
    void readsResponses() {
        assertThat(server("000000 04 00 00000000"
                        + "000001 01 04 00000001 88"
                        + "000005 00 08 00000001 02 6162 0000"
                        + "000000 00 00 00000001"
                        + "000003 01 05 00000001 0f0d00"
                        + "000004 03 00 00000003 00000008"
                        + "000004 08 00 00000000 00010000"
                        + "000005 05 04 00000001 00000002 82"
                        + "000005 01 04 00000005 08 03 313033"
                        + "000001 01 05 00000005 8d"))
                .containsExactly(
                        "1 < 200 1",
                        "1 SERVER data 2",
                        "1 SERVER data 0",
                        "1 SERVER trailers 3",
                        "1 SERVER ended",
                        "3 SERVER reset",
                        "5 < 404 1",
                        "5 SERVER ended");
    }

    @Test
    void grpcIsSeenByItsContent() {
        // :method POST, then content-type by its index and a value of its own.
        String type = HexFormat.of().formatHex("application/grpc".getBytes(StandardCharsets.US_ASCII));
        assertThat(client("000015 01 04 00000001 83 87 5f 10" + type + "84"))
                .containsExactly("1 > POST - root 21 grpc");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            000001 09 04 00000001 82                            | a field block that is not continued, or a continuation of none, RFC 9113 section 6.10
            000001 01 00 00000001 82 000001 00 00 00000001 00   | a field block that is not continued, or a continuation of none, RFC 9113 section 6.10
            000001 01 00 00000001 82 000001 09 04 00000003 82   | a field block that is not continued, or a continuation of none, RFC 9113 section 6.10
            000003 00 08 00000001 03 0000                       | padding longer than its frame, RFC 9113 section 6.1
            000001 01 04 00000001 80                            | index beyond the tables, RFC 7541 section 2.3.3
            """)
    void whatBreaksARuleEndsTheDirection(String frames, String rule) {
        assertThat(client(frames)).containsExactly("CLIENT lost " + rule);
    }

    @Test
    void floodsAreGivenUp() {
        String empty = "000000 09 00 00000001";
        assertThat(client("000001 01 00 00000001 82" + empty.repeat(17)))
                .containsExactly("CLIENT lost " + Http2Side.CONTINUATIONS);
        byte[] block = new byte[9 + (1 << 20)];
        block[0] = 0x10;
        block[3] = 1;
        block[8] = 1;
        Told told = new Told();
        new Http2Watcher(Http2Limits.DEFAULTS, told).fromServer(ByteBuffer.wrap(block));
        assertThat(told.lines).containsExactly("SERVER lost " + Http2Side.BLOCK);
    }

    @Test
    void aServersSettingAllowsItsClientALargerTable() {
        Told told = new Told();
        Http2Watcher watcher = new Http2Watcher(Http2Limits.DEFAULTS, told);
        watcher.fromServer(ByteBuffer.wrap(hex("000006 04 00 00000000 000100002000")));
        watcher.fromClient(ByteBuffer.wrap(opening("000005 01 04 00000001 3fe13f 82 84")));
        assertThat(told.lines).containsExactly("1 > GET - root 5");
    }

    @Test
    void whoeverOpensOtherwiseIsNotRead() {
        Told told = new Told();
        Http2Watcher watcher = new Http2Watcher(Http2Limits.DEFAULTS, told);
        watcher.fromClient(ByteBuffer.wrap("PRI * HTTP/1.1".getBytes(StandardCharsets.US_ASCII)));
        assertThat(told.lines).containsExactly("CLIENT lost " + Http2Side.PREFACE);
    }

    private static byte[] opening(String frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(hex(frames));
        return bytes.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
