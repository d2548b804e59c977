package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.e2e.TestingClient;
import io.postern.gateway.e2e.TestingConnection;
import io.postern.gateway.e2e.TestingGateway;
import io.postern.gateway.e2e.TestingOrigin;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ShadowCommandIT {

    @TempDir
    Path dir;

    @Test
    void showsWhatARuleInShadowWouldHaveDoneByAppAndByDevice() throws Exception {
        String policy = "rules: [{name: not-there, when: {destination: 127.0.0.0/8}, action: block, mode: shadow}]\n";
        try (TestingGateway gateway = TestingGateway.start(dir, "", policy);
                TestingOrigin origin = new TestingOrigin()) {
            try (TestingConnection flow = TestingClient.tunnel(gateway, origin.authority());
                    TestingConnection server = origin.accept()) {
                flow.send("\0");
                assertThat(server.read(1)).isEqualTo("\0");
            }
            gateway.record(origin);
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
}
