package io.postern.analytics.finding;

import static io.postern.analytics.finding.TestingBook.CLOCK;
import static io.postern.analytics.finding.TestingBook.DAY;
import static io.postern.analytics.finding.TestingBook.HOUR;
import static io.postern.analytics.finding.TestingBook.OUTSIDE;
import static io.postern.analytics.finding.TestingBook.RARE;
import static io.postern.analytics.finding.TestingBook.T0;
import static io.postern.analytics.finding.TestingBook.TOLD;
import static io.postern.analytics.finding.TestingBook.word;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.finding.TestingBook.Word;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people say of findings, and what time does to them. */
class AnswersTest {

    private final TestingBook it = new TestingBook();

    @Test
    void nothingEndsByAClockThatHasJumpedAheadUntilThatIsBelieved() {
        it.take(word(T0, 10));
        Word harmless = word(T0, 10);
        harmless.uid = "f2";
        harmless.destination = "cdn.acme.example";
        it.take(harmless);
        it.close("f2", Conclusion.BENIGN, T0);
        it.heard.take();

        long jump = 200 * DAY;
        it.book.doubt(jump);
        it.book.reached(T0 + HOUR + jump, it.heard);
        harmless.device = "LC02";
        it.take(harmless, T0 + HOUR + jump);
        assertThat(it.heard.take()).containsExactly("suppress f2.2");
        assertThat(it.book.suppressions()).hasSize(1);
        assertThat(it.find("f1").status()).isEqualTo(Status.OPEN);

        it.book.doubt(0);
        it.book.reached(T0 + 2 * HOUR + jump, it.heard);
        assertThat(it.heard.take()).containsExactlyInAnyOrder("close f1", "create f2.2");
        assertThat(it.book.suppressions()).isEmpty();
        assertThat(it.book.find("f2")).as("forgotten").isEmpty();
    }

    @Test
    void whatAClockThatWasSetBackHasStampedLastsNoLonger() {
        long ahead = T0 + 200 * DAY;
        it.take(word(T0, 10), ahead);
        Word harmless = word(T0, 10);
        harmless.uid = "f2";
        harmless.destination = "cdn.acme.example";
        it.take(harmless, ahead);
        it.close("f2", Conclusion.BENIGN, ahead);
        it.heard.take();

        it.book.reached(T0, it.heard);
        assertThat(it.heard.take()).isEmpty();
        assertThat(it.book.suppressions().get(0).untilMillis()).isEqualTo(T0 + 90 * DAY);
        it.book.reached(T0 + 14 * DAY, it.heard);
        assertThat(it.heard.take()).containsExactly("close f1");
        it.book.reached(T0 + 90 * DAY, it.heard);
        assertThat(it.book.suppressions()).isEmpty();
        assertThat(it.book.find("f2")).as("forgotten").isEmpty();
    }

    @Test
    void aFalsePositiveSilencesItsLikeOnEveryDeviceOpenPastAndToCome() {
        it.take(word(T0, 10));
        Word open = word(T0, 10);
        open.device = "LC02";
        open.uid = "f2";
        it.take(open);
        Word past = word(T0, 10);
        past.device = "LC03";
        past.uid = "f3";
        it.take(past);
        past.activity = Activity.CLOSE;
        it.take(past);
        Word otherDestination = word(T0, 10);
        otherDestination.uid = "f4";
        otherDestination.destination = "other.example";
        it.take(otherDestination);
        it.heard.take();

        assertThat(it.close("f1", Conclusion.FALSE_POSITIVE, T0 + HOUR)).isEqualTo(FindingBook.Reviewed.DONE);
        assertThat(it.heard.take()).containsExactlyInAnyOrder("close f1", "suppress f2", "suppress f3");
        assertThat(it.find("f2").status()).isEqualTo(Status.SUPPRESSED);
        assertThat(it.find("f3").status()).isEqualTo(Status.CLOSED);
        assertThat(it.find("f3").counts()).isFalse();
        assertThat(it.find("f4").status()).isEqualTo(Status.OPEN);

        Word toCome = word(T0 + 2 * HOUR, 10);
        toCome.device = "LC05";
        toCome.uid = "f5";
        it.take(toCome);
        it.take(word(T0 + 2 * HOUR, 15));
        assertThat(it.heard.take()).as("nobody hears of it").containsExactly("suppress f5");
        assertThat(it.find("f5").times().toldMillis()).isZero();
        assertThat(it.book.size()).isEqualTo(5);
    }

