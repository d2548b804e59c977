package io.postern.analytics.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.postern.analytics.fleet.Cause;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenignTest {

    /** Poisson's upper bounds at 95 %, as any table of them has them. */
    @ParameterizedTest
    @CsvSource({"0, 2.996", "1, 4.744", "2, 6.296", "5, 10.513", "10, 16.962", "100, 118.08"})
    void boundsWhatWasCounted(long events, double most) {
        assertThat(Benign.mostLikely(events)).isCloseTo(most, within(0.01));
    }

    @Test
    void noBlockIn300000DeviceDaysIsLessThanOneIn100000() {
        Benign benign = new Benign();
        for (int i = 0; i < 100; i++) {
            benign.add(fleet(3_000));
        }

        Benign.Sum sum = benign.sum();

        assertThat(sum.deviceDays()).isEqualTo(300_000);
        assertThat(sum.blocks()).isZero();
        assertThat(sum.blocksAtMost()).isLessThan(1);
    }

    @Test
    void addsUpWhatIsMediumOrMoreByItsCause() {
        Benign benign = new Benign();
        benign.add(fleet(3_000, alarm(45, false, false), alarm(39, false, false)));
        benign.add(fleet(3_000, alarm(80, true, true)));

        Benign.Sum sum = benign.sum();

        assertThat(sum.fleets()).isEqualTo(2);
        assertThat(sum.before()).isEqualTo(1);
        assertThat(sum.after()).isEqualTo(1);
        assertThat(sum.blocks()).isEqualTo(1);
        assertThat(sum.causes()).containsEntry("AN1793 com.example.mail Polls", 2);
        assertThat(sum.markdown()).contains("| device-days | 6000").contains("at 95 % less than 79.06 per 100,000");
    }

    private static Tally fleet(long deviceDays, Alarm... alarms) {
        Tally tally = new Tally();
        tally.deviceDays = deviceDays;
        tally.approvedDeviceDays = deviceDays / 2;
        for (Alarm alarm : alarms) {
            tally.alarms.add(alarm);
        }
        return tally;
    }

    private static Alarm alarm(double score, boolean approved, boolean mayBlock) {
        return new Alarm(
                "AN1793",
                new Cause("com.example.mail", "Polls", Optional.empty()),
                "mail.example",
                score,
                approved,
                mayBlock);
    }
}
