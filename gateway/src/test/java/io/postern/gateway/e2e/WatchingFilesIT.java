package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file that cannot be coped with must not keep a gateway from seeing what else changes. */
class WatchingFilesIT {

    @TempDir
    Path dir;

    @Test
    void anErrorWhileReadingPolicyEndsNoWatching() throws Exception {
        Files.writeString(dir.resolve("revoked"), "# nobody\n");
        String settings = "identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], revoked-file: revoked}\n";
        AtomicBoolean failing = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        try (TestingGateway gateway = TestingGateway.start(dir, settings, "", Clock.systemUTC(), reader -> () -> {
                    if (failing.get()) {
                        failures.incrementAndGet();
                        throw new StackOverflowError("deeper than anybody thought");
                    }
                    return reader.get();
                });
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority())) {
            failing.set(true);
            await().until(() -> failures.get() > 1);
            Files.writeString(dir.resolve("revoked"), "device LC01\n");
            // What is revoked is cut, whatever becomes of the policy.
            assertThat(client.untilGone()).isEmpty();
        }
    }
}
