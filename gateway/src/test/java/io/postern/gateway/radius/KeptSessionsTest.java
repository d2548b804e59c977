package io.postern.gateway.radius;

import static io.postern.gateway.radius.TestingAccounting.accounting;
import static io.postern.gateway.radius.TestingAccounting.start;
import static io.postern.gateway.radius.TestingAccounting.stop;
import static io.postern.gateway.radius.TestingRadius.NOW;
import static io.postern.gateway.radius.TestingRadius.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.GatewaySettings.DeviceAttribute;
import io.postern.gateway.e2e.TestingLog;
import io.postern.gateway.identity.AssignedAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of sessions when the gateway starts again. */
class KeptSessionsTest {

    @TempDir
    Path dir;

    private TestingRadius radius;
    private Path file;
    private SessionFile kept;

    @BeforeEach
    void accounts() throws IOException {
        radius = new TestingRadius(dir);
        file = dir.resolve("state").resolve("radius-sessions");
        again();
    }

    @AfterEach
    void close() {
        kept.close();
    }

    /** Without having been stopped: what was answered is there. */
    private void again() throws IOException {
        radius.addresses = new AssignedAddresses(100);
        radius.accounting = radius.accounting(new DeviceAttribute(0, 1, ""), false, false);
        kept = new SessionFile(file, 0);
        kept.read(radius.accounting::restore);
        kept.write(radius.accounting.sessions().all());
        radius.accounting.sessions().keep(kept::add);
    }

    @Test
    void aSessionIsItsDevicesWithAllItsAddresses() throws IOException {
        radius.heard(start(1, "S1, of\nvpn", "LC01", "10.77.0.2")
                .address("fd77::2")
                .prefix("fd78::", 64)
                .signed(SECRET));
        again();
        for (String prefix : new String[] {"10.77.0.2", "fd77::2", "fd78::/64"}) {
            assertThat(radius.device(prefix)).as(prefix).contains("LC01");
        }
        assertThat(radius.accounting.sessions().size()).isEqualTo(1);
        // It is the same session: an interim that names nobody keeps it, and its end is its end.
        radius.heard(new TestingAccounting(2, TestingAccounting.INTERIM)
                .session("S1, of\nvpn")
                .signed(SECRET));
        radius.heard(stop(3, "S1, of\nvpn").signed(SECRET));
        assertThat(radius.addresses.size()).isZero();
        again();
        assertThat(radius.addresses.size()).isZero();
        assertThat(radius.results).containsExactly(RadiusResult.STARTED, RadiusResult.UPDATED, RadiusResult.STOPPED);
    }

    @Test
    void oneThatHasEndedIsNotRevived() throws IOException {
        byte[] start = start(1, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET);
        radius.heard(start);
        radius.heard(stop(2, "S1").at(NOW - 10).signed(SECRET));
        again();
        again();
        radius.heard(start);
        assertThat(radius.results).endsWith(RadiusResult.OLD);
        assertThat(radius.device("10.77.0.2")).isEmpty();
    }

    /** The server never said that the first session ended. */
    @Test
    void anAddressThatWasLostDoesNotComeBack() throws IOException {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").at(NOW - 30).signed(SECRET));
        radius.heard(start(2, "S2", "LC02", "10.77.0.2").at(NOW - 20).signed(SECRET));
        radius.heard(stop(3, "S2").at(NOW - 10).signed(SECRET));
        assertThat(radius.device("10.77.0.2")).isEmpty();
        again();
        assertThat(radius.device("10.77.0.2")).isEmpty();
    }

    @Test
    void timeGoesOnMeanwhile() throws IOException {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        radius.clock.pass(Duration.ofMinutes(40));
        radius.heard(start(2, "S2", "LC02", "10.77.0.3").signed(SECRET));
        radius.clock.pass(Duration.ofMinutes(30));
        again();
        assertThat(radius.device("10.77.0.2"))
                .as("silent for longer than an hour")
                .isEmpty();
        assertThat(radius.device("10.77.0.3")).contains("LC02");
        radius.clock.pass(Duration.ofMinutes(40));
        radius.accounting.expire();
        assertThat(radius.device("10.77.0.3")).isEmpty();
    }

