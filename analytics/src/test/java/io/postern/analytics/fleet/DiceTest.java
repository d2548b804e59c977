package io.postern.analytics.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiceTest {

    @Test
    void theSameSeedThrowsTheSame() {
        Dice one = new Dice(Dice.seed(1, 2));
        Dice other = new Dice(Dice.seed(1, 2));

        assertThat(IntStream.range(0, 100).mapToLong(i -> one.next()).toArray())
                .isEqualTo(IntStream.range(0, 100).mapToLong(i -> other.next()).toArray());
        assertThat(Dice.seed(1, 2)).isNotEqualTo(Dice.seed(2, 1));
    }

    @Test
    void theSeriesAreCloseEnough() {
        for (double x = -12; x <= 12; x += 0.37) {
            assertThat(Dice.exp(x) / Math.exp(x)).isCloseTo(1, within(1e-6));
            assertThat(Dice.log(Math.exp(x))).isCloseTo(x, within(1e-5));
        }
    }

    @Test
    void aBellHasItsDeviation() {
        Dice dice = new Dice(3);

        double squares = IntStream.range(0, 20_000)
                .mapToDouble(i -> dice.bell())
                .map(each -> each * each)
                .average()
                .orElse(0);

        assertThat(squares).isCloseTo(1, within(0.05));
    }
}
