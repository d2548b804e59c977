package io.postern.gateway.radius;

import static io.postern.gateway.radius.TestingAccounting.accounting;
import static io.postern.gateway.radius.TestingAccounting.start;
import static io.postern.gateway.radius.TestingAccounting.stop;
import static io.postern.gateway.radius.TestingRadius.NOW;
import static io.postern.gateway.radius.TestingRadius.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.GatewaySettings.DeviceAttribute;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
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

    /** Start of S1 by user LC01 with 10.77.0.2 at {@link TestingRadius#NOW}. */
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

    private TestingRadius radius;

    @BeforeEach
    void accounts() throws IOException {
        radius = new TestingRadius(dir);
    }

    @Test
    void aStartIsTakenAndAnswered() {
        assertThat(radius.heard(START)).contains(STARTED);
        assertThat(radius.device("10.77.0.2")).contains("LC01");
        assertThat(radius.results).containsExactly(RadiusResult.STARTED);
        assertThat(radius.accounting.sessions().takeChanged()).isTrue();
        assertThat(radius.accounting.sessions().takeChanged()).isFalse();
    }

    @Test
    void aMarkIsCheckedAndProxiesHearTheirState() throws IOException {
        radius.accounting = radius.accounting(new DeviceAttribute(0, 1, ""), true, false);
        assertThat(radius.heard(MARKED)).contains(MARKED_ANSWER);
        assertThat(radius.heard(START)).isEmpty();
        assertThat(radius.results).containsExactly(RadiusResult.STARTED, RadiusResult.NO_MESSAGE_AUTHENTICATOR);
    }

    @Test
    void whetherItLivesIsAnswered() {
        assertThat(radius.heard(STATUS_SERVER)).contains(STATUS_ANSWER);
        assertThat(radius.heard(STATUS_SERVER.replace("a6ec", "a6ed"))).isEmpty();
        assertThat(radius.heard("0c090014000102030405060708090a0b0c0d0e0f")).isEmpty();
        assertThat(radius.results)
                .containsExactly(
                        RadiusResult.STATUS, RadiusResult.BAD_AUTHENTICATOR, RadiusResult.NO_MESSAGE_AUTHENTICATOR);
    }

    @Test
    void nothingThatIsNotGenuineHasAnEffectOrAnAnswer() throws UnknownHostException {
        byte[] good = HexFormat.of().parseHex(START);
        for (int at = 1; at < good.length; at++) {
            byte[] forged = good.clone();
            forged[at] ^= 1;
            assertThat(radius.accounting.heard(InetAddress.getByName("192.0.2.5"), forged))
                    .as("byte %s", at)
                    .isEmpty();
        }
        assertThat(radius.accounting.heard(InetAddress.getByName("192.0.2.7"), good))
                .isEmpty();
        assertThat(radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed("another secret of 32 characters.")))
                .isEmpty();
        assertThat(radius.heard(MARKED.replace("e80f4e", "e80f4f"))).isEmpty();
        assertThat(radius.addresses.size()).isZero();
        assertThat(radius.results)
                .contains(RadiusResult.UNKNOWN_CLIENT, RadiusResult.BAD_AUTHENTICATOR, RadiusResult.MALFORMED)
                .doesNotContain(RadiusResult.STARTED);
    }

    @Test
    void whatComesAgainIsAnsweredAlikeAndHasNoSecondEffect() {
        byte[] start = start(1, "S1", "LC01", "10.77.0.2").signed(SECRET);
        Optional<String> answer = radius.heard(start);
        radius.heard(stop(2, "S1").signed(SECRET));
        assertThat(radius.heard(start)).isEqualTo(answer).isPresent();
        assertThat(radius.device("10.77.0.2")).isEmpty();
        assertThat(radius.results).containsExactly(RadiusResult.STARTED, RadiusResult.STOPPED, RadiusResult.REPEATED);
    }

    @Test
    void aSessionThatHasEndedIsNotRevived() {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        radius.heard(stop(2, "S1").at(NOW - 10).signed(SECRET));
        radius.heard(start(3, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        radius.heard(start(4, "S1", "LC01", "10.77.0.2").signed(SECRET));
        assertThat(radius.device("10.77.0.2"))
                .as("earlier, or nobody says when")
                .isEmpty();
        radius.heard(start(5, "S1", "LC01", "10.77.0.2").at(NOW).signed(SECRET));
        assertThat(radius.device("10.77.0.2"))
                .as("another session of the same id")
                .contains("LC01");
        assertThat(radius.results)
                .containsExactly(
                        RadiusResult.STARTED,
                        RadiusResult.STOPPED,
                        RadiusResult.OLD,
                        RadiusResult.OLD,
                        RadiusResult.STARTED);
    }

    @Test
    void whoeverRecordedARequestGainsNothingByAnotherSource() throws IOException {
        radius.accounting = radius.accounting(new DeviceAttribute(0, 1, ""), false, false, "192.0.2.4/30");
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        byte[] stop = stop(2, "S1").signed(SECRET);
        radius.heard(stop);
        assertThat(radius.accounting.heard(InetAddress.getByName("192.0.2.4"), stop))
                .isPresent();
        assertThat(radius.results).containsExactly(RadiusResult.STARTED, RadiusResult.STOPPED, RadiusResult.REPEATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.77.0.2/32", "fd78::2/128"})
    void withoutATimeNothingIsTakenFromALiveSession(String held) {
        Prefix prefix = Prefix.parse(held);
        String address = AddressText.of(prefix.address());
        byte[] recorded = start(1, "S1", "LC01", address).signed(SECRET);
        radius.heard(recorded);
        radius.heard(start(2, "S1", "LC01", "10.77.0.9").signed(SECRET));
        radius.heard(accounting(3, TestingAccounting.START, "S2", "LC02")
                .address("10.77.0.2")
                .prefix("fd78::", 64)
                .signed(SECRET));
        otherAnswersComeBetween();
        radius.results.clear();
        assertThat(radius.heard(recorded)).as("it comes again later").isEmpty();
        assertThat(radius.results).containsExactly(RadiusResult.STALE);
        assertThat(radius.device(held)).isNotEqualTo(Optional.of("LC01"));
        assertThat(radius.device("10.77.0.2")).contains("LC02");
        assertThat(radius.device("10.77.0.9")).contains("LC01");
        radius.heard(stop(5, "S2").signed(SECRET));
        assertThat(radius.heard(recorded)).isPresent();
        assertThat(radius.device(held)).as("nobody has it").contains("LC01");
    }

    /** As many as the client's answers are kept. */
    private void otherAnswersComeBetween() {
        for (int i = 0; i < 4_096; i++) {
            radius.heard(stop(4, "S" + (100 + i)).signed(SECRET));
        }
    }

    @Test
    void withoutATimeAServerDoesNotBeginAnew() {
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        radius.clock.pass(Duration.ofSeconds(1));
        assertThat(radius.heard(new TestingAccounting(2, TestingAccounting.ON).signed(SECRET)))
                .isEmpty();
        assertThat(radius.device("10.77.0.2")).contains("LC01");
        assertThat(radius.results).containsExactly(RadiusResult.STARTED, RadiusResult.STALE);
    }

    @Test
    void nobodyElsesStopsLetASessionBeRevived() throws UnknownHostException {
        InetAddress other = InetAddress.getByName("192.0.2.6");
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").at(NOW - 20).signed(SECRET));
        radius.heard(stop(2, "S1").at(NOW - 10).signed(SECRET));
        for (int i = 1; i <= 10; i++) {
            radius.accounting.heard(
                    other, start(i, "S" + i, "LC02", "10.77.0.3").at(NOW + i).signed(SECRET));
            radius.accounting.heard(other, stop(100 + i, "S" + i).at(NOW + i).signed(SECRET));
            radius.heard(stop(i, "never began " + i).at(NOW).signed(SECRET));
        }
        radius.heard(start(3, "S1", "LC01", "10.77.0.2").at(NOW - 15).signed(SECRET));
        assertThat(radius.device("10.77.0.2")).isEmpty();
        assertThat(radius.results).endsWith(RadiusResult.OLD);
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
        assertThat(radius.heard(start(1, "S1", "LC01", "10.77.0.2")
                                .at(NOW + seconds)
                                .delayed(delayed)
                                .signed(SECRET))
                        .isPresent())
                .isEqualTo(result == RadiusResult.STARTED);
        assertThat(radius.results).containsExactly(result);
    }

    @Test
    void anEventWithoutATimeCanBeRefused() throws IOException {
        radius.accounting = radius.accounting(new DeviceAttribute(0, 1, ""), false, true);
        radius.heard(start(1, "S1", "LC01", "10.77.0.2").signed(SECRET));
        radius.heard(start(2, "S1", "LC01", "10.77.0.2").at(NOW).signed(SECRET));
        assertThat(radius.results).containsExactly(RadiusResult.STALE, RadiusResult.STARTED);
    }

    @Test
    void whatLacksItsPartsIsNotAnswered() {
        assertThat(radius.heard(new TestingAccounting(1, TestingAccounting.START)
                        .user("LC01")
                        .signed(SECRET)))
                .isEmpty();
        assertThat(radius.heard(accounting(2, TestingAccounting.START, "S1", "LC01")
                        .prefix("fd78::", 32)
                        .signed(SECRET)))
                .isEmpty();
        assertThat(radius.heard(accounting(3, TestingAccounting.START, "S1", "LC01")
                        .text(8, "12345")
                        .signed(SECRET)))
                .isEmpty();
        assertThat(radius.results).containsOnly(RadiusResult.MALFORMED).hasSize(3);
        assertThat(radius.heard(accounting(4, 9, "S1", "LC01").signed(SECRET))).isPresent();
        assertThat(radius.results).endsWith(RadiusResult.PASSED_OVER);
    }
}
