package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.e2e.TestingClient;
import io.postern.gateway.e2e.TestingConnection;
import io.postern.gateway.e2e.TestingGateway;
import io.postern.gateway.e2e.TestingOrigin;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ShadowCommandIT {

    @TempDir
    Path dir;

    @Test
    void showsWhatARuleInShadowWouldHaveDoneByAppAndByDevice() throws Exception {
        String policy = "rules: [{name: not-there, when: {destination: 127.0.0.0/8}, action: block, mode: shadow}]\n";
        try (TestingGateway gateway = TestingGateway.start(dir, "", policy);
                TestingOrigin origin = new TestingOrigin()) {
            flow(gateway, origin);
            String url = "http://127.0.0.1:" + gateway.gateway().adminAddress().getPort();
            String token = dir.resolve("var/admin/token").toString();

            TestingTerminal table = new TestingTerminal();
            assertThat(table.run("shadow", "--url", url, "--token-file", token))
                    .as(table::err)
                    .isZero();
            assertThat(table.out())
                    .startsWith("since ")
                    .containsPattern("block +" + TestingClient.APP + " +not-there +1 +1 +shadow");
            TestingTerminal devices = new TestingTerminal();
            assertThat(devices.run("shadow", "--by", "device", "--url", url, "--token-file", token))
                    .as(devices::err)
                    .isZero();
            assertThat(devices.out()).containsPattern("block +LC01 +not-there +1 +1 +shadow");
            TestingTerminal json = new TestingTerminal();
            assertThat(json.run("shadow", "--url", url, "--token-file", token, "--json"))
                    .isZero();
            assertThat(JsonMapper.shared()
                            .readTree(json.out())
                            .at("/rows/0/devices")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void countsOutliveARestart() throws Exception {
        String policy = "rules: [{name: not-there, when: {destination: 127.0.0.0/8}, action: block, mode: shadow}]\n";
        String since;
        try (TestingOrigin origin = new TestingOrigin()) {
            try (TestingGateway gateway = TestingGateway.start(dir, "", policy)) {
                flow(gateway, origin);
                since = report(gateway).at("/since").asString();
            }
            try (TestingGateway gateway = TestingGateway.start(dir, "", policy)) {
                JsonNode report = report(gateway);
                assertThat(report.at("/since").asString()).isEqualTo(since);
                assertThat(report.at("/rows/0/app").asString()).isEqualTo(TestingClient.APP);
                assertThat(report.at("/rows/0/flows").asInt()).isEqualTo(1);
            }
        }
    }

    private static void flow(TestingGateway gateway, TestingOrigin origin) throws Exception {
        try (TestingConnection flow = TestingClient.tunnel(gateway, origin.authority());
                TestingConnection server = origin.accept()) {
            flow.send("\0");
            assertThat(server.read(1)).isEqualTo("\0");
        }
        gateway.record(origin);
    }

    private JsonNode report(TestingGateway gateway) {
        TestingTerminal json = new TestingTerminal();
        String url = "http://127.0.0.1:" + gateway.gateway().adminAddress().getPort();
        assertThat(json.run(
                        "shadow",
                        "--url",
                        url,
                        "--token-file",
                        dir.resolve("var/admin/token").toString(),
                        "--json"))
                .as(json::err)
                .isZero();
        return JsonMapper.shared().readTree(json.out());
    }
}
