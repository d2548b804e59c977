package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static io.postern.analytics.baseline.Flows.flow;
import static io.postern.analytics.baseline.Flows.sighting;
import static io.postern.analytics.baseline.Flows.suspect;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What rules and findings say against a destination. */
class LearnerEvidenceTest {

    private final Lessons lessons = new Lessons();
    private final Learner learner = lessons.learner;

    @Test
    void neverProposesWhatEvidenceSpeaksOf() {
        lessons.learn("acme.example", 5, 5);
        for (int device = 0; device < 5; device++) {
            for (int day = 0; day < 5; day++) {
                learner.learn(sighting(flow(APP, "d" + device, "evil.example", 4444, day(day)), Lessons.SEVEN));
            }
        }
        assertThat(lessons.destination("evil.example", 5).standing()).isEqualTo(Standing.PROPOSED);

        learner.learn(suspect(sighting(flow(APP, "d0", "evil.example", 4444, day(5)), Lessons.SEVEN)));

        Profile mail = learner.snapshot(day(5)).app(APP);
        assertThat(lessons.destination("evil.example", 5).standing()).isEqualTo(Standing.TAINTED);
        assertThat(mail.port(Protocol.TLS, 4444, Situation.BACKGROUND).standing())
                .as("it was seen with nothing else")
                .isEqualTo(Standing.TAINTED);
        assertThat(mail.port(Protocol.TLS, 443, Situation.BACKGROUND).standing())
                .as("it was seen with others as well")
                .isEqualTo(Standing.PROPOSED);
        assertThat(learner.snapshot(day(5))
                        .category("mail")
                        .find(Trait.DESTINATION, "evil.example", Situation.BACKGROUND)
                        .standing())
                .isEqualTo(Standing.TAINTED);
    }

    @Test
    void learnsNothingElseFromWhatEvidenceSpeaksOf() {
        learner.taint(APP, "mail", "evil.example", Lessons.FINDING, day(3));
        for (int device = 0; device < 5; device++) {
            for (int day = 0; day < 5; day++) {
                learner.learn(sighting(flow(APP, "d" + device, "evil.example", 4444, day(day)), Lessons.SEVEN));
            }
        }

        assertThat(lessons.destination("evil.example", 5).standing()).isEqualTo(Standing.TAINTED);
        Known port = learner.snapshot(day(5)).app(APP).port(Protocol.TLS, 4444, Situation.BACKGROUND);
        assertThat(port.standing()).as("counted, but never proposed").isEqualTo(Standing.TAINTED);
        assertThat(port.devices()).isEqualTo(5);
        assertThat(learner.view(Lessons.MAIL, day(5)).orElseThrow().entries())
                .extracting(Known::trait)
                .containsOnly(Trait.DESTINATION, Trait.PORT);
    }

    /** What is spoken to others too is no news of the one that evidence speaks of. */
    @Test
    void countsNothingOfItTowardsWhatOthersAreSpokenToBy() {
        lessons.learn("acme.example", 2, 3);
        learner.taint(APP, "mail", "evil.example", Lessons.FINDING, day(3));
        for (int device = 0; device < 9; device++) {
            learner.learn(sighting("d" + device, "evil.example", 3));
        }
        Known port = learner.snapshot(day(3)).app(APP).port(Protocol.TLS, 443, Situation.BACKGROUND);
        assertThat(port.standing()).isEqualTo(Standing.LEARNING);
        assertThat(port.devices()).isEqualTo(2);
    }

    /** Whoever speaks to it on many ports takes nothing from what was learnt of others. */
    @Test
    void portsOfItMakeRoomAmongThemselves() {
        lessons.learn("acme.example", 2, 3);
        learner.taint(APP, "mail", "evil.example", Lessons.FINDING, day(3));
        for (int port = 1; port <= 500; port++) {
            learner.learn(sighting(flow(APP, "d7", "evil.example", port, day(3)), Lessons.SEVEN));
        }
        assertThat(lessons.destination("acme.example", 3).devices()).isEqualTo(2);
        assertThat(learner.snapshot(day(3))
                        .app(APP)
                        .port(Protocol.TLS, 443, Situation.BACKGROUND)
                        .devices())
                .isEqualTo(2);
    }

    /** Else what was first seen with it would be tainted for good, or proposed by what was. */
    @Test
    void aPortOfItBeginsAnewWhenOthersAreSpokenToOnIt() {
        learner.taint(APP, "mail", "evil.example", Lessons.FINDING, day(0));
        for (int device = 0; device < 5; device++) {
            for (int day = 0; day < 5; day++) {
                learner.learn(sighting(flow(APP, "d" + device, "evil.example", 4444, day(day)), Lessons.SEVEN));
            }
        }
        learner.learn(sighting(flow(APP, "d7", "acme.example", 4444, day(5)), Lessons.SEVEN));
        learner.learn(sighting(flow(APP, "d1", "evil.example", 4444, day(5)), Lessons.SEVEN));
        Known port = learner.snapshot(day(5)).app(APP).port(Protocol.TLS, 4444, Situation.BACKGROUND);
        assertThat(port.standing()).isEqualTo(Standing.LEARNING);
        assertThat(port.devices()).isEqualTo(1);
    }

