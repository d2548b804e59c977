package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.AdminRole;
import io.postern.config.ResponseSettings;
import io.postern.gateway.access.Actor;
import io.postern.gateway.admin.KillSwitchBody;
import io.postern.gateway.admin.QuarantineDesk.End;
import io.postern.gateway.admin.QuarantineDesk.Result;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.quarantine.FullDisk;
import io.postern.gateway.quarantine.KillSwitch;
import io.postern.gateway.quarantine.Quarantines;
import io.postern.gateway.quarantine.Quarantines.Wish;
import io.postern.gateway.quarantine.Scope;
import io.postern.gateway.state.EmbeddedStore;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people can still do when nothing can be written. */
class QuarantineChangesTest {

    private static final ResponseSettings.Quarantine SETTINGS =
            new ResponseSettings.Quarantine(Duration.ofHours(1), Duration.ofHours(3), 3, 8, "Ask Bob.", List.of());
    private static final Sender ANN =
            new Sender(new Actor("ann", AdminRole.ADMIN, Actor.By.TOKEN), InetAddress.getLoopbackAddress(), "r-1");

    @TempDir
    Path dir;

    @Test
    void enforcementEndsWhereNeitherTheDiskNorTheAuditLogCanBeWritten() throws Exception {
        Clock clock = Clock.systemUTC();
        try (FullDisk disk = new FullDisk(EmbeddedStore.open(dir.resolve("store.mv")));
                Quarantines quarantines = Quarantines.open(SETTINGS, disk, clock, result -> {})) {
            KillSwitch killSwitch = new KillSwitch(false, disk, clock);
            QuarantineChanges changes = new QuarantineChanges(
                    quarantines,
                    killSwitch,
                    () -> {},
                    AuditLog.open(dir.resolve("audit.ndjson"), result -> {}),
                    Pseudonyms.NONE,
                    clock);
            String id = quarantines
                    .contain(new Wish(
                            new Scope("LC01", Optional.empty(), Optional.empty()), "ann", "r", Optional.empty(), false))
                    .orElseThrow()
                    .now()
                    .id();

            disk.fill(true);
            assertThat(changes.turn(new KillSwitchBody(true, "a bad rule"), ANN))
                    .isEqualTo(End.NOT_STORED);
            Files.delete(dir.resolve("audit.ndjson"));
            Files.createDirectory(dir.resolve("audit.ndjson"));
            assertThat(changes.turn(new KillSwitchBody(true, "a bad rule"), ANN))
                    .isEqualTo(End.NEITHER_STORED_NOR_AUDITED);
            assertThat(killSwitch.on()).isTrue();
            Result released = changes.release(id, "harmless", ANN);
            assertThat(released.end()).isEqualTo(End.NEITHER_STORED_NOR_AUDITED);
            assertThat(released.quarantine().orElseThrow().end()).isPresent();
            assertThat(quarantines.standing()).isEmpty();
            disk.fill(false);
        }
    }
}