    @Test
    void aFamilyMoreOrAHardItemMoreIsAnotherKind() {
        it.take(word(T0, 10));
        it.close("f1", Conclusion.BENIGN, T0 + 1);
        it.heard.take();
        Word state = word(T0 + HOUR, 12);
        state.evidence = List.of(CLOCK, RARE, new Evidence(Family.STATE, "device-locked", 1, 1, 5, true));
        it.take(state);
        assertThat(it.heard.take()).as("state is no family of its own").isEmpty();
        Word hard = word(T0 + 2 * HOUR, 13);
        hard.evidence = List.of(CLOCK, OUTSIDE);
        it.take(hard);
        assertThat(it.heard.take()).containsExactly("reopen f1.2");
        assertThat(it.find("f1.2").before()).isEqualTo("f1");

        Word family = word(T0 + 2 * HOUR, 13);
        family.device = "LC02";
        family.uid = "f2";
        family.evidence = List.of(CLOCK, RARE, TOLD);
        it.take(family);
        assertThat(it.heard.take()).containsExactly("create f2");
    }

    @Test
    void aSuppressionHoldsForNothingMoreSerious() {
        Word mild = word(T0, 10);
        mild.score = 45;
        it.take(mild);
        it.close("f1", Conclusion.FALSE_POSITIVE, T0 + 1);
        it.heard.take();
        Word other = word(T0 + HOUR, 10);
        other.device = "LC02";
        other.uid = "f2";
        other.score = 69;
        it.take(other);
        assertThat(it.heard.take()).containsExactly("suppress f2");

        other.at += HOUR;
        other.checkIns++;
        other.score = 95;
        it.take(other);
        assertThat(it.heard.take()).containsExactly("create f2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "signer-changed",
                "installer-changed",
                "installer-unknown",
                "app-just-updated",
                "upload",
                "upload-beyond-role"
            })
    void anAppThatIsNotTheSameAnyMoreOrSendsMuchIsAnotherKind(String feature) {
        Evidence more = new Evidence(Family.DESTINATION, feature, 1, 1, 5, true);
        it.take(word(T0, 10));
        it.close("f1", Conclusion.BENIGN, T0 + 1);
        it.heard.take();
        Word changed = word(T0 + HOUR, 12);
        changed.evidence = List.of(CLOCK, RARE, more);
        it.take(changed);
        assertThat(it.heard.take()).containsExactly("reopen f1.2");

        it.close("f1.2", Conclusion.BENIGN, T0 + HOUR + 1);
        it.heard.take();
        changed.device = "LC02";
        changed.uid = "f2";
        it.take(changed);
        assertThat(it.heard.take()).as("the reviewed one had it").containsExactly("suppress f2");
    }

    @Test
    void whereTheAppIsNotKnownASuppressionIsOfOneDevice() {
        Word nobody = word(T0, 10);
        nobody.device = "192.0.2.1";
        nobody.app = "-";
        it.take(nobody);
        it.close("f1", Conclusion.FALSE_POSITIVE, T0 + 1);
        it.heard.take();
        nobody.at = T0 + HOUR;
        nobody.checkIns = 12;
        it.take(nobody);
        assertThat(it.heard.take()).isEmpty();

        nobody.device = "192.0.2.2";
        nobody.uid = "f2";
        it.take(nobody);
        assertThat(it.heard.take()).containsExactly("create f2");
    }

