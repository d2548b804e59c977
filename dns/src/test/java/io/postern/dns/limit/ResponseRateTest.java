package io.postern.dns.limit;

import static io.postern.dns.limit.ResponseRate.Word.ANSWER;
import static io.postern.dns.limit.ResponseRate.Word.DROP;
import static io.postern.dns.limit.ResponseRate.Word.TRUNCATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResponseRateTest {

    private static final long SECOND = 1_000_000_000L;

    private final ResponseRate rate = new ResponseRate(3, 42);

    @Test
    void answersSoManyInASecondAndThenSaysSoNowAndThen() {
        assertThat(IntStream.range(0, 7).mapToObj(each -> rate.take(1, SECOND + each)))
                .containsExactly(ANSWER, ANSWER, ANSWER, TRUNCATE, DROP, TRUNCATE, DROP);
        assertThat(rate.take(1, 2 * SECOND)).isEqualTo(ANSWER);
    }

    @Test
    void anotherSourceHasItsOwn() {
        IntStream.range(0, 7).forEach(each -> rate.take(1, SECOND));
        assertThat(rate.take(2, SECOND)).isEqualTo(ANSWER);
    }
}
