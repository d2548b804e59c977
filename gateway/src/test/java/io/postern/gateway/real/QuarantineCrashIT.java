package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.quarantine.KilledWhileContaining;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that writes quarantines is killed at a hundred moments of chance: none that was acknowledged is lost. */
@Tag("real")
class QuarantineCrashIT {

    private static final int KILLS = 100;

    @TempDir
    Path dir;

    @Test
    void noAcknowledgedQuarantineIsLost() throws Exception {
        KilledWhileContaining killed = new KilledWhileContaining(dir.resolve("store.mv"), 20261122);
        for (int kill = 0; kill < KILLS; kill++) {
            killed.round();
        }
        assertThat(killed.acknowledged()).isGreaterThan(KILLS);
    }
}
