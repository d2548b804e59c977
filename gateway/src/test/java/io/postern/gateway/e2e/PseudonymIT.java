package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingAdmin.problem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.postern.config.AdminRole;
import io.postern.dns.resolve.TestingNameServer;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.HomeSettings;
import io.postern.gateway.analytics.TestingHunch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What leaves the gateway calls devices by pseudonyms, and who asks which device that is is written down. */
class PseudonymIT {

    private static final String DEVICE = "LC01";
    private static final String HOST = "files.acme.example";
    private static final String JSON = "application/json";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private TestingGateway start(TestingReceiver receiver, String keys) throws IOException {
        Detecting hunch = new Detecting(
                HomeSettings.DEFAULTS, seed -> new TestingHunch(TestingHunch.hearing(), 1), finding -> {});
        return TestingGateway.start(
                dir,
                "privacy: {pseudonym-keys: [" + keys + "]}\n"
                        + "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {" + HOST + ": 127.0.0.1}}\n"
                        + "response: {webhook: {url: '" + receiver.url() + "', secret-file: " + secret("hook") + "}}\n"
                        + "context: {bind: '127.0.0.1:0', sources: [{name: agent, token-file: "
                        + TestingSource.tokenFile(dir, "agent") + ", devices: ['*'], reports: " + TestingSource.ALL
                        + "}]}\n",
                Clock.systemUTC(),
                hunch);
    }

