package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static io.postern.gateway.e2e.TestingOrigin.behind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that stops lets its flows finish, takes no new ones and writes every record. */
class DrainingIT {

    @TempDir
    Path dir;

    @Test
    void liveFlowsFinishAndNewOnesAreRefused() throws Exception {
        try (TestingPath path = TestingPath.open(dir, "drain: {timeout: 1m}\n")) {
            path.client().send("\0before");
            assertThat(path.server().read(7)).isEqualTo("\0before");
            CompletableFuture<Void> drained = behind(path.gateway().gateway()::drain);
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> TestingClient.to(path.gateway()).close())
                    .isInstanceOf(IOException.class));
            assertThat(drained).isNotDone();
            path.server().send("during").close();
            assertThat(path.client().rest()).isEqualTo("during");
            path.client().close();
            drained.join();
            assertThat(path.gateway().records())
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.at("/traffic/bytes").asInt()).isEqualTo(13));
        }
    }

    @Test
    void flowsThatDoNotFinishAreCutAndRecorded() throws Exception {
        try (TestingGateway gateway = TestingGateway.start(dir, "drain: {timeout: 0s}\n", "");
                TestingOrigin origin = new TestingOrigin()) {
            int flows = 20;
            for (int i = 0; i < flows; i++) {
                tunnel(gateway, origin.authority()).send("\0");
                assertThat(origin.accept().read(1)).isEqualTo("\0");
            }
            gateway.gateway().drain();
            assertThat(gateway.records())
                    .hasSize(flows)
                    .allSatisfy(line -> assertThat(
                                    line.at("/unmapped/postern/close_reason").asString())
                            .isEqualTo("drain"));
        }
    }
}
