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

class CoverageCommandIT {

    @TempDir
    Path dir;

    /** Nobody tells of devices here, and that is said. */
    @Test
    void showsWhatCouldNotBeJudgedAndWhy() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "upstream: {allow-networks: ['127.0.0.0/8']}\n", "");
                TestingOrigin origin = new TestingOrigin();
                TestingConnection flow =
                        TestingClient.to(gateway).send(TestingClient.connect(origin.authority(), TestingClient.APP))) {
            assertThat(flow.head()).startsWith("HTTP/1.1 200 ");
            String url = "http://127.0.0.1:" + gateway.gateway().adminAddress().getPort();
            String token = dir.resolve("var/admin/token").toString();

            TestingTerminal table = new TestingTerminal();
            assertThat(table.run("coverage", "--url", url, "--token-file", token))
                    .as(table::err)
                    .isZero();
            assertThat(table.out())
                    .contains("since-start: 1 flows from ")
                    .containsPattern("AN1716 +0\\.0 % .*crypto \\(.+\\) of 1");
            TestingTerminal json = new TestingTerminal();
            assertThat(json.run("coverage", "--url", url, "--token-file", token, "--json"))
                    .isZero();
            assertThat(JsonMapper.shared()
                            .readTree(json.out())
                            .at("/spans/1/flows")
                            .asInt())
                    .isEqualTo(1);
        }
    }
}
