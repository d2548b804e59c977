package io.postern.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.SettingsReader;
import io.postern.config.policy.PolicyReader;
import io.postern.gateway.detect.TestingDetection;
import io.postern.gateway.rules.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules that ask facts, of flows of the past: each is judged by what was known when it began. */
class ReplayFactsTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final List<String> wrong = new ArrayList<>();
    private Path facts = Path.of("");

    @BeforeEach
    void tell() throws IOException {
        facts = folder.resolve("facts.ndjson");
        Files.writeString(
                facts,
                fact("1", "00:01:00", "source.heartbeat", "", "\"reports\":[\"lock\",\"app-state\",\"interaction\"]")
                        + fact("2", "00:01:10", "device.lock", "", "\"locked\":false")
                        + fact("4", "00:10:00", "device.lock", "", "\"locked\":true")
                        + fact("3", "00:05:00", "device.user_interaction", "", "")
                        + fact(
                                "6",
                                "00:14:00",
                                "source.heartbeat",
                                "",
                                "\"reports\":[\"lock\",\"app-state\",\"interaction\"]")
                        + fact(
                                "5",
                                "00:12:00",
                                "device.app.lifecycle",
                                "com.acme.mail",
                                "\"android.app.state\":\"foreground\""));
    }

    /** C1 lives on while the device is locked, and its line comes after the lock. */
    @Test
    void aLockCountsForWhatBeginsAfterIt() throws Exception {
        assertThat(verdicts("locked: true", "C1 540 300", "C2 660 1", "C3 30 1"))
                .containsExactlyInAnyOrder("C1 allow", "C2 block", "C3 allow");
    }

    @Test
    void whatNobodyHasToldYetIsUnknown() throws Exception {
        assertThat(verdicts("locked: unknown", "C1 30 1", "C2 120 1"))
                .containsExactlyInAnyOrder("C1 block", "C2 allow");
    }

    @Test
    void theAppsStateIsThatOfItsTime() throws Exception {
        assertThat(verdicts("background: true", "C1 660 1", "C2 780 1"))
                .containsExactlyInAnyOrder("C1 block", "C2 allow");
    }

    @Test
    void nobodyHasTouchedItSinceAWhile() throws Exception {
        assertThat(verdicts("no-interaction: 3m", "C1 360 1", "C2 600 1"))
                .containsExactlyInAnyOrder("C1 allow", "C2 block");
    }

    @Test
    void withoutFactsNothingIsKnown() throws Exception {
        facts = folder.resolve("none");
        Files.writeString(facts, "");

        assertThat(verdicts("locked: unknown", "C1 700 1")).containsExactly("C1 block");
        assertThat(verdicts("locked: true", "C1 700 1")).containsExactly("C1 allow");
        assertThat(wrong).isEmpty();
    }

    /** What is wrong in the file is told once, though it is read twice. */
    @Test
    void aBrokenFactIsToldOfOnce() throws Exception {
        Files.writeString(facts, Files.readString(facts) + "nothing\n");

        assertThat(verdicts("locked: true", "C2 660 1")).containsExactly("C2 block");
        assertThat(wrong).hasSize(1).first().asString().startsWith("facts.ndjson: line 7: ");
    }

    /** @param connections uid, begin and length in seconds, in the order of the log */
    private List<String> verdicts(String asked, String... connections) throws IOException {
        Files.writeString(
                folder.resolve("p.yaml"),
                "rules:\n  - {name: asks, when: {device: {" + asked + "}}, action: block, mode: enforce}\n");
        Path conn = folder.resolve("conn.log");
        Files.writeString(
                conn,
                "#separator \\x09\n#path\tconn\n"
                        + "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\n"
                        + Arrays.stream(connections)
                                .map(ReplayFactsTest::connection)
                                .collect(Collectors.joining()));
        Replay replay = new Replay(
                SettingsReader.defaults(folder, Map.of()).value().orElseThrow().sniff(),
                new Rules(PolicyReader.read(List.of("p.yaml"), folder, Clock.systemUTC())
                        .value()
                        .orElseThrow()),
                Tags.parse("tags.csv", "address,device,profile,app\n192.0.2.7,LC01,work,com.acme.mail\n")
                        .value()
                        .orElseThrow(),
                "test",
                TestingDetection::new,
                analytic -> false);
        replay.run(
                new Replay.Task(List.of(conn), Optional.of(facts), folder.resolve("out")),
                (file, what) -> wrong.add(file.getFileName() + ": " + what),
                bytes -> {});
        return Files.readAllLines(folder.resolve("out").resolve(Replay.FLOWS), StandardCharsets.UTF_8).stream()
                .map(JSON::readTree)
                .map(ReplayFactsTest::verdict)
                .toList();
    }

    private static String connection(String said) {
        String[] words = said.split(" ", -1);
        return String.join(
                        "\t", words[1], words[0], "192.0.2.7\t40000\t203.0.113.9\t443\ttcp\tssl", words[2], "7\t9\tSF")
                + "\n";
    }

    private static String verdict(JsonNode flow) {
        return flow.at("/connection_info/uid").asString() + " "
                + flow.at("/unmapped/postern/verdict").asString();
    }

    private static String fact(String id, String time, String event, String app, String attributes) {
        return "{\"id\":\"" + id + "\",\"time\":\"1970-01-01T" + time + "Z\",\"event\":\"" + event
                + "\",\"device\":{\"id\":\"LC01\",\"profile\":\"work\"},"
                + (app.isEmpty() ? "" : "\"app\":{\"package\":\"" + app + "\"},") + "\"attributes\":{" + attributes
                + "},\"source\":{\"name\":\"agent\",\"latency\":\"realtime\"}}\n";
    }
}