    @Test
    void aPortOfManyTaintedDestinationsStaysTainted() {
        for (int i = 0; i < 20; i++) {
            learner.taint(APP, "mail", "evil" + i + ".example", Lessons.FINDING, day(0));
            for (int device = 0; device < 5; device++) {
                Flow flow = flow(APP, "d" + device, "evil" + i + ".example", 4444, day(device));
                learner.learn(sighting(flow, Lessons.SEVEN));
            }
        }
        learner.clear(APP, "mail", "evil19.example", Lessons.FINDING);
        assertThat(learner.snapshot(day(5))
                        .app(APP)
                        .port(Protocol.TLS, 4444, Situation.BACKGROUND)
                        .standing())
                .isEqualTo(Standing.TAINTED);
    }

    /** However many other destinations something speaks against: findings of those come by themselves. */
    @Test
    void whatSomebodyConfirmedIsForgottenLast() {
        learner.taint(APP, "", "evil.example", Cause.confirmed("f0"), day(1));
        for (int i = 0; i < 2 * Learnt.MOST_TAINTED; i++) {
            learner.taint(APP, "", "ads" + i + ".example", Cause.rule("watch"), day(2));
        }
        assertThat(learner.view(Lessons.MAIL, day(2)).orElseThrow().tainted()).hasSize(Learnt.MOST_TAINTED);
        assertThat(learner.snapshot(day(2)).app(APP).confirmed("evil.example")).isTrue();
    }

    /** However many findings there are of it since. */
    @Test
    void whatSomebodyConfirmedIsKnownUntilItIsTakenBack() {
        Cause answer = Cause.confirmed("f0");
        learner.taint(APP, "mail", "evil.example", answer, day(1));
        for (int finding = 1; finding <= 20; finding++) {
            learner.taint(APP, "mail", "evil.example", Cause.finding("f" + finding), day(2));
        }
        assertThat(learner.snapshot(day(2)).app(APP).confirmed("evil.example")).isTrue();
        assertThat(learner.snapshot(day(2)).app(APP).confirmed("acme.example")).isFalse();

        learner.clear(APP, "mail", "evil.example", answer);
        assertThat(learner.snapshot(day(2)).app(APP).confirmed("evil.example")).isFalse();
    }

    @Test
    void learnsAgainWhatWasHarmless() {
        lessons.learn("acme.example", 3, 3);
        learner.taint(APP, "mail", "acme.example", Lessons.FINDING, day(3));
        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.TAINTED);