    @Test
    void aSuppressionEndsByItself() {
        it.take(word(T0, 10));
        it.close("f1", Conclusion.FALSE_POSITIVE, T0);
        Word other = word(T0 + HOUR, 10);
        other.device = "LC02";
        other.uid = "f2";
        it.take(other);
        it.heard.take();
        other.at = T0 + 89 * DAY;
        other.checkIns = 900;
        it.take(other);
        it.book.reached(T0 + 90 * DAY - 1, it.heard);
        assertThat(it.heard.take()).isEmpty();
        assertThat(it.book.suppressions()).hasSize(1);

        it.book.reached(T0 + 90 * DAY, it.heard);
        assertThat(it.heard.take()).containsExactly("create f2");
        assertThat(it.book.suppressions()).isEmpty();
    }

    @Test
    void whoeverWasWrongCanSaySo() {
        it.take(word(T0, 10));
        Word other = word(T0, 10);
        other.device = "LC02";
        other.uid = "f2";
        it.take(other);
        it.close("f1", Conclusion.FALSE_POSITIVE, T0 + 1);
        it.heard.take();
        assertThat(it.close("f1", Conclusion.TRUE_POSITIVE, T0 + 2)).isEqualTo(FindingBook.Reviewed.DONE);

        assertThat(it.heard.take()).containsExactlyInAnyOrder("close f1", "update f2");
        assertThat(it.find("f2").status()).isEqualTo(Status.OPEN);
        Review again = new Review(Status.OPEN, Optional.empty(), "once more", "vera", T0 + 3);
        assertThat(it.book.review("f1", again, OptionalLong.empty(), T0 + 3, it.heard))
                .isEqualTo(FindingBook.Reviewed.DONE);
        assertThat(it.heard.take()).containsExactly("update f1");
        assertThat(it.find("f1").status()).isEqualTo(Status.OPEN);
    }

    @Test
    void aTruePositiveOfItsLikeEndsTheSuppressionOnEveryDevice() {
        for (int device = 1; device <= 3; device++) {
            Word word = word(T0, 10);
            word.uid = "f" + device;
            word.device = "LC0" + device;
            it.take(word);
        }
        it.close("f1", Conclusion.FALSE_POSITIVE, T0 + 1);
        it.heard.take();
        it.close("f2", Conclusion.TRUE_POSITIVE, T0 + 2);

        assertThat(it.heard.take()).containsExactlyInAnyOrder("close f2", "update f3");
        assertThat(it.find("f3").status()).isEqualTo(Status.OPEN);
        assertThat(it.book.suppressions()).isEmpty();
    }

    @Test
    void answersToWhatHasChangedOrGoneAreRefused() {
        it.take(word(T0, 10));
        Review review = new Review(Status.IN_PROGRESS, Optional.empty(), "mine", "vera", T0);
        long looked = it.find("f1").version();
        assertThat(it.book.review("f9", review, OptionalLong.empty(), T0, it.heard))
                .isEqualTo(FindingBook.Reviewed.ABSENT);
        assertThat(it.book.review("f1", review, OptionalLong.of(looked), T0, it.heard))
                .isEqualTo(FindingBook.Reviewed.DONE);
        assertThat(it.book.review("f1", review, OptionalLong.of(looked), T0, it.heard))
                .isEqualTo(FindingBook.Reviewed.STALE);
        it.close("f1", Conclusion.TRUE_POSITIVE, T0 + 1);
        it.take(word(T0 + HOUR, 12));
        assertThat(it.book.review("f1", review, OptionalLong.empty(), T0, it.heard))
                .isEqualTo(FindingBook.Reviewed.TAKEN_UP);
    }

