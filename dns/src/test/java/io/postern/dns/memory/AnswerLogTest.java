package io.postern.dns.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What devices were told names addresses as long as it may be used, and says no more than is known. */
class AnswerLogTest {

    private static final String PHONE = "LC01";
    private static final Duration GRACE = Duration.ofMinutes(10);

    private long now = 1_800_000_000_000L;
    private final AnswerLog log = new AnswerLog(new AnswerLogSettings(100, 20, GRACE), () -> now);

    @Test
    void anAddressHasItsNameForItsTimeAndTheGrace() {
        log.told(PHONE, "www.acme.example", List.of(address(1), address(2)), 60);
        assertThat(log.of(PHONE, address(2)).name()).contains("www.acme.example");
        assertThat(log.of("LC02", address(2))).isEqualTo(Remembered.NOTHING);
        assertThat(log.of(PHONE, address(3))).isEqualTo(Remembered.NOTHING);
        pass(Duration.ofSeconds(60).plus(GRACE).minusMillis(1));
        assertThat(log.of(PHONE, address(2)).name()).contains("www.acme.example");
        pass(Duration.ofMillis(1));
        assertThat(log.of(PHONE, address(2))).isEqualTo(Remembered.NOTHING);
    }

    @Test
    void theLatestNameOfOneOwnerIsTheOne() {
        log.told(PHONE, "www.acme.example", List.of(address(1)), 60);
        log.told(PHONE, "img.acme.example", List.of(address(1)), 60);
        assertThat(log.of(PHONE, address(1)).name()).contains("img.acme.example");
        assertThat(log.of(PHONE, address(1)).leads("www.acme.example")).isTrue();
    }

    @Test
    void namesOfSeveralOwnersNameNothing() {
        log.told(PHONE, "www.acme.example", List.of(address(1)), 60);
        log.told(PHONE, "www.other.example", List.of(address(1)), 600);
        assertThat(log.of(PHONE, address(1)).name()).isEmpty();
        assertThat(log.of(PHONE, address(1)).names()).containsExactly("www.other.example", "www.acme.example");
        pass(Duration.ofMinutes(2).plus(GRACE));
        assertThat(log.of(PHONE, address(1)).name()).contains("www.other.example");
    }

    @Test
    void ofManyNamesTheLatestAreKept() {
        for (int each = 0; each < 20; each++) {
            log.told(PHONE, "n" + each + ".acme.example", List.of(address(1)), 60);
        }
        assertThat(log.of(PHONE, address(1)).names())
                .hasSize(Remembered.MOST_NAMES)
                .contains("n19.acme.example", "n12.acme.example");
    }

    @Test
    void aDeviceHasSoManyAddressesAndNoMore() {
        for (int each = 0; each < 30; each++) {
            log.told(PHONE, "n" + each + ".example", List.of(address(each)), 60);
        }
        assertThat(log.of(PHONE, address(9))).isEqualTo(Remembered.NOTHING);
        assertThat(log.of(PHONE, address(10)).name()).contains("n10.example");
        assertThat(log.forgotten()).isEqualTo(10);
        assertThat(log.size()).isEqualTo(21);
    }

    @Test
    void whatIsOverIsNotForgottenForWantOfRoom() {
        for (int each = 0; each < 15; each++) {
            log.told(PHONE, "n" + each + ".example", List.of(address(each)), 60);
        }
        pass(Duration.ofHours(1));
        log.told(PHONE, "n30.example", List.of(address(30)), 60);
        assertThat(log.forgotten()).isZero();
        assertThat(log.size()).isEqualTo(2);
    }

    @Test
    void allDevicesTogetherHaveSoManyAddresses() {
        for (int device = 0; device < 50; device++) {
            for (int each = 0; each < 10; each++) {
                log.told("D" + device, "n" + each + ".example", List.of(address(each)), 60);
            }
        }
        assertThat(log.size()).isBetween(50L, 100L);
        assertThat(log.forgotten()).isBetween(400L, 450L);
    }

    @Test
    void neverIsSaidOfADeviceThatHasAskedHereForAnHour() {
        ask(Duration.ofMinutes(59));
        assertThat(log.of(PHONE, address(99)).never()).isFalse();
        ask(Duration.ofMinutes(2));
        assertThat(log.of(PHONE, address(99)).never()).isTrue();
        assertThat(log.of(PHONE, address(1)).never()).isFalse();
        assertThat(log.of(PHONE, address(1)).never("www.acme.example")).isFalse();
        assertThat(log.of(PHONE, address(1)).never("bank.example")).isTrue();
    }

    @Test
    void whoHasBeenSilentMayHaveBeenElsewhere() {
        ask(Duration.ofMinutes(70));
        pass(Duration.ofMinutes(31));
        assertThat(log.of(PHONE, address(99)).never()).isFalse();
        ask(Duration.ofMinutes(50));
        assertThat(log.of(PHONE, address(99)).never()).isFalse();
        ask(Duration.ofMinutes(12));
        assertThat(log.of(PHONE, address(99)).never()).isTrue();
    }

    @Test
    void whoAsksSomebodyElseIsNotSeenForADay() {
        ask(Duration.ofMinutes(70));
        log.asksElsewhere(PHONE);
        assertThat(log.of(PHONE, address(99)).seen()).isFalse();
        ask(Duration.ofHours(23));
        assertThat(log.of(PHONE, address(99)).seen()).isFalse();
        ask(Duration.ofHours(1));
        assertThat(log.of(PHONE, address(99)).seen()).isTrue();
    }

    @Test
    void whoseAnswersWereForgottenIsNotSeen() {
        ask(Duration.ofMinutes(70));
        for (int each = 0; each < 25; each++) {
            log.told(PHONE, "n" + each + ".example", List.of(address(100 + each)), 60);
        }
        assertThat(log.of(PHONE, address(99)).seen()).isFalse();
    }

    @Test
    void aClockThatIsSetBackProvesNothing() {
        ask(Duration.ofMinutes(70));
        now -= Duration.ofMinutes(5).toMillis();
        assertThat(log.of(PHONE, address(99)).seen()).isFalse();
        log.told(PHONE, "www.acme.example", List.of(address(1)), 60);
        assertThat(log.of(PHONE, address(99)).seen()).isFalse();
    }

    private void ask(Duration span) {
        for (long each = 0; each < span.toMinutes(); each++) {
            log.told(PHONE, "www.acme.example", List.of(address(1)), 60);
            pass(Duration.ofMinutes(1));
        }
    }

    private void pass(Duration time) {
        now += time.toMillis();
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
