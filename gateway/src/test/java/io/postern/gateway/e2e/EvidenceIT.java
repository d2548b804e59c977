package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.problem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppKey;
import io.postern.config.AdminRole;
import io.postern.gateway.cli.TestingTerminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can be handed to others of a finding: by the API, by the commands, and as openssl verifies it. */
class EvidenceIT {

    private static final String APP = "com.acme.app";
    private static final String C2 = "c2.evil.example";
    private static final TestingFinding FINDING = TestingFinding.of("LC01");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SETTINGS = "upstream: {allow-networks: ['127.0.0.0/8'],"
            + " hosts: {c2.evil.example: 127.0.0.1, other.example: 127.0.0.1}}\n";

    @TempDir
    Path dir;

    @Test
    void holdsWhatIsKnownOfAFinding() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, "categories: {files: {}}\n");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            flow(gateway, origin, C2, APP);
            flow(gateway, origin, "other.example", APP);
            flow(gateway, origin, C2, "com.acme.other");
            found(gateway, admin);
            assertThat(admin.send(
                                    "PATCH",
                                    "/v1/findings/" + FINDING.uid(),
                                    "{\"status\":\"closed\",\"verdict\":\"true-positive\",\"reason\":\"seen it\"}",
                                    "content-type",
                                    "application/json")
                            .statusCode())
                    .isEqualTo(200);

            Map<String, byte[]> files = bundle(admin);

            assertThat(files.keySet())
                    .containsExactly(
                            "audit.ndjson",
                            "coverage-hours.ndjson",
                            "coverage.json",
                            "explanation.json",
                            "facts.ndjson",
                            "finding-updates.ndjson",
                            "finding.json",
                            "flows.ndjson",
                            "manifest.json",
                            "manifest.sig",
                            "versions.json");
            assertThat(node(files, "finding.json").at("/finding_info/uid").asString())
                    .isEqualTo(FINDING.uid());
            assertThat(text(files, "flows.ndjson").lines().toList())
                    .singleElement()
                    .asString()
                    .contains("\"hostname\":\"c2.evil.example\"", "\"app_uid\":\"com.acme.app\"");
            assertThat(text(files, "finding-updates.ndjson").lines().count()).isEqualTo(2);
            assertThat(text(files, "audit.ndjson")).contains("\"finding.review\"", "seen it", "\"evidence.export\"");
            assertThat(text(files, "facts.ndjson"))
                    .contains("\"decision\":\"finding opened\"", "\"decision\":\"flow ", "\"lock\":\"absent\"");
            JsonNode versions = node(files, "versions.json");
            assertThat(versions.at("/policy/sha256").asString())
                    .startsWith(versions.at("/policy/version").asString());
            assertThat(versions.at("/policy/flows_judged_by/"
                                    + versions.at("/policy/version").asString())
                            .asInt())
                    .isEqualTo(1);
            assertThat(versions.at("/service_classes/date").asString()).isNotEmpty();
            assertThat(text(files, "coverage-hours.ndjson")).contains("\"analytic\":\"AN1793\"");
            assertThat(node(files, "manifest.json").at("/left_out/0/file").asString())
                    .isEqualTo("inventory.json");
            assertThat(Files.readString(dir.resolve("var/audit.ndjson")).lines().toList())
                    .last()
                    .asString()
                    .contains("\"evidence.export\"", "\"applied\"", "sha256 ");
        }
    }

    @Test
    void theCommandsExportAndVerifyAndNameWhatWasChanged() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, "");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            flow(gateway, origin, C2, APP);
            found(gateway, admin);
            String url = "http://127.0.0.1:" + gateway.gateway().adminAddress().getPort();
            String token = dir.resolve("var/admin/token").toString();
            Path file = dir.resolve("out.zip");
            Path pub = dir.resolve("pub.pem");

            TestingTerminal key = new TestingTerminal();
            assertThat(key.run("evidence", "key", "--url", url, "--token-file", token))
                    .as(key::err)
                    .isZero();
            Files.writeString(pub, key.out());
            TestingTerminal export = new TestingTerminal();
            assertThat(export.run(
                            "evidence",
                            "export",
                            FINDING.uid(),
                            "--out",
                            file.toString(),
                            "--url",
                            url,
                            "--token-file",
                            token))
                    .as(export::err)
                    .isZero();
            TestingTerminal verify = new TestingTerminal();
            assertThat(verify.run("evidence", "verify", file.toString(), "--key", pub.toString()))
                    .as(verify::out)
                    .isZero();
            assertThat(verify.out()).contains(": whole, made ", "flows.ndjson");

            byte[] whole = Files.readAllBytes(file);
            int at = new String(whole, ISO_8859_1).indexOf("\"hostname\":\"" + C2);
            byte[] changed = whole.clone();
            changed[at + 13] ^= 1;
            Files.write(file, changed);
            TestingTerminal broken = new TestingTerminal();
            assertThat(broken.run("evidence", "verify", file.toString(), "--key", pub.toString()))
                    .isOne();
            assertThat(broken.out()).contains(": was changed").doesNotContain("whole");

            Path coverage = dir.resolve("coverage.zip");
            TestingTerminal out = new TestingTerminal();
            assertThat(out.run("coverage", "--out", coverage.toString(), "--url", url, "--token-file", token))
                    .as(out::err)
                    .isZero();
            TestingTerminal dated = new TestingTerminal();
            assertThat(dated.run("evidence", "verify", coverage.toString(), "--key", pub.toString()))
                    .isZero();
            assertThat(dated.out()).contains("coverage.json", "coverage-hours.ndjson");
        }
    }

    @Test
    void whoMayNotIsWrittenDown() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            problem(admin.get("/v1/findings/none/evidence"), 404);
            TestingAdmin viewer = admin.as("grafana", AdminRole.VIEWER);
            problem(viewer.get("/v1/findings/none/evidence"), 403);
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(dir.resolve("var/audit.ndjson"))
                                    .lines()
                                    .filter(line ->
                                            line.contains("\"evidence.export\"") && line.contains("\"refused\""))
                                    .count()
                            == 2);
            assertThat(viewer.get("/v1/evidence/key").body()).startsWith("-----BEGIN PUBLIC KEY-----");
            assertThat(viewer.get("/v1/coverage/export").statusCode()).isEqualTo(200);
        }
    }

    /** CONTRACT section 5: of a personal profile the registrable domain only. */
    @Test
    void ofAPersonalProfileItTellsDomainsOnly() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            Finding like = TestingFinding.of("LC01").at(System.currentTimeMillis());
            Finding own = Finding.of("AN1793", new AppKey("LC01", "personal", APP), "clinic.north.example.com")
                    .uid("f-own")
                    .score(75)
                    .evidence(like.evidence())
                    .at(like.atMillis())
                    .since(like.firstMillis())
                    .seen(10, 1_000)
                    .finding();
            gateway.gateway().findings().found(own, Verdict.Action.ALERT, "");
            await().atMost(PATIENCE).until(() -> admin.get("/v1/findings/f-own").statusCode() == 200);

            Map<String, byte[]> files = unzip(TestingAdmin.HTTP
                    .send(admin.request("/v1/findings/f-own/evidence").build(), BodyHandlers.ofByteArray())
                    .body());
            assertThat(text(files, "finding.json")).contains("\"destination\":\"example.com\"");
            assertThat(text(files, "explanation.json")).contains("example.com");
            assertThat(text(files, "finding-updates.ndjson")).contains("\"hostname\":\"example.com\"");
            assertThat(files.keySet())
                    .allSatisfy(name -> assertThat(text(files, name)).doesNotContain("clinic"));
        }
    }

    /** Hours outlive a restart, so that a bundle can say what could be seen then. */
    @Test
    void coverageIsRemembered() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, "");
                TestingOrigin origin = new TestingOrigin()) {
            flow(gateway, origin, C2, APP);
        }
        try (TestingGateway gateway = TestingGateway.start(dir, SETTINGS, "")) {
            Map<String, byte[]> files = unzip(TestingAdmin.HTTP
                    .send(
                            TestingAdmin.of(gateway)
                                    .request("/v1/coverage/export")
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body());
            assertThat(text(files, "coverage-hours.ndjson")
                            .lines()
                            .map(line -> JsonMapper.shared()
                                    .readTree(line)
                                    .at("/flows")
                                    .asInt()))
                    .containsExactly(1);
            assertThat(node(files, "coverage.json").at("/spans/1/flows").asInt())
                    .isZero();
        }
    }

    private static void flow(TestingGateway gateway, TestingOrigin origin, String host, String app) throws Exception {
        try (TestingConnection client = TestingClient.tunnel(gateway, host + ":" + origin.port(), app);
                TestingConnection server = origin.accept()) {
            client.send("hello");
            assertThat(server.read(5)).isEqualTo("hello");
        }
        gateway.record(line -> line.at("/dst_endpoint/hostname").asString("").equals(host)
                && line.at("/actor/app_uid").asString("").equals(app));
    }

    private static void found(TestingGateway gateway, TestingAdmin admin) {
        gateway.gateway().findings().found(FINDING.at(System.currentTimeMillis()), Verdict.Action.ALERT, "");
        await().atMost(PATIENCE)
                .until(() -> admin.get("/v1/findings/" + FINDING.uid()).statusCode() == 200);
    }

    private static Map<String, byte[]> bundle(TestingAdmin admin) throws Exception {
        HttpResponse<byte[]> answer = TestingAdmin.HTTP.send(
                admin.request("/v1/findings/" + FINDING.uid() + "/evidence").build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/zip");
        return unzip(answer.body());
    }

    private static Map<String, byte[]> unzip(byte[] bundle) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bundle))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private static String text(Map<String, byte[]> files, String name) {
        assertThat(files).containsKey(name);
        return new String(files.getOrDefault(name, new byte[0]), UTF_8);
    }

    private static JsonNode node(Map<String, byte[]> files, String name) {
        return JsonMapper.shared().readTree(text(files, name));
    }
}
