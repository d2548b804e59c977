package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static io.postern.analytics.baseline.Flows.flow;
import static io.postern.analytics.baseline.Flows.sighting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is approved, for which versions and how long. */
class LearnerApprovalTest {

    private final Lessons lessons = new Lessons();
    private final Learner learner = lessons.learner;

    @Test
    void asksAgainForANewVersion() {
        lessons.learn("acme.example", 3, 3);
        lessons.approve(Lessons.SEVEN, 0);
        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.APPROVED);
        assertThat(lessons.destination("acme.example", 3).standing(new Build(8, "aa")))
                .isEqualTo(Standing.PROVISIONAL);
        assertThat(lessons.destination("acme.example", 3).standing(new Build(6, "aa")))
                .isEqualTo(Standing.APPROVED);
        assertThat(lessons.destination("acme.example", 3).standing(Build.UNKNOWN))
                .isEqualTo(Standing.APPROVED);

        Build eight = new Build(8, "aa");
        lessons.appears(eight, 3, 4);
        learner.learn(sighting(flow(APP, "d0", "new.example", 443, day(4)), eight));

        assertThat(lessons.destination("acme.example", 4).standing()).isEqualTo(Standing.PROVISIONAL);
        assertThat(lessons.destination("new.example", 4).standing()).isEqualTo(Standing.LEARNING);
        assertThat(learner.snapshot(day(4)).app(APP).since(eight)).contains(day(4));

