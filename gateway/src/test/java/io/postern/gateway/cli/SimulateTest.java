package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SimulateTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Where versions take benign apps that come in these days: news on the first devices, and rightly asked about. */
    private static final Set<String> BROUGHT_BY_VERSIONS =
            Set.of("sync.notepad-cloud.example", "bid.ad-exchange.example", "beat.device-insight.example");

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
                "--compare",
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
                        .contains("AN1770", "AN1793", "AN1827", "AN1681", "AN1716", "cadence", "rita", "elastic"));
    }

    /** What an enterprise would have written of the fleet's own apps. */
    private static final String POLICY = """
            categories: {mail: {silent: [imap-idle, push, background]}, vpn: {silent: [keepalive, background]}}
            roles:
              developer:
                destinations: [".acme-corp.example"]
                ports: {tls: [443, 8443]}
            apps:
              com.acme.mail: {category: mail, approved: true}
              com.acme.vpn: {category: vpn, approved: true, role: developer}
              com.acme.devtools: {approved: true, role: developer}
            """;

    /** Learnt from the inputs alone, with what was told of the devices and what policy says of apps. */
    @Test
    void replayFindsTheImplantsOfAFleet() throws IOException {
        assertThat(terminal.run(
                        "simulate",
                        "--out",
                        folder.resolve("fleet").toString(),
                        "--devices",
                        "14",
                        "--days",
                        "8",
                        "--seed",
                        "3",
                        "--implants",
                        "0.5"))
                .isEqualTo(Postern.OK);
        Files.writeString(folder.resolve("policy.yaml"), POLICY);
        Path key = folder.resolve("var/keys/k1");
        Files.createDirectories(key.getParent());
        Files.writeString(key, "k".repeat(32));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                folder.resolve("postern.yaml"),
                "policy: {files: [policy.yaml]}\nanalytics: {AN1681: {mode: shadow}}\n");
        TestingTerminal replay = new TestingTerminal();

        int code = replay.run(
                "replay",
                "--config",
                folder.resolve("postern.yaml").toString(),
                "--context",
                folder.resolve("fleet/facts.ndjson").toString(),
                "--out",
                folder.resolve("replayed").toString(),
                folder.resolve("fleet/flows.ndjson").toString());

        assertThat(code).as(replay::err).isEqualTo(Postern.OK);
        Set<String> found = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve("replayed/findings.ndjson"))) {
            JsonNode finding = JSON.readTree(line);
            assertThat(finding.get("class_uid").asInt()).isEqualTo(2004);
            boolean shadow = finding.at("/finding_info/analytic/uid").asString().equals("AN1681");
            assertThat(finding.get("disposition_id").asInt()).isEqualTo(shadow ? 1 : 19);
            if (!BROUGHT_BY_VERSIONS.contains(
                    finding.at("/unmapped/postern/destination").asString())) {
                found.add(finding.at("/device/uid").asString() + " "
                        + finding.at("/actor/app_uid").asString());
            }
        }
        List<JsonNode> implants = Files.readAllLines(folder.resolve("fleet/labels.ndjson")).stream()
                .map(JSON::readTree)
                .toList();
        List<String> infected = implants.stream()
                .map(implant -> implant.get("device").asString() + " "
                        + implant.get("app").asString())
                .toList();
        assertThat(found).isSubsetOf(infected);
        assertThat(found.size()).as("%s of %s", found, infected).isGreaterThanOrEqualTo(infected.size() * 3 / 4);
        assertThat(replay.err()).contains("ANALYTIC", "MAIN EVIDENCE");
        assertThat(Files.readAllLines(folder.resolve("replayed/scores.ndjson")))
                .allSatisfy(line -> assertThat(JSON.readTree(line).get("scores").propertyNames())
                        .containsOnly("AN1770", "AN1793", "AN1827", "AN1681", "AN1716"));
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

    @Test
    void evaluatesBenignFleetsAloneOneAfterTheOther() throws IOException {
        Path out = folder.resolve("benign");

        int code = terminal.run(
                "evaluate",
                "--benign",
                "3",
                "--out",
                out.toString(),
                "--devices",
                "1",
                "--days",
                "2",
                "--seed",
                "1001");

        assertThat(code).isEqualTo(Postern.OK);
        assertThat(Files.readString(out.resolve("benign.md"))).contains("| fleets | 3 |");
        assertThat(JSON.readTree(Files.readString(out.resolve("benign.json")))
                        .at("/deviceDays")
                        .asInt())
                .isEqualTo(6);
        assertThat(terminal.out()).contains("false blocks | 0; at 95 % less than 49928.87");
        assertThat(out.resolve("report.md")).doesNotExist();
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
