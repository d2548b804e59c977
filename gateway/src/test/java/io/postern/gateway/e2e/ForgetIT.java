package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingAdmin.problem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.config.AdminRole;
import io.postern.gateway.analytics.Detecting;
import io.postern.gateway.analytics.HomeSettings;
import io.postern.gateway.analytics.TestingHunch;
import io.postern.gateway.cli.TestingTerminal;
import io.postern.gateway.identity.CompactTag;
import io.postern.gateway.quarantine.FullDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** After a device is erased nothing on the disk names it, but for what the documents say. */
class ForgetIT {

    private static final String DEVICE = "LC-forget-me-01";
    private static final String OTHER = "LC-forget-me-012";
    private static final String HOST = "files.acme.example";
    private static final String JSON = "application/json";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    private TestingGateway start(TestingReceiver receiver, String more) throws IOException {
        Detecting hunch = new Detecting(
                HomeSettings.DEFAULTS, seed -> new TestingHunch(TestingHunch.hearing(), 1), finding -> {});
        return TestingGateway.start(
                dir,
                more
                        + "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {" + HOST + ": 127.0.0.1}}\n"
                        + "evidence: {capture: {purpose: case 17, approver: dpo, until: 2099-12-31}}\n"
                        + "records: {flows: {file: var/flows.ndjson, max-size: 64KiB}, findings: {file: var/findings.ndjson}}\n"
                        + "response: {webhook: {url: '" + receiver.url() + "', secret-file: " + secret("hook")
                        + ", dead-letters: var/dead-letters.ndjson}}\n"
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

    private static void tell(TestingSource agent, String device) throws Exception {
        assertThat(agent.events("{\"id\":\"e-" + device + "\",\"time\":\"" + Instant.now()
                                + "\",\"event\":\"app.inventory\",\"device\":{\"id\":\"" + device
                                + "\",\"profile\":\"work\"},\"app\":{\"package\":\"" + TestingClient.APP
                                + "\"},\"attributes\":{\"managed\":true}}\n")
                        .statusCode())
                .isEqualTo(202);
    }

    private static TestingConnection open(TestingGateway gateway, String device, TestingOrigin origin)
            throws IOException {
        CompactTag tag = TestingGateway.deviceTag(device);
        TestingConnection client = TestingClient.to(gateway)
                .send("CONNECT " + HOST + ":" + origin.port() + " HTTP/1.1\r\nHost: " + HOST
                        + "\r\nProxy-Authorization: " + TestingGateway.basic(tag) + "\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200");
        return client;
    }

    private static void flow(TestingGateway gateway, String device, TestingOrigin origin) throws Exception {
        try (TestingConnection client = open(gateway, device, origin);
                TestingConnection server = origin.accept()) {
            client.send("hello");
            assertThat(server.read(5)).isEqualTo("hello");
        }
    }

    private static List<JsonNode> findings(TestingAdmin admin, String device) throws Exception {
        return json(admin.get("/v1/findings?device=" + device))
                .at("/findings")
                .valueStream()
                .toList();
    }

    /** A device of which everything there is is known: flows, facts, findings, a quarantine that is over, letters, a capture. */
    private void known(TestingGateway gateway, String device, TestingOrigin origin) throws Exception {
        TestingAdmin admin = TestingAdmin.of(gateway);
        tell(TestingSource.of(gateway, "agent"), device);
        flow(gateway, device, origin);
        double armed = gateway.metric("postern_captures");
        await().atMost(PATIENCE).until(() -> findings(admin, device).size() == 1);
        gateway.awaitMetric("postern_capture_armed", armed + 1);
        flow(gateway, device, origin);
        HttpResponse<String> contained = admin.send(
                "POST",
                "/v1/quarantine",
                "{\"device\": \"" + device + "\", \"ttl\": \"5m\", \"reason\": \"odd\"}",
                "content-type",
                JSON);
        assertThat(contained.statusCode()).as(contained.body()).isEqualTo(201);
        problem(forget(admin, device), 409);
        assertThat(admin.send(
                                "DELETE",
                                "/v1/quarantine/" + json(contained).at("/id").asString() + "?reason=over",
                                "")
                        .statusCode())
                .isEqualTo(200);
        gateway.awaitMetric("postern_captures", armed + 1);
    }

    private static HttpResponse<String> forget(TestingAdmin admin, String device) throws Exception {
        return admin.send(
                "POST",
                "/v1/devices/forget",
                "{\"device\": \"" + device + "\", \"reason\": \"its owner asks\"}",
                "content-type",
                JSON);
    }

    /** Files below the state that have the word, by its own. */
    private List<String> naming(String word) throws IOException {
        try (Stream<Path> all = Files.walk(dir.resolve("var"))) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> names(file, word))
                    .map(file -> dir.resolve("var").relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static boolean names(Path file, String word) {
        try {
            return Files.readString(file, ISO_8859_1).matches("(?s).*" + word + "(?![0-9]).*");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void nothingOnTheDiskNamesItButTheAuditLog() throws Exception {
        // Letters wait: nobody takes them.
        try (TestingReceiver receiver = TestingReceiver.start().answering(500);
                TestingGateway gateway = start(receiver, "");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            known(gateway, DEVICE, origin);
            known(gateway, OTHER, origin);
            TestingConnection living = open(gateway, DEVICE, origin);
            TestingConnection other = open(gateway, OTHER, origin);
            assertThat(naming(DEVICE)).contains("audit.ndjson", "findings.ndjson", "flows.ndjson", "store.mv");

            problem(forget(admin.as("olga", AdminRole.OPERATOR), DEVICE), 403);
            problem(forget(admin, "no device"), 422);
            HttpResponse<String> answer = forget(admin, DEVICE);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode erased = json(answer).at("/erased");
            assertThat(erased.at("/flows").asInt()).isEqualTo(1);
            assertThat(erased.at("/findings").asInt()).isEqualTo(1);
            assertThat(erased.at("/facts").asInt()).isEqualTo(1);
            assertThat(erased.at("/inventory").asInt()).isEqualTo(1);
            assertThat(erased.at("/quarantines").asInt()).isEqualTo(1);
            assertThat(erased.at("/letters").asInt()).isPositive();
            assertThat(erased.at("/captures").asInt()).isEqualTo(1);
            assertThat(erased.at("/flow_lines").asInt()).isGreaterThanOrEqualTo(3);
            assertThat(erased.at("/finding_lines").asInt()).isPositive();
            assertThat(json(answer).at("/kept/audit.ndjson").asInt()).isPositive();

            assertThat(living.untilGone()).isEmpty();
            assertThat(naming(DEVICE)).containsExactly("audit.ndjson");
            assertThat(naming(OTHER)).contains("findings.ndjson", "flows.ndjson", "store.mv");
            assertThat(findings(admin, DEVICE)).isEmpty();
            assertThat(json(admin.get("/v1/flows?device=" + DEVICE)).at("/flows"))
                    .isEmpty();
            assertThat(json(admin.get("/v1/inventory?device=" + DEVICE)).at("/apps"))
                    .isEmpty();
            assertThat(json(admin.get("/v1/quarantine?device=" + DEVICE + "&state=released"))
                            .at("/quarantines"))
                    .isEmpty();
            assertThat(findings(admin, OTHER)).hasSize(1);
            assertThat(json(admin.get("/v1/inventory?device=" + OTHER)).at("/apps"))
                    .hasSize(1);
            // The other's flow goes on, and its line is written to the file that took the place of the first.
            try (TestingConnection ended = origin.accept();
                    TestingConnection server = origin.accept();
                    other) {
                assertThat(ended.untilGone()).isEmpty();
                other.send("still here");
                assertThat(server.read(10)).isEqualTo("still here");
            }
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(dir.resolve("var/flows.ndjson"))
                                    .lines()
                                    .filter(line -> line.contains('"' + OTHER + '"'))
                                    .count()
                            >= 3);
            assertThat(Files.readString(dir.resolve("var/audit.ndjson"))
                            .lines()
                            .filter(line -> line.contains("device.forget")))
                    .anySatisfy(line -> assertThat(line).contains("begun", DEVICE + "; its owner asks"))
                    .anySatisfy(line -> assertThat(line).contains("applied", DEVICE));
        }
        // What is written when it stops, and read when it starts, is of nobody either.
        assertThat(naming(DEVICE)).containsExactly("audit.ndjson");
        try (TestingReceiver receiver = TestingReceiver.start();
                TestingGateway gateway = start(receiver, "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            assertThat(findings(admin, OTHER)).hasSize(1);
            assertThat(findings(admin, DEVICE)).isEmpty();
        }
    }

    @Test
    void whatRulesWouldHaveDoneToItIsErasedToo() throws Exception {
        String settings = "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {" + HOST + ": 127.0.0.1}}\n";
        String policy = "rules: [{name: not-there, when: {destination: " + HOST + "}, action: block, mode: shadow}]\n";
        try (TestingOrigin origin = new TestingOrigin()) {
            try (TestingGateway gateway = TestingGateway.start(dir, settings, policy)) {
                flow(gateway, DEVICE, origin);
                flow(gateway, OTHER, origin);
                TestingAdmin admin = TestingAdmin.of(gateway);
                await().atMost(PATIENCE)
                        .until(() -> shadow(admin, "app").stream()
                                .anyMatch(row -> row.at("/flows").asInt() == 2));
            }
            assertThat(naming(DEVICE)).contains("store.mv");
            try (TestingGateway gateway = TestingGateway.start(dir, settings, policy)) {
                TestingAdmin admin = TestingAdmin.of(gateway);
                assertThat(shadow(admin, "device")).hasSize(2);
                // One that lives is counted as it is ended.
                TestingConnection living = open(gateway, DEVICE, origin);
                HttpResponse<String> answer = forget(admin, DEVICE);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(json(answer).at("/erased/shadow").asInt()).isEqualTo(1);
                assertThat(living.untilGone()).isEmpty();
                assertThat(shadow(admin, "device"))
                        .extracting(row -> row.at("/device").asString())
                        .containsExactly(OTHER);
                assertThat(shadow(admin, "app")).singleElement().satisfies(row -> {
                    assertThat(row.at("/flows").asInt()).isEqualTo(3);
                    assertThat(row.at("/devices").asInt()).as("the other").isEqualTo(1);
                });
                assertThat(naming(DEVICE)).doesNotContain("store.mv");
                assertThat(naming(OTHER)).contains("store.mv");
            }
            assertThat(naming(DEVICE)).as("what is written when it stops").doesNotContain("store.mv");
        }
    }

    private static List<JsonNode> shadow(TestingAdmin admin, String by) throws Exception {
        return json(admin.get("/v1/policy/shadow?by=" + by))
                .at("/rows")
                .valueStream()
                .toList();
    }

    @Test
    void whatCouldNotBeErasedIsSaidAndErasedTheNextTime() throws Exception {
        List<FullDisk> disks = new ArrayList<>();
        String settings = "upstream: {allow-networks: ['127.0.0.0/8'], hosts: {" + HOST + ": 127.0.0.1}}\n"
                + "records: {flows: {file: var/flows.ndjson}}\n";
        try (TestingGateway gateway = TestingGateway.onDisk(dir, settings, store -> {
                    disks.add(new FullDisk(store));
                    return disks.get(0);
                });
                TestingOrigin origin = new TestingOrigin()) {
            flow(gateway, DEVICE, origin);
            TestingAdmin admin = TestingAdmin.of(gateway);
            disks.get(0).fill(true);
            HttpResponse<String> answer = forget(admin, DEVICE);
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("not all is erased", "store: no space left on device");
            assertThat(Files.readString(dir.resolve("var/audit.ndjson"))).contains("device.forget", "\"failed\"");
            assertThat(naming(DEVICE)).as("what could be erased is").doesNotContain("flows.ndjson");

            disks.get(0).fill(false);
            assertThat(forget(admin, DEVICE).statusCode()).isEqualTo(200);
            assertThat(naming(DEVICE)).containsExactly("audit.ndjson");
        }
    }

    @Test
    void withPseudonymsTheAuditLogNamesOneThatNobodyCanResolve() throws Exception {
        try (TestingReceiver receiver = TestingReceiver.start();
                TestingGateway gateway = start(receiver, "privacy: {pseudonym-keys: [" + secret("p1") + "]}\n");
                TestingOrigin origin = new TestingOrigin()) {
            known(gateway, DEVICE, origin);
            TestingAdmin admin = TestingAdmin.of(gateway);
            String pseudonym = findings(admin, DEVICE).get(0).at("/device/uid").asString();
            assertThat(pseudonym).startsWith("pd-");

            TestingTerminal terminal = new TestingTerminal();
            assertThat(terminal.run(
                            "forget",
                            pseudonym,
                            "--reason",
                            "its owner asks",
                            "--url",
                            "http://127.0.0.1:"
                                    + gateway.gateway().adminAddress().getPort(),
                            "--token-file",
                            dir.resolve("var/admin/token").toString()))
                    .as(terminal::err)
                    .isZero();
            assertThat(terminal.out()).contains("erased findings: 1", "erased pseudonyms: 1", "kept audit.ndjson: ");

            assertThat(naming(DEVICE)).isEmpty();
            assertThat(naming(pseudonym)).containsExactly("audit.ndjson");
            problem(
                    admin.send(
                            "POST",
                            "/v1/devices/resolve",
                            "{\"pseudonym\": \"" + pseudonym + "\", \"reason\": \"who\"}",
                            "content-type",
                            JSON),
                    404);
        }
    }
}
