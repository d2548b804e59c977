package io.postern.gateway.e2e;

import static io.postern.gateway.e2e.TestingClient.tunnel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postern.gateway.identity.Revoked.Entry;
import io.postern.gateway.identity.Revoked.Kind;
import io.postern.gateway.identity.RevokedFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file that cannot be coped with must not keep a gateway from seeing what else changes. */
class WatchingFilesIT {

    @TempDir
    Path dir;

    /** In a pod nobody could make the file before the first start. */
    @Test
    void whoeverRevokesNeedsNoSettingForIt() throws Exception {
        Path list = dir.resolve("var/revoked");
        try (TestingGateway gateway = TestingGateway.start(dir);
                TestingOrigin origin = new TestingOrigin();
                TestingConnection client = tunnel(gateway, origin.authority())) {
            assertThat(list).isEmptyFile();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(list)))
                    .isEqualTo("rw-------");
            RevokedFile.add(list, List.of(new Entry(Kind.DEVICE, "LC01")), Optional.empty());
            assertThat(client.untilGone()).isEmpty();
        }
        TestingGateway.start(dir).close();
        assertThat(list).as("kept by the next start").hasContent("device LC01");
    }

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
            TestingFile.replace(dir.resolve("revoked"), "device LC01\n");
            // What is revoked is cut, whatever becomes of the policy.
            assertThat(client.untilGone()).isEmpty();
        }
    }
}
