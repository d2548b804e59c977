package io.postern.gateway.radius;

import static io.postern.gateway.radius.TestingAccounting.accounting;
import static io.postern.gateway.radius.TestingAccounting.start;
import static io.postern.gateway.radius.TestingAccounting.stop;
import static io.postern.gateway.radius.TestingRadius.NOW;
import static io.postern.gateway.radius.TestingRadius.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.GatewaySettings.DeviceAttribute;
import io.postern.gateway.identity.AssignedAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which sessions there are by what accounting says, and whose their addresses are. */
class RadiusSessionsTest {

    @TempDir
    Path dir;

    private TestingRadius radius;

    @BeforeEach
    void accounts() throws IOException {
        radius = new TestingRadius(dir);
    }

    @Test
    void anInterimThatNamesNoDeviceKeepsItsSession() {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        radius.clock.pass(Duration.ofMinutes(40));
        radius.heard(new TestingAccounting(2, TestingAccounting.INTERIM)
                .session("S1")
                .signed(SECRET));
        radius.clock.pass(Duration.ofMinutes(40));
        radius.accounting.expire();
        assertThat(radius.device("10.77.0.2")).contains("LC01");
        radius.heard(new TestingAccounting(3, TestingAccounting.INTERIM)
                .session("S1")
                .address("10.77.0.3")
                .signed(SECRET));
        assertThat(radius.device("10.77.0.3")).contains("LC01");
        radius.heard(new TestingAccounting(4, TestingAccounting.INTERIM)
                .session("S2")
                .signed(SECRET));
        assertThat(radius.results)
                .containsExactly(
                        RadiusResult.STARTED, RadiusResult.UPDATED, RadiusResult.UPDATED, RadiusResult.NO_DEVICE);
    }

    @Test
    void aSessionHasAllItsAddressesOrIsNotAnswered() throws IOException {
        radius.addresses = new AssignedAddresses(3);
        radius.accounting = radius.accounting(new DeviceAttribute(0, 1, ""), false, false);
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").address("fd77::2").signed(SECRET));
        byte[] two = start(2, "S2", "LC02", "10.77.0.3").address("fd77::3").signed(SECRET);
        assertThat(radius.heard(two)).isEmpty();
        assertThat(radius.addresses.size()).isEqualTo(2);
        assertThat(radius.accounting.sessions().size()).isEqualTo(1);
        radius.heard(stop(3, "S1").signed(SECRET));
        assertThat(radius.heard(two)).isPresent();
        assertThat(List.of(radius.device("10.77.0.3"), radius.device("fd77::3")))
                .allMatch(device -> device.equals(Optional.of("LC02")));
        assertThat(radius.results)
                .containsExactly(RadiusResult.STARTED, RadiusResult.FULL, RadiusResult.STOPPED, RadiusResult.STARTED);
    }

    @Test
    void anInterimBeginsASessionNobodyKnowsAndChangesOneThatIsKnown() {
        radius.heard(accounting(1, TestingAccounting.INTERIM, "S1", "LC01")
                .address("10.77.0.2")
                .address("fd77::2")
                .prefix("fd78::", 64)
                .signed(SECRET));
        assertThat(List.of(radius.device("10.77.0.2"), radius.device("fd77::2"), radius.device("fd78::/64")))
                .allMatch(device -> device.equals(Optional.of("LC01")));
        radius.heard(accounting(2, TestingAccounting.INTERIM, "S1", "LC01").signed(SECRET));
        assertThat(radius.addresses.size())
                .as("one that says nothing of addresses")
                .isEqualTo(3);
        radius.heard(accounting(3, TestingAccounting.INTERIM, "S1", "LC01")
                .address("10.77.0.3")
                .signed(SECRET));
        assertThat(radius.addresses.size()).isEqualTo(1);
        assertThat(radius.device("10.77.0.3")).contains("LC01");
        assertThat(radius.results).containsExactly(RadiusResult.STARTED, RadiusResult.UPDATED, RadiusResult.UPDATED);
    }

    @Test
    void anAddressIsItsLastHolders() {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        radius.heard(start(2, "S2", "LC02", "10.77.0.2").at(NOW - 10).signed(SECRET));
        assertThat(radius.device("10.77.0.2")).contains("LC02");
        radius.heard(accounting(3, TestingAccounting.INTERIM, "S1", "LC01")
                .address("10.77.0.2")
                .at(NOW - 15)
                .signed(SECRET));
        assertThat(radius.device("10.77.0.2")).as("it was so before").contains("LC02");
        radius.heard(stop(4, "S1").at(NOW - 5).signed(SECRET));
        assertThat(radius.device("10.77.0.2")).contains("LC02");
        radius.heard(stop(5, "S2").at(NOW).signed(SECRET));
        assertThat(radius.device("10.77.0.2")).isEmpty();
    }