    private static Excuse excuse(String analytic, int port, long until) {
        return new Excuse(
                "exception-" + analytic + "-" + port,
                analytic,
                "dev-tools",
                "staging server",
                until,
                finding -> finding.key().app().equals("com.acme.app"),
                finding -> finding.spoken().port() == port);
    }

    @Test
    void anExceptionHoldsForWhatIsOpenPastAndToComeUntilItsDay() {
        it.take(word(T0, 10));
        Word past = word(T0, 10);
        past.device = "LC03";
        past.uid = "f3";
        it.take(past);
        past.activity = Activity.CLOSE;
        it.take(past);
        it.heard.take();
        long until = T0 + 10 * DAY;
        it.book.excuse(List.of(excuse("AN1793", 8443, until)), T0 + 1, it.heard);
        assertThat(it.heard.take()).containsExactlyInAnyOrder("suppress f1", "suppress f3");
        Word toCome = word(T0 + HOUR, 10);
        toCome.device = "LC02";
        toCome.uid = "f2";
        it.take(toCome);
        assertThat(it.heard.take()).containsExactly("suppress f2");
        ExcuseUse use = it.book.excuses(T0 + HOUR).get(0);
        assertThat(use.used()).isEqualTo(3);
        assertThat(use.exceeded()).isZero();
        assertThat(use.inForce()).isTrue();

        it.book.reached(until, it.heard);
        assertThat(it.heard.take()).containsExactlyInAnyOrder("update f1", "create f2");
        use = it.book.excuses(until).get(0);
        assertThat(use.inForce()).isFalse();
        assertThat(use.exceeded()).as("what goes on after its day").isEqualTo(2);
    }

    @Test
    void anExceptionThatIsTakenBackHoldsNoMoreAndOneForNothingIsUnused() {
        it.take(word(T0, 10));
        it.book.excuse(List.of(excuse("AN1793", 8443, T0 + DAY), excuse("AN1827", 1, T0 + DAY)), T0, it.heard);
        it.heard.take();
        assertThat(it.book.excuses(T0)).extracting(ExcuseUse::unused).containsExactly(false, true);
        it.book.excuse(List.of(excuse("AN1793", 1, T0 + DAY)), T0 + 1, it.heard);
        assertThat(it.heard.take()).containsExactly("update f1");
        assertThat(it.book.excuses(T0).get(0).exceeded()).as("another port").isEqualTo(1);
    }

    @Test
    void whoOpensWhatAnExceptionExcusesOpensNothing() {
        it.take(word(T0, 10));
        it.book.excuse(List.of(excuse("AN1793", 8443, T0 + DAY)), T0, it.heard);
        Review again = new Review(Status.OPEN, Optional.empty(), "once more", "vera", T0 + 3);
        it.book.review("f1", again, OptionalLong.empty(), T0 + 3, it.heard);
        assertThat(it.find("f1").status()).isEqualTo(Status.SUPPRESSED);
    }

    @Test
    void theBudgetIsTheShareOfAnswersThatWereFalsePositive() {
        for (int i = 1; i <= 4; i++) {
            Word word = word(T0, 10);
            word.uid = "f" + i;
            word.destination = "d" + i + ".example";
            it.take(word);
        }
        assertThat(it.book.falsePositives("AN1793")).isZero();
        it.close("f1", Conclusion.FALSE_POSITIVE, T0 + 1);
        it.close("f2", Conclusion.BENIGN, T0 + 1);
        it.close("f3", Conclusion.TRUE_POSITIVE, T0 + 1);
        it.close("f4", Conclusion.FALSE_POSITIVE, T0 + 1);
        assertThat(it.book.falsePositives("AN1793")).isEqualTo(0.5);
        it.close("f4", Conclusion.TRUE_POSITIVE, T0 + 2);
        assertThat(it.book.falsePositives("AN1793")).isEqualTo(0.25);
        assertThat(it.book.answered("AN1793")).isEqualTo(4);
        assertThat(it.book.falsePositives("AN1827")).isZero();
    }
}
