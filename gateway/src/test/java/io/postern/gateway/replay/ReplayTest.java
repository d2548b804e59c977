package io.postern.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.detect.Detection;
import io.postern.analytics.flow.FlowEvent;
import io.postern.config.SettingsReader;
import io.postern.config.policy.Policy;
import io.postern.gateway.detect.Detections;
import io.postern.gateway.detect.TestingDetection;
import io.postern.gateway.rules.Rules;
import io.postern.wire.packet.TestingFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReplayTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final TestingCapture capture = new TestingCapture();
    private final List<String> wrong = new ArrayList<>();
    private Tags tags = Tags.NONE;

    private Detection detection = new Detections(List.of(), List.of());

    @Test
    void tlsOnAnyPortHasItsNameAndFingerprints() throws Exception {
        capture.connection(40_000, 8_123).open().says(hello("api.acme.example")).close();

        JsonNode flow = only(replay());

        assertThat(flow.at("/app_name").asString()).isEqualTo("tls");
        assertThat(flow.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
        assertThat(flow.at("/unmapped/postern/input").asString()).isEqualTo("a.pcap");
        assertThat(flow.at("/tls/sni").asString()).isEqualTo("api.acme.example");
        assertThat(flow.at("/ja4_fingerprint_list/0/value").asString()).startsWith("t13d");
        assertThat(flow.at("/src_endpoint/ip").asString()).isEqualTo(TestingFrames.CLIENT);
        assertThat(flow.at("/dst_endpoint/port").asInt()).isEqualTo(8_123);
        assertThat(flow.at("/activity_id").asInt()).isEqualTo(2);
        assertThat(flow.at("/unmapped/postern/close_reason").asString()).isEqualTo("client-closed");
        assertThat(flow.at("/unmapped/postern/setup_micros").asInt()).isEqualTo(1_000);
    }

    /** Every order of packets and every packet twice, by a seed that is told. */
    @Test
    void theOrderOfPacketsChangesNothing() throws Exception {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            TestingCapture shuffled = new TestingCapture();
            shuffled.connection(40_000, 443)
                    .open()
                    .says(hello("api.acme.example"))
                    .says("x".repeat(5_000));
            for (int i = 0; i < 6; i++) {
                int at = 2 + random.nextInt(shuffled.size() - 3);
                shuffled.swap(at, at + 1).twice(2 + random.nextInt(shuffled.size() - 2));
            }
            shuffled.write(folder.resolve("s" + seed + ".pcap"));

            JsonNode flow = only(run(List.of(folder.resolve("s" + seed + ".pcap"))));

            assertThat(flow.at("/tls/sni").asString()).as("seed " + seed).isEqualTo("api.acme.example");
            assertThat(flow.at("/traffic/bytes_out").asInt())
                    .as("seed " + seed)
                    .isEqualTo(hello("api.acme.example").length + 5_000);
        }
    }

    @Test
    void whatIsSentInClearIsMeasured() throws Exception {
        byte[] secret = new byte[6_000];
        new Random(1).nextBytes(secret);
        capture.connection(40_040, 80)
                .open()
                .says("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 6000\r\n\r\n")
                .says(secret)
                .hears("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + "ok ".repeat(66) + "ok")
                .close();

        JsonNode flow = only(replay());

        assertThat(flow.at("/unmapped/postern/payload_out/bytes").asInt()).isEqualTo(4_096);
        assertThat(flow.at("/unmapped/postern/payload_out/bits").asDouble()).isGreaterThan(7.94);
        assertThat(flow.at("/unmapped/postern/payload_in/bits").asDouble()).isLessThan(3);
    }

    @Test
    void everyQuestionOfDnsOverTcpIsTold() throws Exception {
        TestingDetection told = new TestingDetection();
        detection = told;
        byte[] question = hex("001b 1234 0100 0001 0000 0000 0000 0161076578616d706c6500 0001 0001");
        TestingCapture.Connection connection = capture.connection(40_041, 53).open();
        for (char label = 'a'; label <= 'c'; label++) {
            question[15] = (byte) label;
            byte[] answer = question.clone();
            answer[4] = (byte) 0x81;
            answer[5] = (byte) 0x83;
            connection.says(question.clone()).hears(answer);
        }
        connection.close();

        replay();

        assertThat(told.events.stream()
                        .filter(FlowEvent.Asked.class::isInstance)
                        .map(FlowEvent.Asked.class::cast)
                        .map(asked -> asked.name() + " " + asked.rcode()))
                .containsExactly("a.example 3", "b.example 3", "c.example 3");
    }

    @Test
    void startTlsKeepsTheDialoguesName() throws Exception {
        capture.connection(40_001, 2_525)
                .open()
                .hears("220 mx.acme.example ESMTP\r\n")
                .says("EHLO device\r\n")
                .hears("250-mx\r\n250 STARTTLS\r\n")
                .says("STARTTLS\r\n")
                .hears("220 go ahead\r\n")
                .says(hello("mx.acme.example"));

        JsonNode flow = only(replay());

        assertThat(flow.at("/app_name").asString()).isEqualTo("smtp");
        assertThat(flow.at("/tls/sni").asString()).isEqualTo("mx.acme.example");
    }

    @Test
    void whatSocksCarriesIsSeenBehindIt() throws Exception {
        capture.connection(40_002, 9_999)
                .open()
                .says(hex("050100"))
                .hears(hex("0500"))
                .says(hex("0501000105060708 01bb"))
                .hears(hex("05000001000000000000"))
                .says(hello("hidden.example"));

        JsonNode flow = only(replay());

        assertThat(flow.at("/app_name").asString()).isEqualTo("socks");
        assertThat(flow.at("/tls/sni").asString()).isEqualTo("hidden.example");
    }

    @Test
    void whatConnectCarriesIsSeenBehindIt() throws Exception {
        capture.connection(40_003, 3_128)
                .open()
                .says("CONNECT hidden.example:443 HTTP/1.1\r\nHost: hidden.example:443\r\n\r\n")
                .hears("HTTP/1.1 200 OK\r\n\r\n")
                .says(hello("hidden.example"));

        JsonNode flow = only(replay());

        assertThat(flow.at("/app_name").asString()).isEqualTo("http");
        assertThat(flow.at("/tls/sni").asString()).isEqualTo("hidden.example");
    }

    /** Proxies leave what comes early where it is, and read it behind their answer. */
    @Test
    void whatDoesNotWaitForConnectIsSeenToo() throws Exception {
        capture.connection(40_016, 3_128)
                .open()
                .says("CONNECT hidden.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n")
                .says(hello("hidden.example"))
                .hears("HTTP/1.1 200 OK\r\n\r\n");

        JsonNode flow = only(replay());

        assertThat(flow.at("/unmapped/postern/http_host").asString()).isEqualTo("hidden.example:443");
        assertThat(flow.at("/tls/sni").asString()).isEqualTo("hidden.example");
    }

    /** Policy asks about the host of each request, not of the first alone. */
    @Test
    void aLaterRequestsHostIsTold() throws Exception {
        capture.connection(40_017, 80)
                .open()
                .says("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
                .hears("HTTP/1.1 204 No\r\n\r\n")
                .says("GET / HTTP/1.1\r\nHost: b.example\r\n\r\n");

        assertThat(only(replay()).at("/unmapped/postern/http_host").asString()).isEqualTo("b.example");
    }

    @Test
    void httpTellsItsRequests() throws Exception {
        capture.connection(40_004, 8_000)
                .open()
                .says("GET /secret/path?q=1 HTTP/1.1\r\nHost: a.example\r\nUser-Agent: app/1\r\n\r\n")
                .hears("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno")
                .says("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
                .hears("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        JsonNode flow = only(replay());

        assertThat(flow.at("/app_name").asString()).isEqualTo("http");
        JsonNode ours = flow.at("/unmapped/postern");
        assertThat(ours.at("/http_host").asString()).isEqualTo("a.example");
        assertThat(ours.at("/http_user_agent").asString()).isEqualTo("app/1");
        assertThat(ours.at("/http_path_class").asString()).isEqualTo("query");
        assertThat(ours.at("/http_requests").asInt()).isEqualTo(2);
        assertThat(ours.at("/http_status").asInt()).isEqualTo(404);
        assertThat(flow.toString()).doesNotContain("secret");
    }

    /** By the question of a GET, by the type of a POST, by the answer alone; RFC 8484. */
    @Test
    void dnsInHttpIsTold() throws Exception {
        String query = "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";
        String type = "Content-Type: application/dns-message\r\nContent-Length: 0\r\n\r\n";
        capture.connection(40_020, 8_000).open().says("GET " + query + " HTTP/1.1\r\nHost: a.example\r\n\r\n");
        capture.connection(40_021, 8_000).open().says("POST /x HTTP/1.1\r\nHost: a.example\r\n" + type);
        capture.connection(40_022, 80).hears("HTTP/1.1 200 OK\r\n" + type);
        capture.connection(40_023, 8_000).open().says("GET /x?dns=off HTTP/1.1\r\nHost: a.example\r\n\r\n");

        List<JsonNode> flows = replay();

        assertThat(flows)
                .extracting(flow -> flow.at("/app_name").asString()
                        + ' '
                        + flow.at("/unmapped/postern/carrier").asString())
                .containsExactly("dns https", "dns https", "dns https", "http ");
        assertThat(flows.get(0).toString()).doesNotContain("AAAB");
        assertThat(flows.get(0).at("/unmapped/postern/http_host").asString()).isEqualTo("a.example");
    }

    /** Servers read over them, RFC 9112 section 2.2. */
    @Test
    void emptyLinesHideNoRequest() throws Exception {
        capture.connection(40_024, 8_000)
                .open()
                .says("\r\n\r\n\n")
                .says("\r\nGET / HTTP/1.1\r\nHost: a.example\r\n\r\n");

        JsonNode flow = only(replay());

        assertThat(flow.at("/app_name").asString()).isEqualTo("http");
        assertThat(flow.at("/unmapped/postern/http_host").asString()).isEqualTo("a.example");
    }

    @Test
    void aStreamThatBeganBeforeIsKnownByItsServer() throws Exception {
        capture.connection(40_005, 81).hears("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(only(replay()).at("/app_name").asString()).isEqualTo("http");
    }

    @Test
    void lostBytesDoNotHideWhatFollows() throws Exception {
        capture.connection(40_006, 82).open().hearsUnseen(700).hears("\0\1junk");
        capture.connection(40_007, 83).hearsUnseen(10).hears(hex("1703030005 0102030405"));

        List<JsonNode> flows = replay();

        assertThat(flows).extracting(flow -> flow.at("/app_name").asString()).containsExactly("unknown", "tls");
    }

    @Test
    void datagramsMakeSessions() throws Exception {
        byte[] query = hex("1234 0100 0001 0000 0000 0000 04 61636d65 07 6578616d706c65 00 0001 0001");
        capture.datagram(50_000, 5_300, query).after(400).datagram(50_000, 5_300, query);

        List<JsonNode> flows = replay();

        assertThat(flows).hasSize(2).allSatisfy(flow -> {
            assertThat(flow.at("/app_name").asString()).isEqualTo("dns");
            assertThat(flow.at("/connection_info/protocol_name").asString()).isEqualTo("udp");
        });
    }

    /**
     * An hour of a connection, a minute of one that is closed, five of datagrams, and as long again from each packet. What
     * comes behind an end is of its flow, and none of its bytes.
     */
    @Test
    void silenceEndsAFlowByItsKind() throws Exception {
        byte[] voice = {0, 1, 2};
        TestingCapture.Connection open = capture.connection(40_030, 443);
        open.open().says("a");
        capture.datagram(50_030, 9_999, voice).after(299).datagram(50_030, 9_999, voice);
        capture.after(3_300);
        open.says("b");
        capture.datagram(50_030, 9_999, voice).after(3_601);
        open.says("c");
        TestingCapture.Connection closed = capture.connection(40_031, 443);
        closed.open().says("a").close().hears("late");
        capture.after(61);
        closed.hears("too late");

        assertThat(replay())
                .extracting(flow -> flow.at("/connection_info/protocol_name").asString()
                        + flow.at("/src_endpoint/port").asInt(0)
                        + ' '
                        + flow.at("/traffic/bytes").asInt())
                .containsExactlyInAnyOrder(
                        "tcp40030 2", "tcp40030 1", "udp50030 6", "udp50030 3", "tcp40031 1", "tcp40031 8");
    }

    @Test
    void aPortThatIsUsedAgainIsAnotherFlow() throws Exception {
        capture.connection(40_008, 80)
                .open()
                .says("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
                .close();
        TestingCapture.Connection again = capture.connection(40_008, 80);
        again.says("").hearsUnseen(1_000_000);
        again.open().says(hello("b.example"));

        assertThat(replay()).extracting(flow -> flow.at("/app_name").asString()).containsExactly("http", "tls");
    }

    @Test
    void aFlowThatGoesOnInTheNextFileStaysOne() throws Exception {
        TestingCapture.Connection one = capture.connection(40_009, 443);
        one.open().says(hello("a.example"));
        capture.write(folder.resolve("1.pcap"));
        TestingCapture rotated = new TestingCapture().after(1);
        TestingCapture.Connection rest = rotated.connection(40_009, 443);
        rest.hears("later");
        rotated.write(folder.resolve("2.pcap"));
        TestingCapture old = new TestingCapture().after(-7_200);
        old.connection(40_009, 443).hears("long before");
        old.write(folder.resolve("3.pcap"));

        List<JsonNode> flows =
                run(List.of(folder.resolve("1.pcap"), folder.resolve("2.pcap"), folder.resolve("3.pcap")));

        assertThat(flows).hasSize(2);
        assertThat(flows.get(0).at("/unmapped/postern/input").asString()).isEqualTo("1.pcap");
        assertThat(flows.get(1).at("/unmapped/postern/input").asString()).isEqualTo("3.pcap");
    }

    /** A stray segment far ahead, which nobody acknowledges: what lies between was never seen to be sent. */
    @Test
    void whatNobodySawIsNotCounted() throws Exception {
        TestingCapture.Connection one = capture.connection(40_018, 443);
        one.open().says("abc");
        one.skips(100_000).says("def");

        assertThat(only(replay()).at("/traffic/bytes_out").asInt()).isEqualTo(6);
    }

    @Test
    void longFlowsWriteALineAnHour() throws Exception {
        TestingCapture.Connection one = capture.connection(40_010, 443);
        one.open().says(hello("a.example"));
        for (int i = 0; i < 5; i++) {
            capture.after(1_800);
            one.says("ping");
        }

        List<JsonNode> lines = replay();

        assertThat(lines).extracting(line -> line.at("/activity_id").asInt()).containsExactly(6, 6, 2);
        assertThat(lines)
                .extracting(line -> line.at("/connection_info/uid").asString())
                .containsOnly(lines.get(0).at("/connection_info/uid").asString());
    }

    @Test
    void tagsSayWhoseFlowsAre() throws Exception {
        tags = Tags.parse("tags.csv", """
                address,device,profile,app
                192.0.2.0/24,LC01,work,com.acme.mail
                192.0.2.1:40011,LC01,work,com.acme.chat
                """).value().orElseThrow();
        capture.connection(40_011, 443).open().says(hello("a.example"));
        capture.connection(40_012, 443).open().says(hello("a.example"));

        assertThat(replay())
                .extracting(flow -> flow.at("/actor/app_uid").asString())
                .containsExactly("com.acme.chat", "com.acme.mail");
    }

    @Test
    void aBrokenInputIsToldOfAndTheRestIsDone() throws Exception {
        capture.connection(40_013, 443).open().says(hello("a.example"));
        byte[] whole = capture.pcap();
        Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(whole, whole.length - 3));
        Files.writeString(folder.resolve("text.pcap"), "no capture at all");
        Files.write(folder.resolve("a.pcap"), whole);

        List<JsonNode> flows = run(List.of(
                folder.resolve("none.pcap"),
                folder.resolve("cut.pcap"),
                folder.resolve("text.pcap"),
                folder.resolve("a.pcap")));

        assertThat(wrong).hasSize(3).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
        assertThat(wrong.get(0)).startsWith("none.pcap: no such file");
        assertThat(wrong.get(1)).startsWith("cut.pcap: byte ");
        assertThat(flows)
                .isNotEmpty()
                .last()
                .satisfies(flow -> assertThat(flow.at("/tls/sni").asString()).isEqualTo("a.example"));
    }

    /** By seeds: nothing throws, nothing is made up, and what follows is read as ever. */
    @Test
    void mutationsNeitherThrowNorRunOn() throws Exception {
        capture.connection(40_014, 25)
                .open()
                .hears("220 mx ESMTP\r\n")
                .says("EHLO a\r\n")
                .says(hello("a.example"))
                .close();
        capture.datagram(50_001, 53, hex("1234010000010000000000000161076578616d706c650000010001"));
        byte[] whole = capture.pcap();
        List<Path> inputs = new ArrayList<>();
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] mutant = whole.clone();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                mutant[24 + random.nextInt(mutant.length - 24)] = (byte) random.nextInt();
            }
            inputs.add(Files.write(folder.resolve("m" + seed + ".pcap"), mutant));
        }

        TestingCapture sound = new TestingCapture().after(3_600);
        sound.connection(40_015, 443).open().says(hello("sound.example"));
        inputs.add(sound.write(folder.resolve("sound.pcap")));

        List<JsonNode> flows = run(inputs);

        assertThat(flows.size()).isLessThanOrEqualTo(300 * capture.size() + 1);
        assertThat(flows.get(flows.size() - 1).at("/tls/sni").asString()).isEqualTo("sound.example");
    }

    private List<JsonNode> replay() throws IOException {
        return run(List.of(capture.write(folder.resolve("a.pcap"))));
    }

    private List<JsonNode> run(List<Path> inputs) throws IOException {
        Path out = folder.resolve("out");
        Replay replay = new Replay(
                SettingsReader.defaults(folder, Map.of()).value().orElseThrow().sniff(),
                new Rules(Policy.EMPTY),
                tags,
                "test",
                () -> detection,
                analytic -> false);
        replay.run(
                new Replay.Task(inputs, Optional.empty(), out),
                (file, what) -> wrong.add(file.getFileName() + ": " + what),
                bytes -> {});
        return Files.readAllLines(out.resolve(Replay.FLOWS)).stream()
                .map(JSON::readTree)
                .toList();
    }

    private static JsonNode only(List<JsonNode> flows) {
        assertThat(flows).hasSize(1);
        return flows.get(0);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /** As the JDK says it. */
    private static byte[] hello(String name) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }
}