        lessons.approve(eight, 0);
        assertThat(lessons.destination("acme.example", 4).standing()).isEqualTo(Standing.APPROVED);
    }

    @Test
    void asksAgainForAnotherSigner() {
        lessons.learn("acme.example", 3, 3);
        lessons.approve(Lessons.SEVEN, 0);

        lessons.appears(new Build(7, "bb"), 3, 4);

        assertThat(lessons.destination("acme.example", 4).standing()).isEqualTo(Standing.PROVISIONAL);
    }

    /** A device says what it likes of itself: neither is the question open for all, nor an approval spoilt. */
    @Test
    void takesNoSingleDevicesWordForTheVersionOfAll() {
        lessons.learn("acme.example", 5, 3);
        lessons.approve(Lessons.SEVEN, 0);

        lessons.appears(new Build(Long.MAX_VALUE, "bb"), 1, 4);

        assertThat(lessons.newest()).isEqualTo(Lessons.SEVEN);
        assertThat(lessons.destination("acme.example", 4).standing()).isEqualTo(Standing.APPROVED);
        assertThat(lessons.destination("acme.example", 4).standing(new Build(Long.MAX_VALUE, "bb")))
                .as("it is asked of that device's own build")
                .isEqualTo(Standing.PROVISIONAL);

        lessons.appears(new Build(7, "bb"), 2, 4);
        assertThat(lessons.newest()).as("nor two devices' word for its signer").isEqualTo(Lessons.SEVEN);
        lessons.appears(new Build(8, "aa"), 3, 4);
        assertThat(lessons.newest()).isEqualTo(new Build(8, "aa"));
    }

    @Test
    void countsThoseWithANewerVersionIn() {
        lessons.learn("acme.example", 4, 3);
        learner.learn(sighting(flow(APP, "d0", "acme.example", 443, day(4)), new Build(8, "aa")));
        learner.learn(sighting(flow(APP, "d1", "acme.example", 443, day(4)), new Build(9, "aa")));
        learner.learn(sighting(flow(APP, "d2", "acme.example", 443, day(4)), new Build(10, "aa")));

        assertThat(lessons.newest()).isEqualTo(new Build(8, "aa"));
    }

    @Test
    void asksMoreThanHalfOfTheDevicesWhereThereAreFew() {
        lessons.learn("acme.example", 1, 1);
        assertThat(lessons.newest()).as("one of one").isEqualTo(Lessons.SEVEN);

        lessons.learn("acme.example", 2, 1);
        lessons.appears(new Build(8, "aa"), 1, 4);
        assertThat(lessons.newest()).as("one of two").isEqualTo(Lessons.SEVEN);
        lessons.appears(new Build(8, "aa"), 2, 4);
        assertThat(lessons.newest()).as("two of two").isEqualTo(new Build(8, "aa"));
    }

    @Test
    void oneDevicesManyVersionsPushOutNobodyElses() {
        lessons.learn("acme.example", 3, 3);
        learner.learn(sighting(flow(APP, "d2", "acme.example", 443, day(3)), new Build(8, "aa")));
        for (int i = 0; i < 100; i++) {
            learner.learn(sighting(flow(APP, "liar", "acme.example", 443, day(4)), new Build(1_000 + i, "bb")));
        }
        learner.learn(sighting(flow(APP, "d1", "acme.example", 443, day(4)), new Build(8, "aa")));

        assertThat(learner.snapshot(day(4)).app(APP).since(new Build(8, "aa"))).contains(day(3));
        assertThat(lessons.newest()).as("two of its own and one that is newer").isEqualTo(new Build(8, "aa"));
    }

    /** An app of a new version a day: what rolls out is kept, what everybody had long ago goes, and is as old as what came after. */
    @Test
    void keepsTheBuildsThatRollOutAndTheAgeOfThoseThatAreGone() {
        for (int day = 0; day < 40; day++) {
            lessons.appears(new Build(100 + day, "aa"), day < 30 ? 5 : 3, day);
        }

        Profile mail = learner.snapshot(day(40)).app(APP);
        assertThat(mail.since(new Build(130, "aa"))).contains(day(30));
        assertThat(mail.since(new Build(101, "aa")).orElseThrow()).isLessThanOrEqualTo(day(30));
        assertThat(mail.since(new Build(101, "bb"))).isEmpty();
        assertThat(mail.since(new Build(140, "aa"))).isEmpty();
    }

    /** One with a build of its makers, or that lies, makes no version old. */
    @Test
    void aNewerBuildOfASingleDeviceProvesNothing() {
        lessons.appears(new Build(9_999, "aa"), 1, 0);
        lessons.appears(Lessons.SEVEN, 5, 9);

        assertThat(learner.snapshot(day(9)).app(APP).since(Lessons.SEVEN)).contains(day(9));
    }

    @Test
    void expiresWhatMustBeReviewedAndWhatIsNotSeen() {
        lessons.learn("acme.example", 3, 3);
        lessons.approve(Lessons.SEVEN, day(30));

        assertThat(lessons.destination("acme.example", 29).standing()).isEqualTo(Standing.APPROVED);
        assertThat(lessons.destination("acme.example", 30).standing()).isEqualTo(Standing.EXPIRED);

        lessons.approve(Lessons.SEVEN, 0);
        assertThat(lessons.destination("acme.example", 60).standing()).isEqualTo(Standing.APPROVED);
        assertThat(lessons.destination("acme.example", 64).standing()).isEqualTo(Standing.EXPIRED);
    }

    @Test
    void remembersThatItWasRejected() {
        lessons.learn("tracker.example", 3, 3);
        learner.decide(
                Lessons.MAIL,
                Set.of("destination/background/tracker.example"),
                new Decision(false, "ann", day(3), "no", Lessons.SEVEN, 0));
        lessons.learn("tracker.example", 9, 9);

        assertThat(lessons.destination("tracker.example", 9).standing()).isEqualTo(Standing.REJECTED);
        assertThat(lessons.destination("tracker.example", 9).decision().map(Decision::by))
                .contains("ann");
    }

    @Test
    void forgetsWhatNobodyDecidedAndNobodySees() {
        lessons.learn("acme.example", 3, 3);
        lessons.learn("old.example", 3, 3);
        learner.decide(
                Lessons.MAIL,
                Set.of("destination/background/acme.example"),
                new Decision(true, "ann", day(3), "yes", Lessons.SEVEN, 0));

        learner.forget(day(100));

        assertThat(learner.view(Lessons.MAIL, day(100)).orElseThrow().entries())
                .extracting(Known::id)
                .containsExactly("destination/background/acme.example");
        assertThat(learner.subjects()).containsExactly(Lessons.MAIL);
        assertThat(learner.size()).isEqualTo(1);
    }
}
