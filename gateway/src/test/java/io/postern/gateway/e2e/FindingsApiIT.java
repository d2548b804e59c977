package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingAdmin.problem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.postern.analytics.Verdict;
import io.postern.analytics.finding.Campaign;
import io.postern.config.AdminRole;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of findings that detectors make, as an analyst sees it. */
class FindingsApiIT {

    private static final TestingFinding FIRST = TestingFinding.of("LC01");
    private static final String UID = FIRST.uid();
    private static final String FALSE_POSITIVE =
            "{\"status\": \"closed\", \"verdict\": \"false-positive\", \"reason\": \"our own backup\"}";

    @TempDir
    Path dir;

    @Test
    void aFindingIsListedRecordedAnsweredAndSurvivesARestart() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            tell(gateway, FIRST);
            awaitFindings(admin, "", 1);
            JsonNode shown = json(admin.get("/v1/findings/" + UID));
            assertThat(shown.at("/unmapped/postern/status").asString()).isEqualTo("open");
            assertThat(lines()).containsExactly("1 1 " + UID);

            HttpResponse<String> closed = patch(admin, UID, FALSE_POSITIVE);
            assertThat(closed.statusCode()).as(closed.body()).isEqualTo(200);
            assertThat(json(closed).at("/unmapped/postern/review/by").asString())
                    .isEqualTo("admin");
            assertThat(lines()).containsExactly("1 1 " + UID, "3 4 " + UID);
            assertThat(audit()).containsSubsequence("finding.review begun", "finding.review applied");
            assertThat(gateway.metric("postern_findings_total{action=\"alert\",analytic=\"AN1793\",severity=\"high\"}"))
                    .isEqualTo(1);
            assertThat(gateway.metric("postern_false_positive_budget_ratio{rule=\"AN1793\"}"))
                    .isEqualTo(1);
        }
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            assertThat(uids(admin, "?status=closed")).containsExactly(UID);
            tell(gateway, TestingFinding.of("LC02"));
            awaitFindings(admin, "?status=suppressed", 1);
            assertThat(lines()).as("nobody is told of the like of it").hasSize(2);
            assertThat(json(admin.get("/v1/exceptions"))
                            .at("/suppressions/0/finding")
                            .asString())
                    .isEqualTo(UID);
        }
    }

    @Test
    void theLikeIsSuppressedUntilTheEvidenceIsOfAnotherKind() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            tell(gateway, FIRST);
            tell(gateway, TestingFinding.of("LC02"));
            awaitFindings(admin, "?status=open", 2);
            assertThat(patch(admin, UID, FALSE_POSITIVE).statusCode()).isEqualTo(200);
            assertThat(uids(admin, "?status=open")).isEmpty();
            assertThat(uids(admin, "?status=suppressed"))
                    .containsExactly(TestingFinding.of("LC02").uid());

            tell(gateway, FIRST.later().withCrypto());
            awaitFindings(admin, "?status=open", 1);
            JsonNode again = json(admin.get("/v1/findings/" + UID + ".2"));
            assertThat(again.at("/unmapped/postern/takes_up").asString()).isEqualTo(UID);
            problem(patch(admin, UID, "{\"status\": \"open\", \"reason\": \"once more\"}"), 409);
        }
    }

    @Test
    void exceptionsOfPolicyHoldForWhatIsOpenUntilTheyAreTakenBack() throws Exception {
        String excepted =
                "exceptions: [{app: com.acme.app, analytic: AN1793, protocol: tls, port: 8443, owner: dev-tools,"
                        + " reason: staging, until: 2099-01-31}]\n";
        try (TestingGateway gateway = TestingGateway.start(dir, "policy: {managed: true}\n", "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            tell(gateway, FIRST);
            awaitFindings(admin, "?status=open", 1);
            assertThat(admin.put(excepted).statusCode()).isEqualTo(200);
            awaitFindings(admin, "?status=suppressed", 1);
            assertThat(json(admin.get("/v1/findings/" + UID))
                            .at("/unmapped/postern/suppressed_by/owner")
                            .asString())
                    .isEqualTo("dev-tools");
            JsonNode use = json(admin.get("/v1/exceptions")).at("/exceptions/0");
            assertThat(use.at("/used").asInt()).isEqualTo(1);
            assertThat(use.at("/in_force").asBoolean()).isTrue();

            assertThat(admin.put(excepted.replace("8443", "9443")).statusCode()).isEqualTo(200);
            awaitFindings(admin, "?status=open", 1);
            use = json(admin.get("/v1/exceptions")).at("/exceptions/0");
            assertThat(use.at("/used").asInt()).isZero();
            assertThat(use.at("/exceeded").asInt()).isEqualTo(1);
        }
    }

    /** An implant found by an analytic in shadow must not become usual before somebody has looked. */
    @Test
    void whatIsFoundInShadowAlertsNobodyAndTaintsAllTheSame() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            for (String device : List.of("LC01", "LC02", "LC03")) {
                gateway.gateway()
                        .findings()
                        .found(TestingFinding.of(device).at(System.currentTimeMillis()), Verdict.Action.ALLOW, "");
            }
            awaitFindings(admin, "", 3);
            assertThat(json(admin.get("/v1/findings/" + UID)).at("/is_alert").asBoolean())
                    .isFalse();
            assertThat(gateway.gateway().findings().campaigns())
                    .extracting(Campaign::alert)
                    .containsExactly(false);
            await().until(() -> json(admin.get("/v1/baselines/diff?app=com.acme.app"))
                    .at("/diffs/0/tainted/0/destination")
                    .asString("")
                    .equals("evil.example"));
        }
    }

    @Test
    void filtersTakeWhatFitsAndPagesMissNothing() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            List<TestingFinding> all = List.of(
                    FIRST,
                    TestingFinding.of("LC02"),
                    TestingFinding.of("LC03").score(45),
                    FIRST.by("AN1827").to("203.0.113.9").score(95),
                    FIRST.by("AN1681").to("cdn.acme.example").score(20));
            all.forEach(one -> tell(gateway, one));
            awaitFindings(admin, "", all.size());

            assertThat(uids(admin, "?device=LC02")).hasSize(1);
            assertThat(uids(admin, "?analytic=AN1827&destination=203.0.113.9")).hasSize(1);
            assertThat(uids(admin, "?severity=high")).hasSize(3);
            assertThat(uids(admin, "?min_score=40")).hasSize(4);
            assertThat(uids(admin, "?destination=*.evil.example")).hasSize(3);
            assertThat(uids(admin, "?since=2099-01-01T00:00:00Z")).isEmpty();
            assertThat(uids(admin, "?app=com.acme.app&profile=work")).hasSize(5);
            String campaign =
                    json(admin.get("/v1/campaigns")).at("/campaigns/0/uid").asString();
            assertThat(uids(admin, "?campaign=" + campaign)).hasSize(3);
            for (String wrong :
                    List.of("?severity=x", "?status=x", "?min_score=101", "?since=x", "?cursor=x", "?limit=0")) {
                problem(admin.get("/v1/findings" + wrong), 400);
            }
            List<String> paged = new ArrayList<>();
            String next = "";
            do {
                JsonNode page = json(admin.get("/v1/findings?limit=2" + (next.isEmpty() ? "" : "&cursor=" + next)));
                page.get("findings").forEach(one -> paged.add(uid(one)));
                next = page.path("next").asString("");
                tell(gateway, TestingFinding.of("LX" + paged.size()));
                awaitFindings(admin, "?device=LX" + paged.size(), 1);
            } while (!next.isEmpty());
            assertThat(paged)
                    .containsExactlyElementsOf(Stream.iterate(4, i -> i >= 0, i -> i - 1)
                            .map(i -> all.get(i).uid())
                            .toList());
        }
    }

    @Test
    void whoeverFollowsHearsWhatBecomesOfThem() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            String first;
            try (TestingEvents events = new TestingEvents(admin, "/v1/findings?severity=medium")) {
                gateway.awaitMetric("postern_admin_streams", 1);
                tell(gateway, FIRST.to("low.example").score(10));
                tell(gateway, FIRST);
                TestingEvents.Event created = events.next();
                first = created.id();
                assertThat(created.name()).isEqualTo("create");
                assertThat(uid(created.data())).isEqualTo(UID);
                patch(admin, UID, FALSE_POSITIVE);
                assertThat(events.next().name()).isEqualTo("close");
            }
            try (TestingEvents again =
                    new TestingEvents(admin, "/v1/findings?severity=medium", "last-event-id", first)) {
                assertThat(again.next().name()).isEqualTo("close");
            }
        }
    }

    @Test
    void answersThatAreNoneOrNotAllowedChangeNothing() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            tell(gateway, FIRST);
            awaitFindings(admin, "", 1);
            TestingAdmin viewer = admin.as("vera", AdminRole.VIEWER);
            problem(patch(viewer, UID, FALSE_POSITIVE), 403);
            problem(patch(admin, "nobody", FALSE_POSITIVE), 404);
            problem(patch(admin, UID, "{\"status\": \"closed\", \"reason\": \"r\"}"), 422);
            problem(patch(admin, UID, "{\"verdict\": \"maybe\", \"reason\": \"r\"}"), 422);
            problem(patch(admin, UID, "{\"status\": \"suppressed\", \"reason\": \"r\"}"), 422);
            problem(
                    patch(admin, UID, "{\"status\": \"in-progress\", \"verdict\": \"benign\", \"reason\": \"r\"}"),
                    422);
            problem(patch(admin, UID, "{\"status\": \"in-progress\"}"), 422);
            problem(patch(admin, UID, FALSE_POSITIVE, "if-match", "\"99\""), 412);
            HttpResponse<String> shown = admin.get("/v1/findings/" + UID);
            assertThat(json(shown).at("/unmapped/postern/status").asString()).isEqualTo("open");

            String etag = shown.headers().firstValue("etag").orElseThrow();
            String working = "{\"status\": \"in-progress\", \"reason\": \"mine\"}";
            assertThat(patch(admin, UID, working, "if-match", etag).statusCode())
                    .isEqualTo(200);
            problem(patch(admin, UID, working, "if-match", etag), 412);
            assertThat(audit()).contains("finding.review refused");
        }
    }

    @Test
    void aFindingIsExplainedInWordsAndInJson() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            tell(gateway, FIRST);
            awaitFindings(admin, "", 1);
            HttpResponse<String> text = admin.get("/v1/explain/" + UID, "accept", "text/plain");
            assertThat(text.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
            assertThat(text.body())
                    .startsWith("Application Layer Protocol (AN1793): high, score 75, open\n")
                    .contains("T1437 Application Layer Protocol, ATT&CK Mobile 19.1")
                    .contains("It comes back by a clock")
                    .contains("whether the device was locked");
            JsonNode words = json(admin.get("/v1/explain/" + UID));
            assertThat(words.at("/supports/0/feature").asString()).isEqualTo("clock");
            assertThat(words.at("/severity").asString()).isEqualTo("high");
            problem(admin.get("/v1/explain/nobody"), 404);
        }
    }

    @Test
    void aFlowIsExplainedWhileItLivesAndWhenItHasEnded() throws Exception {
        String policy = "rules: [{name: no-bad, when: {app: com.acme.bad}, action: block, mode: enforce}]\n";
        try (TestingGateway gateway = TestingGateway.start(dir, "", policy);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            try (TestingConnection bad =
                    TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), "com.acme.bad"))) {
                assertThat(bad.rest()).startsWith("HTTP/1.1 403 ");
            }
            await().until(() -> gateway.records().size() == 1);
            String ended = gateway.records().get(0).at("/connection_info/uid").asString();
            JsonNode words = json(admin.get("/v1/explain/" + ended));
            assertThat(words.at("/verdict").asString()).isEqualTo("block");
            assertThat(words.at("/rules/0").toString())
                    .isEqualTo("{\"name\":\"no-bad\",\"action\":\"block\",\"mode\":\"enforce\",\"effect\":\"block\"}");
            try (TestingConnection client =
                            TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), "com.acme.good"));
                    TestingConnection server = origin.accept()) {
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
                String living = json(admin.get("/v1/flows?state=live"))
                        .at("/flows/0/connection_info/uid")
                        .asString();
                assertThat(admin.get("/v1/explain/" + living, "accept", "text/plain")
                                .body())
                        .startsWith("flow " + living + ": allow, by ")
                        .contains("com.acme.good on device LC01")
                        .contains("it lives.");
                server.close();
            }
        }
    }

    @Test
    void flowsSayWhichFindingIsOpenAndNothingOnceItWasFoundHarmless() throws Exception {
        TestingFinding finding = FIRST.to("127.0.0.1");
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            tell(gateway, finding);
            awaitFindings(admin, "?status=open", 1);
            await().until(() -> findingsOfNextFlow(gateway, origin).equals(List.of(finding.uid())));
            patch(admin, finding.uid(), FALSE_POSITIVE);
            await().until(() -> findingsOfNextFlow(gateway, origin).isEmpty());
            tell(gateway, finding.later());
            tell(gateway, TestingFinding.of("LC02"));
            awaitFindings(admin, "?device=LC02", 1);
            assertThat(findingsOfNextFlow(gateway, origin)).as("the like of it").isEmpty();
        }
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            assertThat(findingsOfNextFlow(gateway, origin)).isEmpty();
            tell(gateway, finding.later().withCrypto());
            awaitFindings(admin, "?status=open", 2);
            await().until(() -> findingsOfNextFlow(gateway, origin).equals(List.of(finding.uid() + ".2")));
        }
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin()) {
            assertThat(findingsOfNextFlow(gateway, origin))
                    .as("what is open stays so over a restart")
                    .containsExactly(finding.uid() + ".2");
        }
    }

    private static List<String> findingsOfNextFlow(TestingGateway gateway, TestingOrigin origin) throws Exception {
        int before = gateway.records().size();
        flow(gateway, origin, origin.authority());
        await().until(() -> gateway.records().size() == before + 1);
        return gateway.records()
                .get(before)
                .at("/unmapped/postern/findings")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    /** What a finding speaks of is not learnt; once it was found harmless, it may be. */
    @Test
    void whatAFindingSpeaksOfIsNotProposedUntilItIsFoundHarmless() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(
                        dir,
                        "baselines: {min-devices: 1, min-days: 1}\nupstream: {allow-networks: [127.0.0.0/8], hosts:"
                                + " {c2.evil.example: 127.0.0.1}}\n",
                        "");
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            tell(gateway, TestingFinding.of("LC09"));
            awaitFindings(admin, "", 1);
            flow(gateway, origin, "c2.evil.example:" + origin.port());
            await().until(() -> standing(admin).equals("tainted"));
            patch(admin, TestingFinding.of("LC09").uid(), FALSE_POSITIVE.replace("false-positive", "benign"));
            flow(gateway, origin, "c2.evil.example:" + origin.port());
            await().until(() -> standing(admin).equals("proposed"));
        }
    }

    /** On whichever device it was found: until the answer is taken back. */
    @Test
    void whatWasWhatItSaidSpeaksAgainstTheDestinationUntilItIsOpenAgain() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingFinding finding = TestingFinding.of("LC09");
            tell(gateway, finding);
            awaitFindings(admin, "", 1);
            patch(admin, finding.uid(), FALSE_POSITIVE.replace("false-positive", "true-positive"));
            await().until(() -> against(admin).contains("\"confirmed " + finding.uid() + '"'));
            patch(admin, finding.uid(), "{\"status\": \"open\", \"reason\": \"once more\"}");
            await().until(() -> !against(admin).contains("confirmed"));
            assertThat(against(admin)).contains("\"finding " + finding.uid() + '"');
        }
    }

    private static String against(TestingAdmin admin) throws Exception {
        return admin.get("/v1/baselines/diff?app=com.acme.app").body();
    }

    private static void flow(TestingGateway gateway, TestingOrigin origin, String authority) throws IOException {
        try (TestingConnection client =
                TestingClient.to(gateway).send(TestingClient.connect(authority, "com.acme.app"))) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            try (TestingConnection server = origin.accept()) {
                client.send("\0");
                assertThat(server.read(1)).isEqualTo("\0");
            }
        }
    }

    private static String standing(TestingAdmin admin) throws Exception {
        return json(admin.get("/v1/baselines?app=com.acme.app&trait=destination"))
                .at("/entries/0/standing")
                .asString("");
    }

    private static void tell(TestingGateway gateway, TestingFinding finding) {
        gateway.gateway().findings().accept(finding.at(System.currentTimeMillis()));
    }

    private static HttpResponse<String> patch(TestingAdmin admin, String uid, String body, String... fields)
            throws Exception {
        String[] all = new String[fields.length + 2];
        System.arraycopy(fields, 0, all, 0, fields.length);
        all[fields.length] = "content-type";
        all[fields.length + 1] = "application/json";
        return admin.send("PATCH", "/v1/findings/" + uid, body, all);
    }

    private static void awaitFindings(TestingAdmin admin, String query, int count) {
        await().until(() -> uids(admin, query).size() == count);
    }

    private static List<String> uids(TestingAdmin admin, String query) throws Exception {
        List<String> uids = new ArrayList<>();
        json(admin.get("/v1/findings" + query)).at("/findings").forEach(one -> uids.add(uid(one)));
        return uids;
    }

    private static String uid(JsonNode finding) {
        return finding.at("/finding_info/uid").asString();
    }

    /** Activity, status and uid of each record, all of them valid. */
    private List<String> lines() throws IOException {
        Schema schema = schema();
        List<String> all = new ArrayList<>();
        for (String line : Files.readAllLines(dir.resolve("var/findings.ndjson"))) {
            assertThat(schema.validate(line, InputFormat.JSON)).isEmpty();
            JsonNode json = JsonMapper.shared().readTree(line);
            all.add(json.get("activity_id") + " " + json.get("status_id") + " " + uid(json));
        }
        return all;
    }

    private static Schema schema() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                FindingsApiIT.class.getResourceAsStream("/ocsf-1.4/detection_finding.schema.json"))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(in.readAllBytes(), UTF_8));
        }
    }

    private List<String> audit() throws IOException {
        try (Stream<String> lines = Files.lines(dir.resolve("var/audit.ndjson"))) {
            return lines.map(JsonMapper.shared()::readTree)
                    .map(entry -> entry.at("/action").asString() + " "
                            + entry.at("/outcome").asString())
                    .toList();
        }
    }
}
