package io.postern.gateway.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.Bind;
import io.postern.config.GatewaySettings;
import io.postern.config.GatewaySettings.DeviceAttribute;
import io.postern.gateway.e2e.TestingClock;
import io.postern.gateway.identity.AddressOwner;
import io.postern.gateway.identity.AssignedAddresses;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an accounting server makes of requests. The vectors in hexadecimal were made apart from this code, with Python:
 *
 * <pre>
 * Request  = code id length hashlib.md5(code id length + bytes(16) + attributes + secret) attributes
 * Message-Authenticator (80) first = hmac.new(secret, packet with bytes(16) there and as authenticator, "md5")
 * Response = 05 id length hashlib.md5(05 id length + request's authenticator + attributes + secret) attributes
 * </pre>
 */
class RadiusAccountingTest {

    private static final String SECRET = "a shared secret of 32 characters";
    private static final long NOW = 1_795_766_400;

    /** Start of S1 by user LC01 with 10.77.0.2 at {@link #NOW}. */
    private static final String START =
            "04070030ec8d52d7721096ea69a8686ede1c35c82806000000012c04533101064c43303108060a4d000237066b093880";

    private static final String STARTED = "0507001403b02469a7cb8de3dfdbed24642e4a7a";

    /** The same with a Message-Authenticator before it and a Proxy-State behind it. */
    private static final String MARKED =
            "04080049e236b66dd4a8a83cbef6f540241f317d5012e80f4e320dcadc8584f7ace8721999742806000000012c04533101064c43303108060a4d000237066b093880210770726f7879";

    private static final String MARKED_ANSWER = "0508001bac4da44b5d42146f8c4d1be25b037b3d210770726f7879";

    private static final String STATUS_SERVER =
            "0c090026000102030405060708090a0b0c0d0e0f5012b47fe53e26840b0b27601e899744a6ec";

    private static final String STATUS_ANSWER =
            "050900264bac7d2c0d1bee025f29e4ea68b1c34150120396ec3ea55b07126aad66f5df3827a7";

    @TempDir
    Path dir;

    private final TestingClock clock = new TestingClock(Instant.ofEpochSecond(NOW));
    private AssignedAddresses addresses = new AssignedAddresses(100);
    private final List<RadiusResult> results = new ArrayList<>();
    private RadiusAccounting accounting;

    @BeforeEach
    void accounts() throws IOException {
        accounting = accounting(new DeviceAttribute(0, 1, ""), false, false);
    }

    private RadiusAccounting accounting(DeviceAttribute device, boolean marks, boolean stamps) throws IOException {
        return accounting(device, marks, stamps, "192.0.2.5/32");
    }

    private RadiusAccounting accounting(DeviceAttribute device, boolean marks, boolean stamps, String sources)
            throws IOException {
        Path secret = Files.writeString(dir.resolve("secret"), SECRET + "\n");
        return new RadiusAccounting(
                new GatewaySettings.Radius(
                        new Bind(InetAddress.getLoopbackAddress(), 0),
                        List.of(
                                new GatewaySettings.RadiusClient("vpn", List.of(sources), secret, List.of()),
                                new GatewaySettings.RadiusClient(
                                        "other", List.of("192.0.2.6/32"), secret, List.of("10.77.0.0/16"))),
                        device,
                        "work",
                        marks,
                        stamps,
                        Duration.ofMinutes(5),
                        Duration.ofHours(1),
                        3),
                addresses,
                clock,
                results::add);
    }

    @Test
    void aStartIsTakenAndAnswered() {
        assertThat(heard(START)).contains(STARTED);
        assertThat(device("10.77.0.2")).contains("LC01");
        assertThat(results).containsExactly(RadiusResult.STARTED);
        assertThat(accounting.sessions().takeChanged()).isTrue();
        assertThat(accounting.sessions().takeChanged()).isFalse();
    }

    @Test
    void aMarkIsCheckedAndProxiesHearTheirState() throws IOException {
        accounting = accounting(new DeviceAttribute(0, 1, ""), true, false);
        assertThat(heard(MARKED)).contains(MARKED_ANSWER);
        assertThat(heard(START)).isEmpty();
        assertThat(results).containsExactly(RadiusResult.STARTED, RadiusResult.NO_MESSAGE_AUTHENTICATOR);
    }

    @Test
    void whetherItLivesIsAnswered() {
        assertThat(heard(STATUS_SERVER)).contains(STATUS_ANSWER);
        assertThat(heard(STATUS_SERVER.replace("a6ec", "a6ed"))).isEmpty();
        assertThat(heard("0c090014000102030405060708090a0b0c0d0e0f")).isEmpty();
        assertThat(results)
                .containsExactly(
                        RadiusResult.STATUS, RadiusResult.BAD_AUTHENTICATOR, RadiusResult.NO_MESSAGE_AUTHENTICATOR);
    }

    @Test
    void nothingThatIsNotGenuineHasAnEffectOrAnAnswer() throws UnknownHostException {
        byte[] good = HexFormat.of().parseHex(START);
        for (int at = 1; at < good.length; at++) {
            byte[] forged = good.clone();
            forged[at] ^= 1;
            assertThat(accounting.heard(InetAddress.getByName("192.0.2.5"), forged))
                    .as("byte %s", at)
                    .isEmpty();
        }
        assertThat(accounting.heard(InetAddress.getByName("192.0.2.7"), good)).isEmpty();
        assertThat(heard(start(1, "S1", "LC01", "10.77.0.2").signed("another secret of 32 characters.")))
                .isEmpty();
        assertThat(heard(MARKED.replace("e80f4e", "e80f4f"))).isEmpty();
        assertThat(addresses.size()).isZero();
        assertThat(results)
                .contains(RadiusResult.UNKNOWN_CLIENT, RadiusResult.BAD_AUTHENTICATOR, RadiusResult.MALFORMED)
                .doesNotContain(RadiusResult.STARTED);
    }

    @Test
    void whatComesAgainIsAnsweredAlikeAndHasNoSecondEffect() {
        byte[] start = start(1, "S1", "LC01", "10.77.0.2").signed(SECRET);
        Optional<String> answer = heard(start);
        heard(stop(2, "S1").signed(SECRET));
        assertThat(heard(start)).isEqualTo(answer).isPresent();
        assertThat(device("10.77.0.2")).isEmpty();
        assertThat(results).containsExactly(RadiusResult.STARTED, RadiusResult.STOPPED, RadiusResult.REPEATED);
    }

    @Test
    void aSessionThatHasEndedIsNotRevived() {
        heard(start(1, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        heard(stop(2, "S1").at(NOW - 10).signed(SECRET));
        heard(start(3, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        heard(start(4, "S1", "LC01", "10.77.0.2").signed(SECRET));
        assertThat(device("10.77.0.2")).as("earlier, or nobody says when").isEmpty();
        heard(start(5, "S1", "LC01", "10.77.0.2").at(NOW).signed(SECRET));
        assertThat(device("10.77.0.2")).as("another session of the same id").contains("LC01");
        assertThat(results)
                .containsExactly(
                        RadiusResult.STARTED,
                        RadiusResult.STOPPED,
                        RadiusResult.OLD,
                        RadiusResult.OLD,
                        RadiusResult.STARTED);
    }

    @Test
    void whoeverRecordedARequestGainsNothingByAnotherSource() throws IOException {
        accounting = accounting(new DeviceAttribute(0, 1, ""), false, false, "192.0.2.4/30");
        heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        byte[] stop = stop(2, "S1").signed(SECRET);
        heard(stop);
        assertThat(accounting.heard(InetAddress.getByName("192.0.2.4"), stop)).isPresent();
        assertThat(results).containsExactly(RadiusResult.STARTED, RadiusResult.STOPPED, RadiusResult.REPEATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.77.0.2/32", "fd78::2/128"})
    void withoutATimeNothingIsTakenFromALiveSession(String held) {
        Prefix prefix = Prefix.parse(held);
        String address = AddressText.of(prefix.address());
        byte[] recorded = start(1, "S1", "LC01", address).signed(SECRET);
        heard(recorded);
        heard(start(2, "S1", "LC01", "10.77.0.9").signed(SECRET));
        heard(accounting(3, TestingAccounting.START, "S2", "LC02")
                .address("10.77.0.2")
                .prefix("fd78::", 64)
                .signed(SECRET));
        otherAnswersComeBetween();
        results.clear();
        assertThat(heard(recorded)).as("it comes again later").isEmpty();
        assertThat(results).containsExactly(RadiusResult.STALE);
        assertThat(device(held)).isNotEqualTo(Optional.of("LC01"));
        assertThat(device("10.77.0.2")).contains("LC02");
        assertThat(device("10.77.0.9")).contains("LC01");
        heard(stop(5, "S2").signed(SECRET));
        assertThat(heard(recorded)).isPresent();
        assertThat(device(held)).as("nobody has it").contains("LC01");
    }

    /** As many as the client's answers are kept. */
    private void otherAnswersComeBetween() {
        for (int i = 0; i < 4_096; i++) {
            heard(stop(4, "S" + (100 + i)).signed(SECRET));
        }
    }

    @Test
    void withoutATimeAServerDoesNotBeginAnew() {
        heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        clock.pass(Duration.ofSeconds(1));
        assertThat(heard(new TestingAccounting(2, TestingAccounting.ON).signed(SECRET)))
                .isEmpty();
        assertThat(device("10.77.0.2")).contains("LC01");
        assertThat(results).containsExactly(RadiusResult.STARTED, RadiusResult.STALE);
    }

    @Test
    void nobodyElsesStopsLetASessionBeRevived() throws UnknownHostException {
        InetAddress other = InetAddress.getByName("192.0.2.6");
        heard(start(1, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        heard(stop(2, "S1").at(NOW - 10).signed(SECRET));
        for (int i = 1; i <= 10; i++) {
            accounting.heard(
                    other, start(i, "S" + i, "LC02", "10.77.0.3").at(NOW + i).signed(SECRET));
            accounting.heard(other, stop(100 + i, "S" + i).at(NOW + i).signed(SECRET));
            heard(stop(i, "never began " + i).at(NOW).signed(SECRET));
        }
        heard(start(3, "S1", "LC01", "10.77.0.2").at(NOW - 15).signed(SECRET));
        assertThat(device("10.77.0.2")).isEmpty();
        assertThat(results).endsWith(RadiusResult.OLD);
    }

    @Test
    void anInterimThatNamesNoDeviceKeepsItsSession() {
        heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        clock.pass(Duration.ofMinutes(40));
        heard(new TestingAccounting(2, TestingAccounting.INTERIM).session("S1").signed(SECRET));
        clock.pass(Duration.ofMinutes(40));
        accounting.expire();
        assertThat(device("10.77.0.2")).contains("LC01");
        heard(new TestingAccounting(3, TestingAccounting.INTERIM)
                .session("S1")
                .address("10.77.0.3")
                .signed(SECRET));
        assertThat(device("10.77.0.3")).contains("LC01");
        heard(new TestingAccounting(4, TestingAccounting.INTERIM).session("S2").signed(SECRET));
        assertThat(results)
                .containsExactly(
                        RadiusResult.STARTED, RadiusResult.UPDATED, RadiusResult.UPDATED, RadiusResult.NO_DEVICE);
    }

    @Test
    void aSessionHasAllItsAddressesOrIsNotAnswered() throws IOException {
        addresses = new AssignedAddresses(3);
        accounting = accounting(new DeviceAttribute(0, 1, ""), false, false);
        heard(start(1, "S1", "LC01", "10.77.0.2").address("fd77::2").signed(SECRET));
        byte[] two = start(2, "S2", "LC02", "10.77.0.3").address("fd77::3").signed(SECRET);
        assertThat(heard(two)).isEmpty();
        assertThat(addresses.size()).isEqualTo(2);
        assertThat(accounting.sessions().size()).isEqualTo(1);
        heard(stop(3, "S1").signed(SECRET));
        assertThat(heard(two)).isPresent();
        assertThat(List.of(device("10.77.0.3"), device("fd77::3")))
                .allMatch(device -> device.equals(Optional.of("LC02")));
        assertThat(results)
                .containsExactly(RadiusResult.STARTED, RadiusResult.FULL, RadiusResult.STOPPED, RadiusResult.STARTED);
    }

    @ParameterizedTest
    @CsvSource({
        "-300, 0, STARTED",
        "-301, 0, STALE",
        "300, 0, STARTED",
        "301, 0, STALE",
        "-360, 60, STARTED",
        "-361, 60, STALE",
        "-100000, 99999, STALE"
    })
    void anEventIsOfNow(long seconds, long delayed, RadiusResult result) {
        assertThat(heard(start(1, "S1", "LC01", "10.77.0.2")
                                .at(NOW + seconds)
                                .delayed(delayed)
                                .signed(SECRET))
                        .isPresent())
                .isEqualTo(result == RadiusResult.STARTED);
        assertThat(results).containsExactly(result);
    }

    @Test
    void anEventWithoutATimeCanBeRefused() throws IOException {
        accounting = accounting(new DeviceAttribute(0, 1, ""), false, true);
        heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        heard(start(2, "S1", "LC01", "10.77.0.2").at(NOW).signed(SECRET));
        assertThat(results).containsExactly(RadiusResult.STALE, RadiusResult.STARTED);
    }

    @Test
    void anInterimBeginsASessionNobodyKnowsAndChangesOneThatIsKnown() {
        heard(accounting(1, TestingAccounting.INTERIM, "S1", "LC01")
                .address("10.77.0.2")
                .address("fd77::2")
                .prefix("fd78::", 64)
                .signed(SECRET));
        assertThat(List.of(device("10.77.0.2"), device("fd77::2"), device("fd78::/64")))
                .allMatch(device -> device.equals(Optional.of("LC01")));
        heard(accounting(2, TestingAccounting.INTERIM, "S1", "LC01").signed(SECRET));
        assertThat(addresses.size()).as("one that says nothing of addresses").isEqualTo(3);
        heard(accounting(3, TestingAccounting.INTERIM, "S1", "LC01")
                .address("10.77.0.3")
                .signed(SECRET));
        assertThat(addresses.size()).isEqualTo(1);
        assertThat(device("10.77.0.3")).contains("LC01");
        assertThat(results).containsExactly(RadiusResult.STARTED, RadiusResult.UPDATED, RadiusResult.UPDATED);
    }

    @Test
    void anAddressIsItsLastHolders() {
        heard(start(1, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        heard(start(2, "S2", "LC02", "10.77.0.2").at(NOW - 10).signed(SECRET));
        assertThat(device("10.77.0.2")).contains("LC02");
        heard(accounting(3, TestingAccounting.INTERIM, "S1", "LC01")
                .address("10.77.0.2")
                .at(NOW - 15)
                .signed(SECRET));
        assertThat(device("10.77.0.2")).as("it was so before").contains("LC02");
        heard(stop(4, "S1").at(NOW - 5).signed(SECRET));
        assertThat(device("10.77.0.2")).contains("LC02");
        heard(stop(5, "S2").at(NOW).signed(SECRET));
        assertThat(device("10.77.0.2")).isEmpty();
    }

    @Test
    void aServerThatBeginsAnewHasNoSessions() {
        heard(start(1, "S1", "LC01", "10.77.0.2").text(32, "nas1").signed(SECRET));
        heard(start(2, "S2", "LC02", "10.77.0.3").text(32, "nas2").signed(SECRET));
        clock.pass(Duration.ofSeconds(1));
        heard(new TestingAccounting(3, TestingAccounting.ON)
                .text(32, "nas1")
                .at(NOW + 1)
                .signed(SECRET));
        assertThat(device("10.77.0.2")).isEmpty();
        assertThat(device("10.77.0.3")).as("of another server").contains("LC02");
    }

    @Test
    void aSilentSessionIsOver() {
        heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        clock.pass(Duration.ofMinutes(30));
        heard(start(2, "S2", "LC02", "10.77.0.3").signed(SECRET));
        clock.pass(Duration.ofMinutes(30));
        accounting.expire();
        assertThat(device("10.77.0.2")).isEmpty();
        assertThat(device("10.77.0.3")).contains("LC02");
        assertThat(results).endsWith(RadiusResult.TIMED_OUT);
        assertThat(accounting.sessions().size()).isEqualTo(1);
    }

    @Test
    void aClientHasAsManySessionsAsItMay() throws UnknownHostException {
        for (int i = 1; i <= 3; i++) {
            assertThat(heard(start(i, "S" + i, "LC0" + i, "10.77.0." + i).signed(SECRET)))
                    .isPresent();
        }
        byte[] fourth = start(4, "S4", "LC04", "10.77.0.4").at(NOW).signed(SECRET);
        assertThat(heard(fourth)).as("it comes again later").isEmpty();
        assertThat(accounting.heard(InetAddress.getByName("192.0.2.6"), fourth))
                .as("another client's")
                .isPresent();
        heard(stop(5, "S1").signed(SECRET));
        assertThat(heard(fourth)).isPresent();
    }

    @Test
    void aClientSpeaksForItsNetworksOnly() throws UnknownHostException {
        InetAddress other = InetAddress.getByName("192.0.2.6");
        assertThat(accounting.heard(other, start(1, "S1", "LC01", "10.78.0.2").signed(SECRET)))
                .isPresent();
        assertThat(accounting.heard(other, start(2, "S2", "LC01", "10.77.0.2").signed(SECRET)))
                .isPresent();
        assertThat(results).containsExactly(RadiusResult.FOREIGN_ADDRESS, RadiusResult.STARTED);
        assertThat(addresses.size()).isEqualTo(1);
    }

    @Test
    void theDeviceIsWhereTheOperatorSays() throws IOException {
        accounting = accounting(new DeviceAttribute(9, 1, "device-uid="), false, false);
        heard(start(1, "S1", "user@acme.example", "10.77.0.2").signed(SECRET));
        heard(start(2, "S2", "user@acme.example", "10.77.0.3")
                .text(26, "\0\0\0\u0009\u0001\u000bother=abc\u0001\u0012device-uid=LC07A")
                .signed(SECRET));
        assertThat(device("10.77.0.3")).contains("LC07A");
        assertThat(results).containsExactly(RadiusResult.NO_DEVICE, RadiusResult.STARTED);
    }

    @ParameterizedTest
    @CsvSource({"enterprises/e/devices/LC01, STARTED", "AA:BB:CC:DD:EE:FF, NO_DEVICE", "-, NO_DEVICE", "a b, NO_DEVICE"
    })
    void aDeviceIsCalledAsDevicesAre(String user, RadiusResult result) {
        assertThat(heard(start(1, "S1", user, "10.77.0.2").signed(SECRET))).isPresent();
        assertThat(results).containsExactly(result);
        assertThat(device("10.77.0.2").isPresent()).isEqualTo(result == RadiusResult.STARTED);
    }

    @Test
    void whatLacksItsPartsIsNotAnswered() {
        assertThat(heard(new TestingAccounting(1, TestingAccounting.START)
                        .user("LC01")
                        .signed(SECRET)))
                .isEmpty();
        assertThat(heard(accounting(2, TestingAccounting.START, "S1", "LC01")
                        .prefix("fd78::", 32)
                        .signed(SECRET)))
                .isEmpty();
        assertThat(heard(accounting(3, TestingAccounting.START, "S1", "LC01")
                        .text(8, "12345")
                        .signed(SECRET)))
                .isEmpty();
        assertThat(results).containsOnly(RadiusResult.MALFORMED).hasSize(3);
        assertThat(heard(accounting(4, 9, "S1", "LC01").signed(SECRET))).isPresent();
        assertThat(results).endsWith(RadiusResult.PASSED_OVER);
    }

    private static TestingAccounting start(int identifier, String session, String user, String address) {
        return accounting(identifier, TestingAccounting.START, session, user).address(address);
    }

    private static TestingAccounting stop(int identifier, String session) {
        return new TestingAccounting(identifier, TestingAccounting.STOP).session(session);
    }

    private static TestingAccounting accounting(int identifier, int status, String session, String user) {
        return new TestingAccounting(identifier, status).session(session).user(user);
    }

    private Optional<String> heard(String hex) {
        return heard(HexFormat.of().parseHex(hex));
    }

    private Optional<String> heard(byte[] request) {
        try {
            return accounting.heard(InetAddress.getByName("192.0.2.5"), request).map(HexFormat.of()::formatHex);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<String> device(String prefix) {
        return addresses.at(Prefix.parse(prefix)).map(AddressOwner::tag).map(tag -> tag.device());
    }
}
