package io.postern.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.analytics.flow.Protocol;
import io.postern.config.SettingsReader;
import io.postern.config.policy.Policy;
import io.postern.gateway.detect.TestingDetection;
import io.postern.gateway.rules.Rules;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Flow logs and logs of Zeek's, all of them written by hand. */
class LogsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONN_FIELDS =
            "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\thistory";

    @TempDir
    Path folder;

    private final List<String> wrong = new ArrayList<>();
    private TestingDetection detection = new TestingDetection();
    private Tags tags = Tags.NONE;
    private Optional<Path> context = Optional.empty();
    private Path zeek = Path.of("");
    private Replay.Summary summary = new Replay.Summary(
            0,
            0,
            0,
            0,
            0,
            Map.of(),
            new Replay.Logs(0, 0, 0, 0, 0, 0),
            new Replay.Detected(0, 0, false, 0, List.of(), 0, 0));

    @BeforeEach
    void makeFolder() throws IOException {
        zeek = Files.createDirectory(folder.resolve("zeek"));
    }

    @Test
    void logsOfOneConnectionAreJoined() throws Exception {
        conn(
                zeek.resolve("conn.log"),
                "1000.5\tC1\t192.0.2.7\t40000\t203.0.113.9\t8443\ttcp\tssl\t9.25\t600\t4000\tSF\tShADad");
        Files.writeString(
                zeek.resolve("ssl.log"),
                tsv(
                        "ssl",
                        "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tversion\tcipher\tserver_name\tnext_protocol\testablished\tja3\tja3s\tja4",
                        "1000.6\tC1\t192.0.2.7\t40000\t203.0.113.9\t8443\tTLSv12\tTLS_X\tApi.Acme.Example\th2\tT\tcd08e31494f9531f560d64c695473da9\teb1d94daa7e0344597e756a1fb6e7054\tt12d1516h2_8daaf6152771_02713d6af862"));

        JsonNode flow = only(replay(zeek));

        assertThat(flow.at("/app_name").asString()).isEqualTo("tls");
        assertThat(flow.at("/unmapped/postern/basis").asString()).isEqualTo("bytes");
        assertThat(flow.at("/tls/sni").asString()).isEqualTo("api.acme.example");
        assertThat(flow.at("/tls/version").asString()).isEqualTo("1.2");
        assertThat(flow.at("/tls/ja3_hash/value").asString()).isEqualTo("cd08e31494f9531f560d64c695473da9");
        assertThat(flow.at("/ja4_fingerprint_list/0/value").asString()).startsWith("t12d1516h2");
        assertThat(flow.at("/connection_info/uid").asString()).isEqualTo("C1");
        assertThat(flow.at("/start_time").asLong()).isEqualTo(1_000_500);
        assertThat(flow.at("/end_time").asLong()).isEqualTo(1_009_750);
        assertThat(flow.at("/traffic/bytes_out").asLong()).isEqualTo(600);
        assertThat(detection.events).hasSize(2);
        assertThat(detection.events.get(0).flow().destination().host()).isEqualTo("api.acme.example");
        assertThat(detection.events.get(0).flow().destination().domain()).isEqualTo("acme.example");
        assertThat(wrong).isEmpty();
    }

    @Test
    void requestsAreExchangesAndQuestionsAreAsked() throws Exception {
        conn(
                zeek.resolve("conn.log"),
                "20.0\tC2\t192.0.2.7\t40001\t192.0.2.1\t53\tudp\tdns\t0.1\t30\t60\tSF\tDd",
                "10.0\tC1\t192.0.2.7\t40000\t203.0.113.9\t80\ttcp\thttp\t100\t900\t7000\tSF\tSh");
        Files.writeString(
                zeek.resolve("http.log"),
                tsv(
                        "http",
                        "ts\tuid\ttrans_depth\tmethod\thost\turi\tuser_agent\trequest_body_len\tresponse_body_len\tstatus_code",
                        "11.0\tC1\t1\tPOST\ta.example\t/api/v1\tapp\\x09one\t5\t70\t200",
                        "71.0\tC1\t2\tPOST\ta.example\t/api/v1\tapp\\x09one\t6\t80\t200"));
        Files.writeString(
                zeek.resolve("dns.log"),
                tsv(
                        "dns",
                        "ts\tuid\tquery\tqtype\trcode",
                        "20.0\tC2\tWWW.Acme.Example\t1\t3",
                        "20.05\tC2\twww.acme.example\t28\t-"));

        List<JsonNode> flows = replay(zeek);

        assertThat(detection.events.stream().map(LogsTest::text))
                .containsExactly(
                        "Opened 10000",
                        "Exchanged 11000 5/70",
                        "Opened 20000",
                        "Asked 20000 www.acme.example acme.example 1 3",
                        "Asked 20050 www.acme.example acme.example 28 -1",
                        "Closed 20100",
                        "Exchanged 71000 6/80",
                        "Closed 110000");
        JsonNode http = flows.get(1).at("/unmapped/postern");
        assertThat(http.at("/http_user_agent").asString()).isEqualTo("app\tone");
        assertThat(http.at("/http_path_class").asString()).isEqualTo("api");
        assertThat(http.at("/http_requests").asInt()).isEqualTo(2);
        assertThat(flows.toString()).doesNotContain("/api/v1");
        assertThat(flows.get(0).at("/unmapped/postern/dns_query").asString()).isEqualTo("www.acme.example");
    }

    /** Hourly, compressed, in folders of days, as JSON and as columns, by any name. */
    @Test
    void everyFormOfLogIsRead() throws Exception {
        Path day = Files.createDirectory(zeek.resolve("2024-04-19"));
        gz(day.resolve("conn.01:00:00-02:00:00.log.gz"), tsv("conn", CONN_FIELDS, row("C2", 3_700)));
        gz(day.resolve("conn.00:00:00-01:00:00.log.gz"), tsv("conn", CONN_FIELDS, row("C1", 100)));
        Files.writeString(
                day.resolve("conn_20240419_03:00.json"),
                "{\"ts\":10000.25,\"uid\":\"C3\",\"id.orig_h\":\"192.0.2.7\",\"id.orig_p\":40000,\"id.resp_h\":\"2001:DB8::1\","
                        + "\"id.resp_p\":443,\"proto\":\"tcp\",\"service\":\"ssl\",\"conn_state\":\"S0\",\"tunnel_parents\":[]}\n");
        Files.writeString(
                zeek.resolve("tls"),
                "{\"ts\":\"1970-01-01T02:46:40.300000Z\",\"uid\":\"C3\",\"server_name\":\"c.example\",\"established\":false}\n");
        Files.writeString(
                zeek.resolve("odd"),
                "#separator ,\n#fields,ts,uid,id.orig_h,id.orig_p,id.resp_h,id.resp_p,conn_state\n"
                        + "20000,C4,192.0.2.7,1,192.0.2.8,2,SF\n");
        Files.writeString(zeek.resolve("notice.log"), tsv("notice", "ts\tuid\tnote", "1\tC1\tX"));
        Files.writeString(zeek.resolve("README"), "not a log\n");

        List<JsonNode> flows = replay(zeek);

        assertThat(flows)
                .extracting(flow -> flow.at("/connection_info/uid").asString())
                .containsExactly("C1", "C2", "C3", "C4");
        assertThat(flows.get(2).at("/tls/sni").asString()).isEqualTo("c.example");
        assertThat(flows.get(2).at("/dst_endpoint/ip").asString()).isEqualTo("2001:db8::1");
        assertThat(flows.get(2).at("/unmapped/postern/close_reason").asString()).isEqualTo("upstream-failed");
        assertThat(wrong).isEmpty();
        assertThat(summary.broken()).isZero();
    }

    @Test
    void oneLogAloneIsReadAndSeveralInARowAreOne() throws Exception {
        conn(folder.resolve("c"), row("C1", 100), row("C2", 200));
        Files.writeString(
                folder.resolve("s"), tsv("ssl", "ts\tuid\tserver_name\testablished", "200\tC2\tb.example\tT"));

        assertThat(replay(folder.resolve("c"))).hasSize(2);
        List<JsonNode> flows = replay(folder.resolve("c"), folder.resolve("s"));

        assertThat(flows.get(1).at("/tls/sni").asString()).isEqualTo("b.example");
    }

    /** Zeek writes a connection when it has ended; detection hears of each when it began. */
    @Test
    void connectionsAreToldWhenTheyBegan() throws Exception {
        List<String> rows = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            rows.add(random.nextInt(50_000) + "\tC" + i + "\t192.0.2." + i % 9 + "\t40000\t203.0.113.9\t443\ttcp\t-\t"
                    + random.nextInt(30_000) + "\t1\t2\tSF\tSh");
        }
        rows.sort((one, other) -> Long.compare(end(one), end(other)));
        conn(zeek.resolve("conn.log"), rows.toArray(String[]::new));

        replay(zeek);

        assertThat(detection.events)
                .hasSize(600)
                .extracting(FlowEvent::atMillis)
                .isSorted();
        assertThat(summary.logs().late()).isZero();
        assertThat(scores()).hasSize(9).allSatisfy(score -> {
            assertThat(score.at("/destination").asString()).isEqualTo("203.0.113.9");
            assertThat(score.at("/device").asString()).startsWith("192.0.2.");
            assertThat(score.at("/scores/testing").asDouble()).isPositive();
        });
        assertThat(scores())
                .extracting(score -> -score.at("/scores/testing").asDouble())
                .isSorted();
    }

    @Test
    void whatIsThereTwiceIsOnce() throws Exception {
        conn(zeek.resolve("conn.log"), row("C1", 100), row("C2", 200), row("C1", 100));
        conn(zeek.resolve("labeled-conn.log"), row("C1", 100), row("C2", 200));

        assertThat(replay(zeek)).hasSize(2);
        assertThat(summary.logs().duplicates()).isEqualTo(3);
        assertThat(summary.broken()).isZero();
    }

    @Test
    void aConnectionThatLivesIsOpenedOnce() throws Exception {
        conn(zeek.resolve("conn.log"), "0.5\tC1\t192.0.2.7\t40000\t203.0.113.9\t22\ttcp\tssh\t20000\t9\t9\tSF\tSh");
        Files.writeString(
                zeek.resolve("open_conn.log"),
                tsv(
                        "open_conn",
                        CONN_FIELDS,
                        "0.5\tC1\t192.0.2.7\t40000\t203.0.113.9\t22\ttcp\tssh\t3600\t1\t1\tS1\tSh",
                        "0.5\tC1\t192.0.2.7\t40000\t203.0.113.9\t22\ttcp\tssh\t7200\t2\t2\tS1\tSh"));

        List<JsonNode> lines = replay(zeek);

        assertThat(lines).extracting(line -> line.at("/activity_id").asInt()).containsExactly(6, 6, 2);
        assertThat(detection.events.stream().map(LogsTest::text)).containsExactly("Opened 500", "Closed 20000500");
        assertThat(summary.flows()).isEqualTo(1);
    }

    @Test
    void whatZeekCallsFailedFailed() throws Exception {
        conn(
                zeek.resolve("conn.log"),
                "1\tC1\t192.0.2.7\t1\t203.0.113.9\t1177\ttcp\t-\t-\t-\t-\tREJ\tSr",
                "2\tC2\t192.0.2.7\t1\t203.0.113.9\t53\tudp\tdns\t-\t-\t-\tS0\tD",
                "3\tC3\t192.0.2.7\t8\t203.0.113.9\t0\ticmp\t-\t-\t-\t-\tOTH\t-");

        assertThat(replay(zeek)).hasSize(2);
        assertThat(detection.events)
                .filteredOn(FlowEvent.Closed.class::isInstance)
                .extracting(event -> ((FlowEvent.Closed) event).outcome())
                .containsExactly(Outcome.FAILED_UPSTREAM, Outcome.CARRIED);
        assertThat(detection.events.get(0).flow().protocol()).isEqualTo(Protocol.UNKNOWN);
        assertThat(summary.logs().others()).isEqualTo(1);
    }

    @Test
    void tagsSayWhoseConnectionsAre() throws Exception {
        tags = Tags.parse("tags.csv", "address,device,profile,app\n192.0.2.0/24,LC01,work,com.acme.mail\n")
                .value()
                .orElseThrow();
        conn(zeek.resolve("conn.log"), row("C1", 100));

        assertThat(only(replay(zeek)).at("/device/uid").asString()).isEqualTo("LC01");
        assertThat(detection.events.get(0).flow().key().app()).isEqualTo("com.acme.mail");
    }

    @Test
    void factsAreToldBetweenFlows() throws Exception {
        conn(zeek.resolve("conn.log"), row("C1", 100), row("C2", 200));
        String fact = "{\"id\":\"%d\",\"time\":\"1970-01-01T00:%s:00Z\",\"event\":\"device.lock\","
                + "\"device\":{\"id\":\"LC01\",\"profile\":\"work\"},\"attributes\":{\"locked\":true},"
                + "\"source\":{\"name\":\"mdm\",\"latency\":\"realtime\"}}\n";
        Path facts = folder.resolve("facts.gz");
        gz(facts, fact.formatted(3, "10") + "nothing\n" + fact.formatted(1, "01") + fact.formatted(2, "02"));
        context = Optional.of(facts);

        replay(zeek);

        assertThat(detection.all)
                .extracting(
                        each -> each instanceof ContextEvent said ? said.timeMillis() : ((FlowEvent) each).atMillis())
                .isSorted()
                .hasSize(7);
        assertThat(detection.facts).hasSize(3);
        assertThat(summary.detected().facts()).isEqualTo(3);
        assertThat(summary.detected().brokenFacts()).isEqualTo(1);
        assertThat(summary.detected().brokenContext()).isTrue();
        assertThat(wrong).hasSize(1).first().asString().startsWith("facts.gz: line 2: ");
    }

    @Test
    void brokenLinesAreToldOfAndTheRestIsDone() throws Exception {
        List<String> rows = new ArrayList<>(List.of(
                row("C1", 1),
                "2\tC2\t192.0.2.7",
                row("C3", 3).replace("192.0.2.7", "nobody"),
                row("C4", 4).replace("40000", "70000"),
                row("C5", 5).replace("\t7\t", "\t-7\t"),
                row("C6", 6).replaceFirst("^6", "soon"),
                "x".repeat(1_100_000),
                row("C7", 7)));
        conn(zeek.resolve("conn.log"), rows.toArray(String[]::new));
        Files.writeString(
                zeek.resolve("dns.log"),
                "{\"ts\":1,\"uid\":\"C1\",\"query\":\"a.example\",\"qtype\":1}\n{\"ts\":1,\"uid\n");

        List<JsonNode> flows = replay(zeek);

        assertThat(flows)
                .extracting(flow -> flow.at("/connection_info/uid").asString())
                .containsExactly("C1", "C7");
        assertThat(wrong).hasSize(5).allSatisfy(line -> assertThat(line).doesNotContain("\n", "nobody", "soon"));
        assertThat(wrong).anySatisfy(line -> assertThat(line).contains("conn.log: 6 lines are broken"));
        assertThat(summary.logs().broken()).isEqualTo(7);
        assertThat(summary.broken()).isEqualTo(1);
    }

    @Test
    void whatIsCutIsReadAsFarAsItGoes() throws Exception {
        List<String> rows = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            rows.add(row("C" + random.nextLong(), i));
        }
        gz(zeek.resolve("conn.log.gz"), tsv("conn", CONN_FIELDS, rows.toArray(String[]::new)));
        byte[] whole = Files.readAllBytes(zeek.resolve("conn.log.gz"));
        Files.write(zeek.resolve("conn.log.gz"), Arrays.copyOf(whole, whole.length / 2));

        assertThat(replay(zeek)).hasSizeBetween(5_000, 15_000);
        assertThat(wrong).containsExactly("conn.log.gz: ends in the middle of its gzip");
        assertThat(summary.broken()).isEqualTo(1);
    }

    @Test
    void inputsThatAreNothingAreToldOf() throws Exception {
        Files.writeString(folder.resolve("text"), "hello\n");
        Files.write(folder.resolve("empty"), new byte[0]);
        Files.write(folder.resolve("gz"), new byte[] {0x1f, (byte) 0x8b, 9, 9});

        assertThat(replay(
                        zeek,
                        folder.resolve("text"),
                        folder.resolve("empty"),
                        folder.resolve("gz"),
                        folder.resolve("no")))
                .isEmpty();

        assertThat(wrong).hasSize(5);
        assertThat(wrong.get(0)).isEqualTo("zeek: has no log of Zeek's in it");
        assertThat(wrong.get(4)).isEqualTo("no: no such file");
        assertThat(summary.broken()).isEqualTo(5);
    }

    /** The same events, whether a flow comes from a capture, from the record of it, or from a compressed one. */
    @Test
    void aRecordTellsWhatTheCaptureTold() throws Exception {
        TestingCapture capture = new TestingCapture();
        for (int i = 0; i < 20; i++) {
            TestingCapture.Connection one = capture.connection(40_000 + i, 80);
            one.open()
                    .says("GET /a?b HTTP/1.1\r\nHost: h" + i % 3 + ".acme.example\r\nUser-Agent: app/1\r\n\r\n")
                    .hears("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            capture.after(i % 5 == 0 ? 1_900 : 30);
            one.says("GET /c HTTP/1.1\r\nHost: h.acme.example\r\n\r\n");
            if (i % 2 == 0) {
                one.close();
            }
        }
        TestingCapture.Connection lasting = capture.connection(50_000, 443);
        lasting.open();
        for (int i = 0; i < 6; i++) {
            lasting.says("ping").hears("pong");
            capture.after(1_500);
        }
        replay(capture.write(folder.resolve("a.pcap")));
        List<FlowEvent> told = detection.events;
        List<String> scores = lines(Replay.SCORES);
        Path records = Files.copy(folder.resolve("out").resolve(Replay.FLOWS), folder.resolve("flows"));
        gz(folder.resolve("flows.gz"), Files.readString(records));

        List<JsonNode> again = replay(records);

        assertThat(told).hasSizeGreaterThan(60);
        assertThat(detection.events).isEqualTo(told);
        assertThat(lines(Replay.SCORES)).isEqualTo(scores);
        assertThat(again).hasSize(Files.readAllLines(records).size());
        assertThat(lines(Replay.FLOWS)).isEqualTo(Files.readAllLines(records));

        replay(folder.resolve("flows.gz"));

        assertThat(detection.events).isEqualTo(told);
    }

    @Test
    void piecesOfALogAreOneLog() throws Exception {
        TestingCapture capture = new TestingCapture();
        TestingCapture.Connection lasting = capture.connection(50_000, 443);
        lasting.open();
        for (int i = 0; i < 6; i++) {
            lasting.says("ping");
            capture.after(1_900);
        }
        replay(capture.write(folder.resolve("a.pcap")));
        List<FlowEvent> told = detection.events;
        List<String> lines = lines(Replay.FLOWS);
        assertThat(lines).hasSizeGreaterThan(2);
        Files.write(folder.resolve("flows.ndjson.1"), lines.subList(0, 2));
        Files.write(folder.resolve("flows.ndjson"), lines.subList(2, lines.size()));

        replay(folder.resolve("flows.ndjson.1"), folder.resolve("flows.ndjson"), folder.resolve("flows.ndjson.1"));

        assertThat(detection.events).isEqualTo(told);
        assertThat(summary.logs().duplicates()).isEqualTo(2);
        assertThat(summary.flows()).isEqualTo(1);
    }

    @Test
    void aDamagedFlowLogIsReadAsFarAsItGoes() throws Exception {
        TestingCapture capture = new TestingCapture();
        for (int i = 0; i < 10; i++) {
            capture.connection(40_000 + i, 443).open().says("x").close();
        }
        replay(capture.write(folder.resolve("a.pcap")));
        List<String> lines = new ArrayList<>(lines(Replay.FLOWS));
        Collections.shuffle(lines, new Random(1));
        lines.set(3, lines.get(3).substring(0, 300));
        lines.set(5, lines.get(5).replace("\"start_time\":", "\"start_time\":\"soon\",\"x\":"));
        lines.add("{\"class_uid\":2004}");
        lines.add("\u0000\u0001");
        Files.write(folder.resolve("flows.ndjson"), lines);

        List<JsonNode> flows = replay(folder.resolve("flows.ndjson"));

        assertThat(flows).hasSize(8);
        assertThat(wrong).hasSize(3).allSatisfy(line -> assertThat(line).startsWith("flows.ndjson: line "));
        assertThat(summary.logs().broken()).isEqualTo(3);
        assertThat(summary.logs().others()).isEqualTo(1);
        assertThat(summary.broken()).isEqualTo(1);
    }

    @Test
    void whatItWritesItDoesNotRead() throws Exception {
        Path out = Files.createDirectories(folder.resolve("out"));
        Files.writeString(out.resolve(Replay.FLOWS), "{\"class_uid\":4001}\n");

        assertThatThrownBy(() -> replay(out.resolve(Replay.FLOWS)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("written over");
        assertThat(Files.size(out.resolve(Replay.FLOWS))).isPositive();
    }

    /** By seeds: nothing throws, every line is read or told of. */
    @Test
    void damageNeitherThrowsNorRunsOn() throws Exception {
        String log = tsv("conn", CONN_FIELDS, row("C1", 1), row("C2", 2), row("C3", 3));
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] bytes = log.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = 0; i <= random.nextInt(6); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Path mutant = folder.resolve("m" + seed);
            Files.write(mutant, bytes);

            assertThat(replay(mutant)).as("seed " + seed).hasSizeLessThanOrEqualTo(8);
        }
    }

    private static String text(FlowEvent event) {
        String what = event.getClass().getSimpleName() + " " + event.atMillis();
        if (event instanceof FlowEvent.Exchanged moved) {
            return what + " " + moved.bytesOut() + "/" + moved.bytesIn();
        }
        return event instanceof FlowEvent.Asked asked
                ? what + " " + asked.name() + " " + asked.domain() + " " + asked.type() + " " + asked.rcode()
                : what;
    }

    private static long end(String row) {
        String[] fields = row.split("\t", -1);
        return Long.parseLong(fields[0]) + Long.parseLong(fields[8]);
    }

    private static String row(String uid, int second) {
        return second + "\t" + uid + "\t192.0.2.7\t40000\t203.0.113.9\t443\ttcp\tssl\t1.5\t7\t9\tSF\tShADad";
    }

    private static void conn(Path file, String... rows) throws IOException {
        Files.writeString(file, tsv("conn", CONN_FIELDS, rows));
    }

    private static String tsv(String path, String fields, String... rows) {
        return "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t" + path
                + "\n#fields\t" + fields + "\n#types\tx\n" + String.join("\n", rows) + "\n";
    }

    private static void gz(Path file, String text) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private List<JsonNode> scores() throws IOException {
        return lines(Replay.SCORES).stream().map(JSON::readTree).toList();
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve("out").resolve(file));
    }

    private List<JsonNode> replay(Path... inputs) throws IOException {
        detection = new TestingDetection();
        wrong.clear();
        Replay replay = new Replay(
                SettingsReader.defaults(folder, Map.of()).value().orElseThrow().sniff(),
                new Rules(Policy.EMPTY),
                tags,
                "test",
                () -> detection,
                analytic -> false);
        summary = replay.run(
                new Replay.Task(List.of(inputs), context, folder.resolve("out")),
                (file, what) -> wrong.add(file.getFileName() + ": " + what),
                bytes -> {});
        return lines(Replay.FLOWS).stream().map(JSON::readTree).toList();
    }

    private static JsonNode only(List<JsonNode> flows) {
        assertThat(flows).hasSize(1);
        return flows.get(0);
    }
}