    @Test
    void aServerThatBeginsAnewHasNoSessions() {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").text(32, "nas1").signed(SECRET));
        radius.heard(start(2, "S2", "LC02", "10.77.0.3").text(32, "nas2").signed(SECRET));
        radius.clock.pass(Duration.ofSeconds(1));
        radius.heard(new TestingAccounting(3, TestingAccounting.ON)
                .text(32, "nas1")
                .at(NOW + 1)
                .signed(SECRET));
        assertThat(radius.device("10.77.0.2")).isEmpty();
        assertThat(radius.device("10.77.0.3")).as("of another server").contains("LC02");
    }

    @Test
    void aSilentSessionIsOver() {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        radius.clock.pass(Duration.ofMinutes(30));
        radius.heard(start(2, "S2", "LC02", "10.77.0.3").signed(SECRET));
        radius.clock.pass(Duration.ofMinutes(30));
        radius.accounting.expire();
        assertThat(radius.device("10.77.0.2")).isEmpty();
        assertThat(radius.device("10.77.0.3")).contains("LC02");
        assertThat(radius.results).endsWith(RadiusResult.TIMED_OUT);
        assertThat(radius.accounting.sessions().size()).isEqualTo(1);
    }

    @Test
    void aClientHasAsManySessionsAsItMay() throws UnknownHostException {
        for (int i = 1; i <= 3; i++) {
            assertThat(radius.heard(start(i, "S" + i, "LC0" + i, "10.77.0." + i).signed(SECRET)))
                    .isPresent();
        }
        byte[] fourth = start(4, "S4", "LC04", "10.77.0.4").at(NOW).signed(SECRET);
        assertThat(radius.heard(fourth)).as("it comes again later").isEmpty();
        assertThat(radius.accounting.heard(InetAddress.getByName("192.0.2.6"), fourth))
                .as("another client's")
                .isPresent();
        radius.heard(stop(5, "S1").signed(SECRET));
        assertThat(radius.heard(fourth)).isPresent();
    }

    @Test
    void aClientSpeaksForItsNetworksOnly() throws UnknownHostException {
        InetAddress other = InetAddress.getByName("192.0.2.6");
        assertThat(radius.accounting.heard(
                        other, start(1, "S1", "LC01", "10.78.0.2").signed(SECRET)))
                .isPresent();
        assertThat(radius.accounting.heard(
                        other, start(2, "S2", "LC01", "10.77.0.2").signed(SECRET)))
                .isPresent();
        assertThat(radius.results).containsExactly(RadiusResult.FOREIGN_ADDRESS, RadiusResult.STARTED);
        assertThat(radius.addresses.size()).isEqualTo(1);
    }

    @Test
    void theDeviceIsWhereTheOperatorSays() throws IOException {
        radius.accounting = radius.accounting(new DeviceAttribute(9, 1, "device-uid="), false, false);
        radius.heard(start(1, "S1", "user@acme.example", "10.77.0.2").signed(SECRET));
        radius.heard(start(2, "S2", "user@acme.example", "10.77.0.3")
                .text(26, "\0\0\0\u0009\u0001\u000bother=abc\u0001\u0012device-uid=LC07A")
                .signed(SECRET));
        assertThat(radius.device("10.77.0.3")).contains("LC07A");
        assertThat(radius.results).containsExactly(RadiusResult.NO_DEVICE, RadiusResult.STARTED);
    }

    @ParameterizedTest
    @CsvSource({"enterprises/e/devices/LC01, STARTED", "AA:BB:CC:DD:EE:FF, NO_DEVICE", "-, NO_DEVICE", "a b, NO_DEVICE"
    })
    void aDeviceIsCalledAsDevicesAre(String user, RadiusResult result) {
        assertThat(radius.heard(start(1, "S1", user, "10.77.0.2").signed(SECRET)))
                .isPresent();
        assertThat(radius.results).containsExactly(result);
        assertThat(radius.device("10.77.0.2").isPresent()).isEqualTo(result == RadiusResult.STARTED);
    }
}