    private String secret(String name) throws IOException {
        Path file = dir.resolve(name);
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, (name + " is a secret of the tests, long enough.").repeat(2));
        }
        return file.toString();
    }

    private JsonNode flow(TestingGateway gateway, TestingOrigin origin) throws Exception {
        try (TestingConnection client = TestingClient.tunnel(gateway, HOST + ":" + origin.port());
                TestingConnection server = origin.accept()) {
            client.send("hello");
            assertThat(server.read(5)).isEqualTo("hello");
        }
        return gateway.record(
                line -> line.at("/dst_endpoint/hostname").asString("").equals(HOST));
    }

    @Test
    void noIdLeavesTheGateway() throws Exception {
        Logger flows = (Logger) LoggerFactory.getLogger("flow");
        flows.setLevel(Level.DEBUG);
        try (TestingLog log = new TestingLog();
                TestingReceiver receiver = TestingReceiver.start()) {
            try (TestingGateway gateway = start(receiver, secret("p1"));
                    TestingOrigin origin = new TestingOrigin()) {
                TestingSource agent = TestingSource.of(gateway, "agent");
                assertThat(agent.events("{\"id\":\"e1\",\"time\":\"" + Instant.now()
                                        + "\",\"event\":\"app.inventory\",\"device\":{\"id\":\"" + DEVICE
                                        + "\",\"profile\":\"work\"},\"app\":{\"package\":\"" + TestingClient.APP
                                        + "\"},\"attributes\":{\"managed\":true}}\n")
                                .statusCode())
                        .isEqualTo(202);
                JsonNode record = flow(gateway, origin);
                String pseudonym = record.at("/device/uid").asString();
                assertThat(pseudonym).matches("pd-[0-9a-f]{32}");
                assertThat(record.at("/src_endpoint/ip").asString()).startsWith("100::");

                TestingAdmin admin = TestingAdmin.of(gateway);
                await().atMost(PATIENCE).until(() -> findings(admin, pseudonym).size() == 1);
                String finding = findings(admin, pseudonym)
                        .get(0)
                        .at("/finding_info/uid")
                        .asString();
                String contained = admin.send(
                                "POST",
                                "/v1/quarantine",
                                "{\"device\": \"" + DEVICE + "\", \"ttl\": \"5m\", \"reason\": \"odd\"}",
                                "content-type",
                                JSON)
                        .body();
                receiver.await(2);
                await().atMost(PATIENCE)
                        .until(() -> json(admin.get("/v1/inventory?device=" + pseudonym))
                                        .at("/apps")
                                        .size()
                                == 1);
                String flowId = record.at("/connection_info/uid").asString();
                StringBuilder told = new StringBuilder(contained);
                for (String path : new String[] {
                    "/v1/flows?device=" + DEVICE,
                    "/v1/findings?device=" + pseudonym,
                    "/v1/findings/" + finding,
                    "/v1/explain/" + finding,
                    "/v1/explain/" + flowId,
                    "/v1/quarantine?device=" + pseudonym,
                    "/v1/inventory",
                    "/v1/coverage",
                    "/v1/policy/shadow",
                    "/v1/policy/shadow?by=device",
                    "/v1/campaigns",
                    "/v1/exceptions",
                    "/metrics",
                }) {
                    HttpResponse<String> answer = admin.get(path);
                    assertThat(answer.statusCode()).as(path).isEqualTo(200);
                    told.append(path.contains(DEVICE) ? answer.body() : path + answer.body());
                }
                assertThat(json(admin.get("/v1/flows?device=" + DEVICE)).at("/flows"))
                        .as("by its id, for admins")
                        .hasSize(1);
                assertThat(json(admin.get("/v1/flows?device=" + pseudonym)).at("/flows"))
                        .hasSize(1);
                assertThat(json(admin.get("/v1/quarantine?device=" + pseudonym))
                                .at("/quarantines/0/device")
                                .asString())
                        .isEqualTo(pseudonym);
                told.append(unzipped(TestingAdmin.HTTP
                        .send(
                                admin.request("/v1/findings/" + finding + "/evidence")
                                        .build(),
                                BodyHandlers.ofByteArray())
                        .body()));
                receiver.received().forEach(letter -> told.append(letter.body()));
                assertThat(told.toString()).contains(pseudonym).doesNotContain(DEVICE);
            } finally {
                flows.setLevel(null);
            }
            for (String file : new String[] {"flows.ndjson", "var/findings.ndjson", "var/audit.ndjson"}) {
                assertThat(Files.readString(dir.resolve(file), ISO_8859_1))
                        .as(file)
                        .contains("pd-")
                        .doesNotContain(DEVICE);
            }
            assertThat(log.text()).contains("device=pd-").doesNotContain(DEVICE);
        }
    }

    @Test
    void onlyAdminsNameDevicesAndEachResolutionIsWrittenDown() throws Exception {
        try (TestingReceiver receiver = TestingReceiver.start();
                TestingGateway gateway = start(receiver, secret("p1"));
                TestingOrigin origin = new TestingOrigin()) {
            String pseudonym = flow(gateway, origin).at("/device/uid").asString();
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingAdmin operator = admin.as("olga", AdminRole.OPERATOR);
            problem(operator.get("/v1/flows?device=" + DEVICE), 403);
            problem(contain(operator, DEVICE), 403);
            problem(operator.get("/v1/addresses"), 403);
            assertThat(contain(operator, pseudonym).statusCode()).isEqualTo(201);
            try (TestingConnection again = TestingClient.to(gateway)
                    .send(TestingClient.connect(HOST + ":" + origin.port(), TestingClient.APP))) {
                assertThat(again.rest()).startsWith("HTTP/1.1 403 ");
            }

            problem(resolve(operator, pseudonym), 403);
            HttpResponse<String> resolved = resolve(admin, pseudonym);
            assertThat(resolved.statusCode()).as(resolved.body()).isEqualTo(200);
            assertThat(json(resolved).at("/device").asString()).isEqualTo(DEVICE);
            problem(resolve(admin, "pd-" + "0".repeat(32)), 404);
            problem(resolve(admin, DEVICE), 422);
            String audit = Files.readString(dir.resolve("var/audit.ndjson"));
            assertThat(audit.lines().filter(line -> line.contains("device.resolve")))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("olga", "refused"),
                            line -> assertThat(line).contains(pseudonym + "; its owner asks", "applied"),
                            line -> assertThat(line).contains("refused"),
                            line -> assertThat(line).contains("refused"));
            assertThat(audit).doesNotContain(DEVICE);
        }
    }

    /** What was contained stays so, and both of its names are known. */
    @Test
    void anotherKeyMakesOtherNamesAndChangesNothingElse() throws Exception {
        try (TestingReceiver receiver = TestingReceiver.start();
                TestingOrigin origin = new TestingOrigin()) {
            String before;
            try (TestingGateway gateway = start(receiver, secret("p1"))) {
                before = flow(gateway, origin).at("/device/uid").asString();
                assertThat(contain(TestingAdmin.of(gateway), before).statusCode())
                        .isEqualTo(201);
            }
            try (TestingGateway gateway = start(receiver, secret("p2") + ", " + secret("p1"))) {
                TestingAdmin admin = TestingAdmin.of(gateway);
                JsonNode contained =
                        json(admin.get("/v1/quarantine?device=" + before)).at("/quarantines/0");
                assertThat(contained.at("/device").asString())
                        .matches("pd-[0-9a-f]{32}")
                        .isNotEqualTo(before);
                for (String one : new String[] {before, contained.at("/device").asString()}) {
                    assertThat(json(resolve(admin, one)).at("/device").asString())
                            .isEqualTo(DEVICE);
                }
                try (TestingConnection again = TestingClient.to(gateway)
                        .send(TestingClient.connect(HOST + ":" + origin.port(), TestingClient.APP))) {
                    assertThat(again.rest()).startsWith("HTTP/1.1 403 ");
                }
            }
        }
    }

    /** OCSF 4003, with what was blocked as with what was answered. */
    @Test
    void recordsOfQuestionsNameNoDevice() throws Exception {
        Files.writeString(
                dir.resolve("addresses.csv"), "address,device,profile,app,proof\n127.0.0.1," + DEVICE + ",work,-\n");
        try (TestingNameServer server = TestingNameServer.start(TestingNameServer.Asked::addresses);
                TestingGateway gateway = TestingGateway.start(dir, """
                        listeners: [{name: names, type: dns, bind: '127.0.0.1:0'}]
                        upstream: {allow-networks: [192.0.2.0/24]}
                        identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                        dns: {upstreams: ['127.0.0.1:%d'], timeout: 10s}
                        privacy: {pseudonym-keys: [%s]}
                        records: {flows: {file: flows.ndjson}, dns: {file: dns.ndjson}}
                        """.formatted(server.port(), secret("p1")), """
                        rules: [{name: no-ads, when: {destination: ["*.ads.example"]}, action: block, mode: enforce}]
                        """)) {
            SimpleResolver resolver = new SimpleResolver(gateway.address("names"));
            resolver.setTimeout(PATIENCE);
            for (String name : List.of("www.acme.example.", "a.ads.example.")) {
                resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN)));
            }
            Path file = dir.resolve("dns.ndjson");
            List<JsonNode> lines = await()
                    .atMost(PATIENCE)
                    .until(
                            () -> Files.exists(file) ? Files.readAllLines(file) : List.<String>of(),
                            all -> all.size() >= 2)
                    .stream()
                    .map(line -> JsonMapper.shared().readTree(line))
                    .toList();
            assertThat(lines).allSatisfy(line -> {
                assertThat(line.at("/class_uid").asInt()).isEqualTo(4003);
                assertThat(line.at("/device/uid").asString()).matches("pd-[0-9a-f]{32}");
                assertThat(line.at("/src_endpoint/ip").asString()).startsWith("100::");
                assertThat(line.toString()).doesNotContain(DEVICE);
            });
            assertThat(json(resolve(
                                    TestingAdmin.of(gateway),
                                    lines.get(0).at("/device/uid").asString()))
                            .at("/device")
                            .asString())
                    .isEqualTo(DEVICE);
        }
    }

    private static JsonNode findings(TestingAdmin admin, String device) throws Exception {
        return json(admin.get("/v1/findings?device=" + device)).at("/findings");
    }

    private static HttpResponse<String> contain(TestingAdmin by, String device) throws Exception {
        return by.send(
                "POST",
                "/v1/quarantine",
                "{\"device\": \"" + device + "\", \"reason\": \"odd\"}",
                "content-type",
                JSON);
    }

    private static HttpResponse<String> resolve(TestingAdmin by, String pseudonym) throws Exception {
        return by.send(
                "POST",
                "/v1/devices/resolve",
                "{\"pseudonym\": \"" + pseudonym + "\", \"reason\": \"its owner asks\"}",
                "content-type",
                JSON);
    }

    private static String unzipped(byte[] bundle) throws IOException {
        StringBuilder text = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bundle))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                text.append(entry.getName()).append(new String(zip.readAllBytes(), UTF_8));
            }
        }
        return text.toString();
    }
}
