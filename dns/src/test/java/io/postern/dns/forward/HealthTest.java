package io.postern.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What speaks against a server, and for how long. */
class HealthTest {

    private static final long PATIENCE = Duration.ofSeconds(2).toNanos();

    private long now;
    private final Health health = new Health(now);

    /** Asked now, and in vain. */
    private void silent(String domain) {
        long askedAt = now;
        pass(PATIENCE);
        health.silent(domain, askedAt, now);
    }

    private void pass(long nanos) {
        now += nanos;
    }

    private boolean asked() {
        return health.ask(now, PATIENCE);
    }

    private void leaveAlone() {
        silent("one.example");
        silent("two.example");
        silent("three.example");
    }

    @Test
    void threeDomainsWithoutAnAnswerSpeakAgainstIt() {
        silent("one.example");
        silent("two.example");
        assertThat(health.well()).isTrue();
        silent("three.example");
        assertThat(health.well()).isFalse();
        assertThat(asked()).isFalse();
    }

    @Test
    void manyNamesOfTwoDomainsDoNot() {
        for (int each = 0; each < 20; each++) {
            silent("one.example");
            silent("two.example");
        }
        assertThat(asked()).isTrue();
    }

    @Test
    void anAnswerBetweenThemSpeaksForIt() {
        silent("one.example");
        silent("two.example");
        health.heard(now);
        pass(1);
        silent("three.example");
        silent("four.example");
        assertThat(asked()).isTrue();
    }

    /** On a busy gateway somebody always asks for names that nobody answers for. */
    @Test
    void neitherDoQuestionsWhileItAnsweredOthers() {
        long askedAt = now;
        pass(PATIENCE / 2);
        health.heard(now);
        pass(PATIENCE / 2);
        for (int each = 0; each < 20; each++) {
            health.silent(each + ".example", askedAt, now);
        }
        assertThat(asked()).isTrue();
    }

    @Test
    void norWhatAnotherHadNoAnswerToEither() {
        for (int each = 0; each < 20; each++) {
            health.silentToo(now, now);
        }
        assertThat(asked()).isTrue();
    }

    @Test
    void norDoesThatMakeAPauseLonger() {
        leaveAlone();
        for (int trial = 1; trial < 20; trial++) {
            pass(Duration.ofSeconds(1).toNanos());
            assertThat(asked()).isTrue();
            health.silentToo(now, now);
            assertThat(asked()).as("is left alone again").isFalse();
        }
    }

    @Test
    void norWhatWasLongAgo() {
        silent("one.example");
        silent("two.example");
        pass(Duration.ofMinutes(1).toNanos());
        silent("three.example");
        assertThat(asked()).isTrue();
    }

    @Test
    void whereNobodyIsThereOneQuestionTells() {
        health.unreachable(now, now);
        assertThat(asked()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20})
    void theTimeItIsLeftAloneDoublesToAMinute(int trials) {
        leaveAlone();
        for (int trial = 1; trial < trials; trial++) {
            pass(Duration.ofMinutes(2).toNanos());
            assertThat(asked()).isTrue();
            silent("one.example");
        }
        pass(Duration.ofSeconds(1L << Math.min(trials - 1, 6)).toNanos() - 1);
        assertThat(asked()).isFalse();
        pass(1);
        assertThat(asked()).isTrue();
    }

    @Test
    void oneQuestionTriesItAndIfThatIsLostTheNext() {
        leaveAlone();
        pass(Duration.ofSeconds(1).toNanos());
        assertThat(asked()).isTrue();
        assertThat(asked()).isFalse();
        pass(PATIENCE);
        assertThat(asked()).isTrue();
    }

    @Test
    void anAnswerMakesItWellAtOnce() {
        leaveAlone();
        health.heard(now);
        assertThat(health.well()).isTrue();
        assertThat(asked()).isTrue();
        silent("one.example");
        assertThat(asked()).isTrue();
    }

    /** A short silence of a server that is asked a lot would be a minute otherwise. */
    @Test
    void whatWasUnderWayMakesItNoLonger() {
        long askedAt = now;
        pass(PATIENCE);
        for (int each = 0; each < 100; each++) {
            health.silent(each + ".example", askedAt, now);
        }
        pass(Duration.ofSeconds(1).toNanos());
        assertThat(asked()).isTrue();
        // Of before the trial, and of all that are asked because there is nobody else.
        for (int each = 0; each < 100; each++) {
            health.silent(each + ".example", askedAt, now);
            health.unreachable(askedAt, now);
        }
        silent("one.example");
        for (int each = 0; each < 100; each++) {
            health.silent(each + ".example", now, now);
        }
        pass(Duration.ofSeconds(2).toNanos());
        assertThat(asked()).isTrue();
    }
}
