package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingAdmin.json;
import static io.postern.gateway.e2e.TestingAdmin.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.config.AdminRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code /v1/flows} tells of flows that live and of those that ended. */
class FlowsApiIT {

    private static final String STREAMS = "postern_admin_streams";

    @TempDir
    Path dir;

    @Test
    void endedFlowsAreToldAsTheirRecordsAre() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            end(gateway, origin, "com.acme.one");
            end(gateway, origin, "com.acme.two");
            await().until(() -> gateway.records().size() == 2);
            JsonNode page = json(admin.get("/v1/flows"));

            assertThat(page.at("/flows").valueStream())
                    .as("newest first")
                    .containsExactly(gateway.records().get(1), gateway.records().get(0));
            assertThat(page.has("next")).isFalse();
        }
    }

    /** A cursor is the client's word: whatever number it names, as many steps are made as there are flows. */
    @Test
    void aCursorFromFarAheadStartsAtTheLastFlow() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            for (int i = 0; i < 2; i++) {
                end(gateway, origin, "com.acme.n" + i);
            }
            await().until(() -> gateway.records().size() == 2);
            String next = json(admin.get("/v1/flows?limit=1")).at("/next").asString();
            String run = new String(Base64.getUrlDecoder().decode(next), StandardCharsets.US_ASCII).split("/", -1)[0];
            String far = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((run + "//999999999999999999").getBytes(StandardCharsets.US_ASCII));

            assertThat(json(admin.get("/v1/flows?cursor=" + far)).at("/flows").valueStream())
                    .containsExactly(gateway.records().get(1), gateway.records().get(0));
        }
    }

    @Test
    void weightsDecideWhetherFlowsComeAsAPageOrAStream() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir)) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            for (String accept : List.of(
                    "text/event-stream;q=0.1, application/json",
                    "text/event-stream;q=0, */*",
                    "text/*;q=0.2, application/*;q=0.3")) {
                assertThat(admin.get("/v1/flows", "accept", accept).headers().firstValue("content-type"))
                        .as(accept)
                        .contains("application/json");
            }
        }
    }

    @Test
    void filtersTakeOnlyWhatFits() throws Exception {
        String policy = "rules: [{name: no-bad, when: {app: com.acme.bad}, action: block, mode: enforce}]\n";
        try (TestingGateway gateway = TestingGateway.start(
                        dir,
                        "upstream: {allow-networks: [127.0.0.0/8], hosts: {www.acme.example: 127.0.0.1}}\n",
                        policy);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection bad = TestingClient.to(gateway);
                TestingConnection live = tunnel(gateway, "www.acme.example:" + origin.port(), "com.acme.live");
                TestingConnection liveServer = origin.accept()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            bad.send(TestingClient.connect(origin.authority(), "com.acme.bad"));
            assertThat(bad.rest()).startsWith("HTTP/1.1 403 ");
            end(gateway, origin, "com.acme.good");
            await().until(() -> gateway.records().size() == 2);

            assertThat(apps(admin, "")).containsExactly("com.acme.live", "com.acme.good", "com.acme.bad");
            assertThat(apps(admin, "?state=live")).containsExactly("com.acme.live");
            assertThat(apps(admin, "?state=closed")).containsExactly("com.acme.good", "com.acme.bad");
            assertThat(apps(admin, "?app=com.acme.good")).containsExactly("com.acme.good");
            assertThat(apps(admin, "?verdict=block")).containsExactly("com.acme.bad");
            assertThat(apps(admin, "?destination=*.ACME.example")).containsExactly("com.acme.live");
            assertThat(apps(admin, "?destination=www.acme.example")).containsExactly("com.acme.live");
            assertThat(apps(admin, "?destination=127.0.0.1&app=com.acme.good")).containsExactly("com.acme.good");
            assertThat(apps(admin, "?device=LC01&profile=work&listener=apps&protocol=unknown"))
                    .hasSize(3);
            assertThat(apps(admin, "?device=LC02")).isEmpty();
            assertThat(apps(admin, "?listener=other")).isEmpty();
            assertThat(apps(admin, "?protocol=tls")).isEmpty();
            assertThat(apps(admin, "?since=2099-01-01T00:00:00Z&state=closed")).isEmpty();
            assertThat(apps(admin, "?since=2020-01-01T00:00:00Z&state=closed")).hasSize(2);
            liveServer.close();
            live.close();
        }
    }

    @Test
    void pagesMissNothingAndRepeatNothingWhileFlowsComeAndStay() throws Exception {
        List<TestingConnection> living = new ArrayList<>();
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            for (int i = 0; i < 5; i++) {
                end(gateway, origin, "com.acme.ended" + i);
                living.add(tunnel(gateway, origin.authority(), "com.acme.live" + i));
                living.add(origin.accept());
            }
            await().until(() -> gateway.records().size() == 5);
            List<String> seen = new ArrayList<>();
            String next = "";
            do {
                JsonNode page = json(admin.get("/v1/flows?limit=2" + (next.isEmpty() ? "" : "&cursor=" + next)));
                page.at("/flows")
                        .forEach(flow -> seen.add(flow.at("/actor/app_uid").asString()));
                next = page.path("next").asString("");
                int ended = gateway.records().size();
                end(gateway, origin, "com.acme.n" + ended + ".later");
                await().until(() -> gateway.records().size() == ended + 1);
            } while (!next.isEmpty());

            assertThat(seen)
                    .doesNotHaveDuplicates()
                    .filteredOn(app -> !app.endsWith("later"))
                    .hasSize(10);
            problem(admin.get("/v1/flows?cursor=" + "b3RoZXIvLy0x"), 400);
        } finally {
            for (TestingConnection each : living) {
                each.close();
            }
        }
    }

    @Test
    void whoFollowsIsToldOfEachBeginningAndEnd() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            String first;
            try (TestingEvents events = new TestingEvents(admin, "/v1/flows?app=com.acme.one")) {
                gateway.awaitMetric(STREAMS, 1);
                end(gateway, origin, "com.acme.other");
                end(gateway, origin, "com.acme.one");
                TestingEvents.Event open = events.next();
                TestingEvents.Event close = events.next();
                first = open.id();

                assertThat(open.name()).isEqualTo("open");
                assertThat(close.name()).isEqualTo("close");
                assertThat(close.data().at("/connection_info/uid"))
                        .isEqualTo(open.data().at("/connection_info/uid"));
                assertThat(close.data().at("/actor/app_uid").asString()).isEqualTo("com.acme.one");
            }
            gateway.awaitMetric(STREAMS, 0);
            end(gateway, origin, "com.acme.one");
            await().until(() -> gateway.records().size() == 3);
            try (TestingEvents again = new TestingEvents(admin, "/v1/flows?app=com.acme.one", "last-event-id", first)) {
                assertThat(again.next().name())
                        .as("what came behind the last one")
                        .isEqualTo("close");
                assertThat(again.next().name())
                        .as("and what ended while nobody followed")
                        .isEqualTo("close");
            }
        }
    }

    @Test
    void streamsAreFewAndEndWhenTokensChange() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "admin: {bind: '127.0.0.1:0', streams: 2}\n", "")) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            try (TestingEvents one = new TestingEvents(admin, "/v1/flows");
                    TestingEvents two = new TestingEvents(admin, "/v1/flows")) {
                gateway.awaitMetric(STREAMS, 2);
                problem(admin.get("/v1/flows", "accept", "text/event-stream"), 429);
                assertThat(admin.get("/v1/flows").statusCode()).isEqualTo(200);
                admin.as("vera", AdminRole.VIEWER);
                gateway.awaitMetric(STREAMS, 0);
                assertThat(one.ended()).isTrue();
                assertThat(two.ended()).isTrue();
            }
            try (TestingEvents again = new TestingEvents(admin, "/v1/flows")) {
                gateway.awaitMetric(STREAMS, 1);
                assertThat(again.response().headers().firstValue("content-type"))
                        .contains("text/event-stream");
            }
        }
    }

    @Test
    void aStreamOutlivesTheTimeOfAnOrdinaryRequestAndDrainsAtTheEnd() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingEvents events = new TestingEvents(TestingAdmin.of(gateway), "/v1/flows")) {
            gateway.awaitMetric(STREAMS, 1);
            gateway.close();
            assertThat(events.ended()).isTrue();
        }
    }

    private static Set<String> apps(TestingAdmin admin, String query) throws Exception {
        Set<String> apps = new LinkedHashSet<>();
        json(admin.get("/v1/flows" + query))
                .at("/flows")
                .forEach(flow -> apps.add(flow.at("/actor/app_uid").asString()));
        return apps;
    }

    private static void end(TestingGateway gateway, TestingOrigin origin, String app) throws IOException {
        try (TestingConnection client = tunnel(gateway, origin.authority(), app);
                TestingConnection server = origin.accept()) {
            client.send("\0");
            assertThat(server.read(1)).isEqualTo("\0");
        }
    }

    private static TestingConnection tunnel(TestingGateway gateway, String authority, String app) throws IOException {
        TestingConnection client = TestingClient.to(gateway).send(TestingClient.connect(authority, app));
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }
}