        learner.clear(APP, "mail", "acme.example", Lessons.FINDING);

        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
    }

    @Test
    void proposesNothingOfAnAppWithMoreSuspectDestinationsThanItCanRemember() {
        lessons.learn("acme.example", 3, 3);
        for (int i = 0; i <= Learnt.MOST_TAINTED; i++) {
            learner.taint(APP, "", "evil" + i + ".example", Lessons.FINDING, day(3));
        }

        assertThat(learner.view(Lessons.MAIL, day(3)).orElseThrow().entries())
                .isNotEmpty()
                .allMatch(known -> known.standing() == Standing.TAINTED);
    }

    @Test
    void tellsOnHowManyDevicesAndDaysItRests() {
        lessons.learn("acme.example", 3, 2);
        lessons.learn("rare.example", 1, 5);
        Flow active = flow(APP, "d9", "rare.example", 443, day(1));
        learner.learn(new Sighting(active, "", Lessons.SEVEN, Situation.ACTIVE, 1, 1, false));

        Profile mail = learner.snapshot(day(5)).app(APP);
        assertThat(mail.devices()).isEqualTo(4);
        assertThat(mail.learntDays()).isEqualTo(5);
        assertThat(mail.devices(Trait.DESTINATION, "acme.example")).isEqualTo(3);
        assertThat(mail.devices(Trait.DESTINATION, "rare.example"))
                .as("one of each situation")
                .isEqualTo(2);
        assertThat(mail.devices(Trait.DESTINATION, "never.example")).isZero();
        assertThat(learner.snapshot(day(5)).category("mail").devices()).isEqualTo(3);
        assertThat(Profile.EMPTY.devices()).isZero();
        assertThat(Profile.EMPTY.learntDays()).isZero();
    }

    @Test
    void proposesAgainWhenThereAreFewerOfThem() {
        lessons.learn("acme.example", 3, 3);
        for (int i = 0; i <= Learnt.MOST_TAINTED; i++) {
            learner.taint(APP, "", "evil" + i + ".example", Cause.rule("r"), day(i < 300 ? 3 : 33));
        }
        learner.learn(sighting("d0", "acme.example", 64));
        assertThat(lessons.destination("acme.example", 64).standing()).isEqualTo(Standing.TAINTED);

        learner.forget(day(64));

        assertThat(lessons.destination("acme.example", 64).standing())
                .as("those of day 3 are over")
                .isEqualTo(Standing.PROPOSED);
        assertThat(learner.view(Lessons.MAIL, day(64)).orElseThrow().tainted()).hasSize(Learnt.MOST_TAINTED + 1 - 300);
        learner.learn(sighting("d0", "evil400.example", 64));
        assertThat(lessons.destination("evil400.example", 64).standing()).isEqualTo(Standing.TAINTED);
    }

    @Test
    void proposesAgainWhenOneOfTooManyWasHarmless() {
        lessons.learn("acme.example", 3, 3);
        for (int i = 0; i <= Learnt.MOST_TAINTED; i++) {
            learner.taint(APP, "", "evil" + i + ".example", Lessons.FINDING, day(3));
        }
        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.TAINTED);

        learner.clear(APP, "", "evil7.example", Lessons.FINDING);

        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
    }

    @Test
    void whatARuleSpokeAgainstIsOverWhenItDoesSoNoMore() {
        learner.taint(APP, "mail", "acme.example", Cause.rule("watch"), day(0));
        learner.learn(sighting("d0", "acme.example", 0));
        learner.taint(APP, "mail", "acme.example", Cause.rule("watch"), day(3));
        lessons.learn("acme.example", 3, 60);

        learner.forget(day(63));
        assertThat(lessons.destination("acme.example", 63).standing()).isEqualTo(Standing.TAINTED);
        assertThat(learner.view(Lessons.MAIL, day(63)).orElseThrow().tainted())
                .containsExactly(new Tainted("acme.example", List.of(Cause.rule("watch")), day(0), day(3)));

        learner.forget(day(64));
        assertThat(lessons.destination("acme.example", 64).standing()).isEqualTo(Standing.PROPOSED);
        assertThat(learner.view(Lessons.MAIL, day(64)).orElseThrow().tainted()).isEmpty();
        assertThat(learner.takeChanges().changed()).as("it is stored").contains(Lessons.MAIL);
    }

    @Test
    void aFindingHoldsWhileTheAppGoesThere() {
        learner.taint(APP, "mail", "acme.example", Lessons.FINDING, day(0));
        learner.learn(sighting("d0", "acme.example", 50));

        learner.forget(day(100));
        assertThat(lessons.destination("acme.example", 100).standing()).isEqualTo(Standing.TAINTED);
        learner.forget(day(111));
        assertThat(lessons.destination("acme.example", 111).standing()).isEqualTo(Standing.ABSENT);
        assertThat(learner.subjects()).as("nothing is left of it").isEmpty();
    }

    @Test
    void oneHarmlessFindingOfTwoLeavesTheOther() {
        lessons.learn("acme.example", 3, 3);
        learner.taint(APP, "mail", "acme.example", Lessons.FINDING, day(3));
        learner.taint(APP, "mail", "acme.example", Cause.finding("f2"), day(3));

        learner.clear(APP, "mail", "acme.example", Lessons.FINDING);
        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.TAINTED);
        learner.clear(APP, "mail", "acme.example", Cause.finding("f2"));
        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
    }

    @Test
    void remembersAFewCausesOfMany() {
        for (int i = 0; i < 100; i++) {
            learner.taint(APP, "", "acme.example", Cause.finding("x".repeat(1_000) + i), day(3));
            learner.taint(APP, "", "acme.example", Cause.finding("f" + i), day(3));
        }

        List<Tainted> tainted = learner.view(Lessons.MAIL, day(3)).orElseThrow().tainted();
        assertThat(tainted.get(0).causes()).hasSize(Taint.MOST_CAUSES).contains(Cause.finding("f99"));
        assertThat(tainted.get(0).causes()).allMatch(cause -> cause.name().length() <= Cause.LONGEST);
    }

    @Test
    void evidenceOfNoKnownTimeCountsFromTheNextLookOn() {
        learner.taint(APP, "", "acme.example", Cause.EVIDENCE, Taint.UNDATED);
        learner.forget(day(10));
        learner.forget(day(69));
        assertThat(learner.view(Lessons.MAIL, day(69)).orElseThrow().tainted()).hasSize(1);
        learner.forget(day(71));
        assertThat(learner.subjects()).isEmpty();
    }

    /** What was approved before anything spoke against it holds, and is not renewed with all the rest. */
    @Test
    void evidenceThatComesAfterAnApprovalCountsWhenTheQuestionIsOpenAgain() {
        lessons.learn("acme.example", 3, 3);
        lessons.approve(Lessons.SEVEN, 0);
        learner.taint(APP, "mail", "acme.example", Lessons.FINDING, day(3));

        assertThat(lessons.destination("acme.example", 3).standing()).isEqualTo(Standing.APPROVED);
        lessons.appears(new Build(8, "aa"), 3, 4);
        assertThat(lessons.destination("acme.example", 4).standing()).isEqualTo(Standing.TAINTED);
    }
}
