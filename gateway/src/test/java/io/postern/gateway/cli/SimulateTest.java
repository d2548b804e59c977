package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SimulateTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    private final TestingTerminal terminal = new TestingTerminal();

    @Test
    void writesAFleetThatItsLabelsAgreeWith() throws IOException {
        assertThat(simulate("one")).isEqualTo(Postern.OK);

        JsonNode summary = JSON.readTree(terminal.out());
        assertThat(summary.get("implants").asInt()).isEqualTo(2);
        List<String> lines = Files.readAllLines(folder.resolve("one/flows.ndjson"));
        assertThat(lines).hasSize(summary.get("lines").asInt());
        Set<String> flows = new HashSet<>();
        for (String line : lines) {
            JsonNode flow = JSON.readTree(line);
            flows.add(flow.at("/connection_info/uid").asString());
            assertThat(flow.get("class_uid").asInt()).isEqualTo(4001);
            assertThat(flow.at("/device/uid").asString()).startsWith("sim1000");
        }
        assertThat(flows).hasSize(summary.get("flows").asInt());
        List<String> labels = Files.readAllLines(folder.resolve("one/labels.csv"));
        assertThat(labels.get(0)).isEqualTo("flow,device,app,implant,kind,analytics");
        assertThat(labels.subList(1, labels.size()))
                .isNotEmpty()
                .allSatisfy(label -> assertThat(flows).contains(label.substring(0, label.indexOf(','))));
        assertThat(Files.readAllLines(folder.resolve("one/labels.ndjson"))).hasSize(2);
        assertThat(Files.readAllLines(folder.resolve("one/facts.ndjson")))
                .hasSize(summary.get("facts").asInt())
                .anySatisfy(fact -> assertThat(fact).contains("\"event\":\"source.heartbeat\""))
                .anySatisfy(
                        fact -> assertThat(fact).contains("\"event\":\"device.lock\",\"device\":{\"id\":\"sim10000\""));
        assertThat(Files.readAllLines(folder.resolve("one/tags.csv")))
                .containsExactly("address,device,profile,app", "10.1.0.0,sim10000,work,-", "10.1.0.1,sim10001,work,-");
    }

    @Test
    void theSameSeedIsTheSameFiles() throws IOException {
        simulate("one");
        simulate("two");

        for (String file : List.of("flows.ndjson", "facts.ndjson", "labels.csv", "labels.ndjson", "tags.csv")) {
            assertThat(Files.mismatch(
                            folder.resolve("one").resolve(file),
                            folder.resolve("two").resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
    }

    @Test
    void replayReadsAllOfAFleet() throws IOException {
        simulate("one");
        JsonNode fleet = JSON.readTree(terminal.out());
        Path one = folder.resolve("one");
        TestingTerminal replay = new TestingTerminal();

        int code = replay.run(
                "replay",
                "--context",
                one.resolve("facts.ndjson").toString(),
                "--out",
                folder.resolve("replayed").toString(),
                "--json",
                one.resolve("flows.ndjson").toString());

        assertThat(code).as(replay::err).isEqualTo(Postern.OK);
        JsonNode summary = JSON.readTree(replay.out());
        assertThat(summary.get("flows").asInt()).isEqualTo(fleet.get("flows").asInt());
        assertThat(summary.at("/detected/facts").asInt())
                .isEqualTo(fleet.get("facts").asInt());
        List<String> scores = Files.readAllLines(folder.resolve("replayed/scores.ndjson"));
        assertThat(scores)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(JSON.readTree(line).get("scores").propertyNames())
                        .contains("cadence", "rita", "elastic"));
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(terminal.run("simulate", "--out", folder.toString(), "--context", "some"))
                .isEqualTo(Postern.BAD_USAGE_OR_CONFIGURATION);
        assertThat(terminal.err()).contains("--context is 'some', must be full, late, lossy, lying or none");
        assertThat(terminal.run("simulate", "--out", folder.toString(), "--devices", "0"))
                .isEqualTo(Postern.BAD_USAGE_OR_CONFIGURATION);
        assertThat(terminal.err()).contains("devices is 0, must be 1 to 1000000");
    }

    @Test
    void evaluatesIntoTablesAndPlots() throws IOException {
        Path out = folder.resolve("report");

        int code = terminal.run(
                "evaluate", "--out", out.toString(), "--devices", "2", "--days", "2", "--ladder", "0", "--seed", "1");

        assertThat(code).isEqualTo(Postern.OK);
        assertThat(Files.readString(out.resolve("report.md")))
                .contains("seed 1 (tuning)")
                .contains("| rita |")
                .contains("| elastic |");
        assertThat(JSON.readTree(Files.readString(out.resolve("report.json")))
                        .at("/runs/0/deviceDays")
                        .asInt())
                .isEqualTo(4);
        assertThat(out.resolve("recall-by-jitter.svg")).exists();
        assertThat(out.resolve("false-by-cause.svg")).exists();
    }

    private int simulate(String name) {
        return terminal.run(
                "simulate",
                "--out",
                folder.resolve(name).toString(),
                "--devices",
                "2",
                "--days",
                "1",
                "--seed",
                "5",
                "--implants",
                "1",
                "--json");
    }
}
