package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingSource.lock;
import static io.postern.gateway.e2e.TestingSource.taken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.quarantine.FullDisk;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where facts cannot be stored, that is the sources' to wait for; traffic goes on, and nobody ends the gateway for it. */
class ContextFullDiskIT {

    @TempDir
    Path dir;

    @Test
    void aFullDiskRefusesFactsAndNothingElse() throws Exception {
        AtomicReference<FullDisk> made = new AtomicReference<>();
        String context = "context:\n  bind: 127.0.0.1:0\n  sources: [{name: agent, token-file: '"
                + TestingSource.tokenFile(dir, "agent") + "', devices: ['*'], reports: " + TestingSource.ALL + "}]\n";
        try (TestingGateway gateway = TestingGateway.onDisk(dir, context, store -> {
                    FullDisk fresh = new FullDisk(store);
                    made.set(fresh);
                    return fresh;
                });
                TestingOrigin origin = new TestingOrigin()) {
            TestingAdmin admin = TestingAdmin.of(gateway);
            TestingSource agent = TestingSource.of(gateway, "agent");
            FullDisk disk = Objects.requireNonNull(made.get());
            String fact = lock("e1", Instant.now(), "LC01", true);
            disk.fill(true);

            HttpResponse<String> refused = agent.events(fact);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            gateway.awaitMetricAtLeast("postern_store_errors_total", 2);
            assertThat(admin.get("/livez").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = admin.get("/readyz");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).contains("facts cannot be stored: sources are told to send them again");
            TestingClient.tunnel(gateway, origin.authority()).close();

            disk.fill(false);
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> !admin.get("/readyz").body().contains("facts cannot be stored"));
            taken(agent.events(fact), 1, 0, 0);
        }
    }
}
