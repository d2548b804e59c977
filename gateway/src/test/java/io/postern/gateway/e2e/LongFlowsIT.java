package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A flow that lives for hours is told of each hour, and once more when it has ended. */
class LongFlowsIT {

    private static final String LONG = "com.acme.long";
    private static final String LATER = "com.acme.later";
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Clock.systemUTC().instant());

    @Test
    void aLineAnHourAndOneAtTheEnd() throws Exception {
        // One loop, so that whoever looks at the flows looks at both at once.
        try (TestingGateway gateway = TestingGateway.start(dir, "runtime: {event-loops: 1}\n", "", clock);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority(), LONG);
                TestingConnection server = origin.accept()) {
            exchange(client, server, "\0first");
            clock.pass(HALF_AN_HOUR);
            try (TestingConnection later = tunnel(gateway, origin.authority(), LATER);
                    TestingConnection laterServer = origin.accept()) {
                exchange(later, laterServer, "\0");
                clock.pass(HALF_AN_HOUR);
                expect(lines(gateway, LONG, 1).get(0), 6, 6);

                exchange(client, server, "second");
                clock.pass(HALF_AN_HOUR);
                expect(lines(gateway, LATER, 1).get(0), 6, 1);
                clock.pass(HALF_AN_HOUR);
                expect(lines(gateway, LONG, 2).get(1), 6, 12);

                server.close();
                client.close();
                List<JsonNode> all = lines(gateway, LONG, 3);
                expect(all.get(2), 2, 12);
                assertThat(all)
                        .extracting(line -> line.at("/connection_info/uid"))
                        .containsOnly(uid(all));
                assertThat(all)
                        .extracting(line -> line.at("/start_time").asLong())
                        .containsOnly(clock.millis() - Duration.ofHours(2).toMillis());
                assertThat(all)
                        .extracting(
                                line -> line.at("/unmapped/postern/exchanges").size())
                        .as("each line has those since the one before")
                        .containsExactly(1, 1, 0);
            }
            assertThat(lines(gateway, LATER, 2).get(1).at("/activity_id").asInt())
                    .isEqualTo(2);
        }
    }

    private static JsonNode uid(List<JsonNode> lines) {
        return lines.get(0).at("/connection_info/uid");
    }

    /** Both directions, so that nothing of it is still on its way. */
    private static void exchange(TestingConnection client, TestingConnection server, String text) throws IOException {
        client.send(text);
        assertThat(server.read(text.length())).isEqualTo(text);
        server.send(text);
        assertThat(client.read(text.length())).isEqualTo(text);
    }

    private void expect(JsonNode line, int activity, int bytesEachWay) {
        assertThat(line.at("/activity_id").asInt()).isEqualTo(activity);
        assertThat(line.at("/end_time").asLong()).isEqualTo(clock.millis());
        assertThat(line.at("/traffic/bytes_out").asInt()).isEqualTo(bytesEachWay);
        assertThat(line.at("/traffic/bytes_in").asInt()).isEqualTo(bytesEachWay);
    }

    /** All lines about an app's flow, once there are so many. */
    private static List<JsonNode> lines(TestingGateway gateway, String app, int count) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> gateway.records().stream()
                                .filter(line ->
                                        line.at("/actor/app_uid").asString().equals(app))
                                .toList(),
                        lines -> lines.size() >= count);
    }
}
