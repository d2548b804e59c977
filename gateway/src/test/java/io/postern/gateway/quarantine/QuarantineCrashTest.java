package io.postern.gateway.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few kills in the middle of writing; {@code -Preal} has a hundred. */
class QuarantineCrashTest {

    @TempDir
    Path dir;

    @Test
    void noAcknowledgedQuarantineIsLost() throws Exception {
        KilledWhileContaining killed = new KilledWhileContaining(dir.resolve("store.mv"), 7);
        for (int round = 0; round < 3; round++) {
            killed.round();
        }
        assertThat(killed.acknowledged()).isPositive();
    }
}