    @Test
    void anAddressIsItsLastHolders() throws IOException {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        radius.heard(start(2, "S2", "LC02", "10.77.0.2").at(NOW - 10).signed(SECRET));
        // Heard of last, but of a time before.
        radius.heard(accounting(3, TestingAccounting.INTERIM, "S1", "LC01")
                .address("10.77.0.2")
                .at(NOW - 15)
                .signed(SECRET));
        again();
        assertThat(radius.device("10.77.0.2")).contains("LC02");
        again();
        assertThat(radius.device("10.77.0.2")).contains("LC02");
        radius.heard(stop(4, "S2").at(NOW).signed(SECRET));
        assertThat(radius.device("10.77.0.2")).isEmpty();
    }

    @Test
    void thereAreNoMoreThanThereMayBe() throws IOException {
        for (int i = 1; i <= 3; i++) {
            radius.heard(start(i, "S" + i, "LC0" + i, "10.77.0." + i).signed(SECRET));
        }
        String one = Files.readString(file).lines().findFirst().orElseThrow();
        Files.writeString(
                file,
                one.replace(",UzE,", ",UzQ,").replace("10.77.0.1", "10.77.0.4") + "\n",
                StandardOpenOption.APPEND);
        again();
        assertThat(radius.accounting.sessions().size()).isEqualTo(3);
        assertThat(radius.device("10.77.0.4")).isEmpty();
    }

    /** The settings are the operator's word of today. */
    @Test
    void whatItsClientMayNotSayIsLeftOut() throws IOException {
        radius.heard(start(1, "S1", "LC01", "10.99.0.2").signed(SECRET));
        String line = Files.readString(file);
        Files.writeString(file, line.replace("vpn,", "other,"));
        again();
        assertThat(radius.device("10.99.0.2")).isEmpty();
        Files.writeString(file, line.replace("vpn,", "gone,"));
        again();
        assertThat(radius.device("10.99.0.2")).isEmpty();
        assertThat(radius.accounting.sessions().size()).isZero();
    }

    /** As a machine leaves it that stops in the middle. */
    @Test
    void whatIsNoSessionIsPassedOver() throws IOException {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        radius.heard(start(2, "S2", "LC02", "10.77.0.3").signed(SECRET));
        byte[] all = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(all, all.length - 15));
        Files.write(file, new byte[] {'\n', (byte) 0xFF, 0, ',', '\n'}, StandardOpenOption.APPEND);
        try (TestingLog log = new TestingLog()) {
            again();
            log.expectOnce("2 lines are no sessions");
        }
        assertThat(radius.device("10.77.0.2")).contains("LC01");
        assertThat(radius.device("10.77.0.3")).isEmpty();
    }

    @Test
    void theFileIsTheGatewaysAloneAndDoesNotGrow() throws IOException {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        long one = Files.size(file);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        kept.tidy(radius.accounting.sessions().all());
        for (int i = 0; i < 100; i++) {
            radius.clock.pass(Duration.ofMinutes(1));
            radius.heard(accounting(2, TestingAccounting.INTERIM, "S1", "LC01")
                    .address("10.77.0.2")
                    .at(NOW + 60L * i)
                    .signed(SECRET));
            kept.tidy(radius.accounting.sessions().all());
            assertThat(Files.size(file)).isLessThanOrEqualTo(3 * one);
        }
        again();
        assertThat(Files.size(file)).isEqualTo(one);
        assertThat(radius.device("10.77.0.2")).contains("LC01");
    }

    /** Accounting goes on; once there is room again, what is known is written. */
    @Test
    void withoutAFileSessionsAreKnownAllTheSame() throws IOException {
        try (TestingLog log = new TestingLog()) {
            kept.close();
            Path folder = file.getParent();
            Files.delete(file);
            Files.delete(folder);
            Files.writeString(folder, "in the way");
            kept.tidy(radius.accounting.sessions().all());
            radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
            assertThat(radius.device("10.77.0.2")).contains("LC01");
            log.expectOnce("would not be kept over a restart");
            Files.delete(folder);
            for (int second = 0; second <= 60; second++) {
                kept.tidy(radius.accounting.sessions().all());
            }
        }
        again();
        assertThat(radius.device("10.77.0.2")).contains("LC01");
    }
}
