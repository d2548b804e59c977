package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static io.postern.analytics.baseline.Flows.flow;
import static io.postern.analytics.baseline.Flows.sighting;
import static io.postern.analytics.baseline.Flows.suspect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LearnerTest {

    private static final Subject MAIL = Subject.app(APP);
    private static final Build SEVEN = new Build(7, "aa");
    private static final BaselineSettings SMALL =
            new BaselineSettings(3, 3, Duration.ofDays(60), Duration.ofDays(60), 64, 64, 1_024);
    private static final Cause FINDING = Cause.finding("f1");

    private final Learner learner = new Learner(SMALL);

    private void learn(String domain, int devices, int days) {
        for (int device = 0; device < devices; device++) {
            for (int day = 0; day < days; day++) {
                learner.learn(sighting("d" + device, domain, day));
            }
        }
    }

    /** On devices that learnt of another build before. */
    private void appears(Build build, int devices, int day) {
        for (int device = 0; device < devices; device++) {
            learner.learn(sighting(flow(APP, "d" + device, "acme.example", 443, day(day)), build));
        }
    }

    private Known destination(String domain, int day) {
        return learner.snapshot(day(day)).app(APP).find(Trait.DESTINATION, domain, Situation.BACKGROUND);
    }

    private void approve(Build build, long reviewBy) {
        Set<String> proposed = learner.view(MAIL, day(3)).orElseThrow().entries().stream()
                .filter(known -> known.standing() == Standing.PROPOSED
                        || known.standing().approved())
                .map(Known::id)
                .collect(Collectors.toSet());
        learner.decide(MAIL, proposed, new Decision(true, "ann", day(3), "looked at it", build, reviewBy));
    }

    @Test
    void proposesWhatEnoughDevicesShowOnEnoughDays() {
        learn("acme.example", 3, 3);

        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
        assertThat(destination("acme.example", 3).devices()).isEqualTo(3);
        assertThat(destination("acme.example", 3).days()).isEqualTo(3);
        assertThat(destination("acme.example", 3).flows()).isEqualTo(9);
    }

    @Test
    void countsDevicesAndNotFlows() {
        learn("one-device.example", 1, 30);
        learn("one-day.example", 30, 1);

        assertThat(destination("one-device.example", 3).standing()).isEqualTo(Standing.LEARNING);
        assertThat(destination("one-device.example", 3).devices()).isEqualTo(1);
        assertThat(destination("one-day.example", 3).standing()).isEqualTo(Standing.LEARNING);
        assertThat(destination("one-day.example", 3).days()).isEqualTo(1);
        assertThat(destination("never.example", 3)).isEqualTo(Known.ABSENT);
    }

    @Test
    void answersEveryTraitOfAnAppAndOfItsCategory() {
        learn("acme.example", 3, 3);
        approve(SEVEN, 0);

        Profile mail = learner.snapshot(day(3)).app(APP);
        assertThat(mail.approved()).isTrue();
        for (Known known : new Known[] {
            mail.find(Trait.SERVICE_CLASS, "collaboration", Situation.BACKGROUND),
            mail.find(Trait.DESTINATION, "acme.example", Situation.BACKGROUND),
            mail.find(Trait.PORT, "tls:443", Situation.BACKGROUND),
            mail.port(Protocol.TLS, 443, Situation.BACKGROUND),
            mail.find(Trait.REQUEST, "POST api", Situation.BACKGROUND),
            mail.request("POST", "api", Situation.BACKGROUND),
            mail.find(Trait.HEADERS, "order1", Situation.BACKGROUND),
            mail.find(Trait.JA4, "t13d1516h2_aaaa_bbbb", Situation.BACKGROUND),
            mail.find(Trait.ALPN, "h2", Situation.BACKGROUND),
            mail.bytesUp(3_500, Situation.BACKGROUND),
            mail.bytesDown(70_000, Situation.BACKGROUND),
            mail.rate(1, Situation.BACKGROUND),
            mail.cadence(86_400, Situation.BACKGROUND),
        }) {
            assertThat(known.standing()).as(known.id()).isIn(Standing.APPROVED, Standing.LEARNING);
            assertThat(known.devices()).as(known.id()).isEqualTo(3);
        }
        assertThat(mail.port(Protocol.TLS, 4443, Situation.BACKGROUND)).isEqualTo(Known.ABSENT);
        assertThat(mail.port(Protocol.HTTP, 443, Situation.BACKGROUND)).isEqualTo(Known.ABSENT);
        assertThat(mail.request("PUT", "api", Situation.BACKGROUND)).isEqualTo(Known.ABSENT);
        assertThat(mail.request("POST a", "pi", Situation.BACKGROUND)).isEqualTo(Known.ABSENT);
        assertThat(mail.bytesUp(9_000_000, Situation.BACKGROUND)).isEqualTo(Known.ABSENT);
        assertThat(mail.hours(day(2), Situation.BACKGROUND).text()).isEqualTo("wed 08-12");
        assertThat(learner.snapshot(day(3))
                        .category("mail")
                        .find(Trait.DESTINATION, "acme.example", Situation.BACKGROUND)
                        .standing())
                .isEqualTo(Standing.PROPOSED);
    }

    @Test
    void tellsTheSituationsApart() {
        learn("acme.example", 3, 3);
        Profile mail = learner.snapshot(day(3)).app(APP);

        assertThat(mail.find(Trait.DESTINATION, "acme.example", Situation.ACTIVE))
                .isEqualTo(Known.ABSENT);
        assertThat(mail.find(Trait.DESTINATION, "acme.example", Situation.UNKNOWN)
                        .situation())
                .isEqualTo(Situation.BACKGROUND);
    }

    @Test
    void answersWithWhatWasSeenBeforeAnybodyReportedTheSituation() {
        learner.learn(
                new Sighting(flow(APP, "d1", "acme.example", 443, day(0)), "", SEVEN, Situation.UNKNOWN, 1, 1, false));

        assertThat(destination("acme.example", 1).situation()).isEqualTo(Situation.UNKNOWN);
    }

    @Test
    void takesAnApprovalFromBeforeAnybodyReportedTheSituation() {
        for (int device = 0; device < 3; device++) {
            for (int day = 0; day < 3; day++) {
                Flow flow = flow(APP, "d" + device, "acme.example", 443, day(day));
                learner.learn(new Sighting(flow, "", SEVEN, Situation.UNKNOWN, 1, 1, false));
            }
        }
        approve(SEVEN, 0);
        learn("acme.example", 1, 1);

        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.APPROVED);
    }

    @Test
    void neverProposesWhatEvidenceSpeaksOf() {
        learn("acme.example", 5, 5);
        for (int device = 0; device < 5; device++) {
            for (int day = 0; day < 5; day++) {
                learner.learn(sighting(flow(APP, "d" + device, "evil.example", 4444, day(day)), SEVEN));
            }
        }
        assertThat(destination("evil.example", 5).standing()).isEqualTo(Standing.PROPOSED);

        learner.learn(suspect(sighting(flow(APP, "d0", "evil.example", 4444, day(5)), SEVEN)));

        Profile mail = learner.snapshot(day(5)).app(APP);
        assertThat(destination("evil.example", 5).standing()).isEqualTo(Standing.TAINTED);
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
        learner.taint(APP, "mail", "evil.example", FINDING, day(3));
        for (int device = 0; device < 5; device++) {
            for (int day = 0; day < 5; day++) {
                learner.learn(sighting(flow(APP, "d" + device, "evil.example", 4444, day(day)), SEVEN));
            }
        }

        assertThat(destination("evil.example", 5).standing()).isEqualTo(Standing.TAINTED);
        assertThat(learner.snapshot(day(5)).app(APP).port(Protocol.TLS, 4444, Situation.BACKGROUND))
                .isEqualTo(Known.ABSENT);
    }

    @Test
    void learnsAgainWhatWasHarmless() {
        learn("acme.example", 3, 3);
        learner.taint(APP, "mail", "acme.example", FINDING, day(3));
        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.TAINTED);

        learner.clear(APP, "mail", "acme.example", FINDING);

        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
    }

    @Test
    void proposesNothingOfAnAppWithMoreSuspectDestinationsThanItCanRemember() {
        learn("acme.example", 3, 3);
        for (int i = 0; i <= Learnt.MOST_TAINTED; i++) {
            learner.taint(APP, "", "evil" + i + ".example", FINDING, day(3));
        }

        assertThat(learner.view(MAIL, day(3)).orElseThrow().entries())
                .isNotEmpty()
                .allMatch(known -> known.standing() == Standing.TAINTED);
    }

    @Test
    void tellsOnHowManyDevicesAndDaysItRests() {
        learn("acme.example", 3, 2);
        learn("rare.example", 1, 5);
        Flow active = flow(APP, "d9", "rare.example", 443, day(1));
        learner.learn(new Sighting(active, "", SEVEN, Situation.ACTIVE, 1, 1, false));

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
        learn("acme.example", 3, 3);
        for (int i = 0; i <= Learnt.MOST_TAINTED; i++) {
            learner.taint(APP, "", "evil" + i + ".example", Cause.rule("r"), day(i < 300 ? 3 : 33));
        }
        learner.learn(sighting("d0", "acme.example", 64));
        assertThat(destination("acme.example", 64).standing()).isEqualTo(Standing.TAINTED);

        learner.forget(day(64));

        assertThat(destination("acme.example", 64).standing())
                .as("those of day 3 are over")
                .isEqualTo(Standing.PROPOSED);
        assertThat(learner.view(MAIL, day(64)).orElseThrow().tainted()).hasSize(Learnt.MOST_TAINTED + 1 - 300);
        learner.learn(sighting("d0", "evil400.example", 64));
        assertThat(destination("evil400.example", 64).standing()).isEqualTo(Standing.TAINTED);
    }

    @Test
    void proposesAgainWhenOneOfTooManyWasHarmless() {
        learn("acme.example", 3, 3);
        for (int i = 0; i <= Learnt.MOST_TAINTED; i++) {
            learner.taint(APP, "", "evil" + i + ".example", FINDING, day(3));
        }
        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.TAINTED);

        learner.clear(APP, "", "evil7.example", FINDING);

        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
    }

    @Test
    void whatARuleSpokeAgainstIsOverWhenItDoesSoNoMore() {
        learner.taint(APP, "mail", "acme.example", Cause.rule("watch"), day(0));
        learner.learn(sighting("d0", "acme.example", 0));
        learner.taint(APP, "mail", "acme.example", Cause.rule("watch"), day(3));
        learn("acme.example", 3, 60);

        learner.forget(day(63));
        assertThat(destination("acme.example", 63).standing()).isEqualTo(Standing.TAINTED);
        assertThat(learner.view(MAIL, day(63)).orElseThrow().tainted())
                .containsExactly(new Tainted("acme.example", List.of(Cause.rule("watch")), day(0), day(3)));

        learner.forget(day(64));
        assertThat(destination("acme.example", 64).standing()).isEqualTo(Standing.PROPOSED);
        assertThat(learner.view(MAIL, day(64)).orElseThrow().tainted()).isEmpty();
        assertThat(learner.takeChanges().changed()).as("it is stored").contains(MAIL);
    }

    @Test
    void aFindingHoldsWhileTheAppGoesThere() {
        learner.taint(APP, "mail", "acme.example", FINDING, day(0));
        learner.learn(sighting("d0", "acme.example", 50));

        learner.forget(day(100));
        assertThat(destination("acme.example", 100).standing()).isEqualTo(Standing.TAINTED);
        learner.forget(day(111));
        assertThat(destination("acme.example", 111).standing()).isEqualTo(Standing.ABSENT);
        assertThat(learner.subjects()).as("nothing is left of it").isEmpty();
    }

    @Test
    void oneHarmlessFindingOfTwoLeavesTheOther() {
        learn("acme.example", 3, 3);
        learner.taint(APP, "mail", "acme.example", FINDING, day(3));
        learner.taint(APP, "mail", "acme.example", Cause.finding("f2"), day(3));

        learner.clear(APP, "mail", "acme.example", FINDING);
        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.TAINTED);
        learner.clear(APP, "mail", "acme.example", Cause.finding("f2"));
        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
    }

    @Test
    void remembersAFewCausesOfMany() {
        for (int i = 0; i < 100; i++) {
            learner.taint(APP, "", "acme.example", Cause.finding("x".repeat(1_000) + i), day(3));
            learner.taint(APP, "", "acme.example", Cause.finding("f" + i), day(3));
        }

        List<Tainted> tainted = learner.view(MAIL, day(3)).orElseThrow().tainted();
        assertThat(tainted.get(0).causes()).hasSize(Taint.MOST_CAUSES).contains(Cause.finding("f99"));
        assertThat(tainted.get(0).causes()).allMatch(cause -> cause.name().length() <= Cause.LONGEST);
    }

    @Test
    void evidenceOfNoKnownTimeCountsFromTheNextLookOn() {
        learner.taint(APP, "", "acme.example", Cause.EVIDENCE, Taint.UNDATED);
        learner.forget(day(10));
        learner.forget(day(69));
        assertThat(learner.view(MAIL, day(69)).orElseThrow().tainted()).hasSize(1);
        learner.forget(day(71));
        assertThat(learner.subjects()).isEmpty();
    }

    @Test
    void asksAgainForANewVersion() {
        learn("acme.example", 3, 3);
        approve(SEVEN, 0);
        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.APPROVED);
        assertThat(destination("acme.example", 3).standing(new Build(8, "aa"))).isEqualTo(Standing.PROVISIONAL);
        assertThat(destination("acme.example", 3).standing(new Build(6, "aa"))).isEqualTo(Standing.APPROVED);
        assertThat(destination("acme.example", 3).standing(Build.UNKNOWN)).isEqualTo(Standing.APPROVED);

        Build eight = new Build(8, "aa");
        appears(eight, 3, 4);
        learner.learn(sighting(flow(APP, "d0", "new.example", 443, day(4)), eight));

        assertThat(destination("acme.example", 4).standing()).isEqualTo(Standing.PROVISIONAL);
        assertThat(destination("new.example", 4).standing()).isEqualTo(Standing.LEARNING);
        assertThat(learner.snapshot(day(4)).app(APP).since(eight)).contains(day(4));

        approve(eight, 0);
        assertThat(destination("acme.example", 4).standing()).isEqualTo(Standing.APPROVED);
    }

    /** What was approved before anything spoke against it holds, and is not renewed with all the rest. */
    @Test
    void evidenceThatComesAfterAnApprovalCountsWhenTheQuestionIsOpenAgain() {
        learn("acme.example", 3, 3);
        approve(SEVEN, 0);
        learner.taint(APP, "mail", "acme.example", FINDING, day(3));

        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.APPROVED);
        appears(new Build(8, "aa"), 3, 4);
        assertThat(destination("acme.example", 4).standing()).isEqualTo(Standing.TAINTED);
    }

    @Test
    void asksAgainForAnotherSigner() {
        learn("acme.example", 3, 3);
        approve(SEVEN, 0);

        appears(new Build(7, "bb"), 3, 4);

        assertThat(destination("acme.example", 4).standing()).isEqualTo(Standing.PROVISIONAL);
    }

    private Build newest() {
        return learner.view(MAIL, day(4)).orElseThrow().build();
    }

    /** A device says what it likes of itself: neither is the question open for all, nor an approval spoilt. */
    @Test
    void takesNoSingleDevicesWordForTheVersionOfAll() {
        learn("acme.example", 5, 3);
        approve(SEVEN, 0);

        appears(new Build(Long.MAX_VALUE, "bb"), 1, 4);

        assertThat(newest()).isEqualTo(SEVEN);
        assertThat(destination("acme.example", 4).standing()).isEqualTo(Standing.APPROVED);
        assertThat(destination("acme.example", 4).standing(new Build(Long.MAX_VALUE, "bb")))
                .as("it is asked of that device's own build")
                .isEqualTo(Standing.PROVISIONAL);

        appears(new Build(7, "bb"), 2, 4);
        assertThat(newest()).as("nor two devices' word for its signer").isEqualTo(SEVEN);
        appears(new Build(8, "aa"), 3, 4);
        assertThat(newest()).isEqualTo(new Build(8, "aa"));
    }

    @Test
    void countsThoseWithANewerVersionIn() {
        learn("acme.example", 4, 3);
        learner.learn(sighting(flow(APP, "d0", "acme.example", 443, day(4)), new Build(8, "aa")));
        learner.learn(sighting(flow(APP, "d1", "acme.example", 443, day(4)), new Build(9, "aa")));
        learner.learn(sighting(flow(APP, "d2", "acme.example", 443, day(4)), new Build(10, "aa")));

        assertThat(newest()).isEqualTo(new Build(8, "aa"));
    }

    @Test
    void asksMoreThanHalfOfTheDevicesWhereThereAreFew() {
        learn("acme.example", 1, 1);
        assertThat(newest()).as("one of one").isEqualTo(SEVEN);

        learn("acme.example", 2, 1);
        appears(new Build(8, "aa"), 1, 4);
        assertThat(newest()).as("one of two").isEqualTo(SEVEN);
        appears(new Build(8, "aa"), 2, 4);
        assertThat(newest()).as("two of two").isEqualTo(new Build(8, "aa"));
    }

    @Test
    void oneDevicesManyVersionsPushOutNobodyElses() {
        learn("acme.example", 3, 3);
        learner.learn(sighting(flow(APP, "d2", "acme.example", 443, day(3)), new Build(8, "aa")));
        for (int i = 0; i < 100; i++) {
            learner.learn(sighting(flow(APP, "liar", "acme.example", 443, day(4)), new Build(1_000 + i, "bb")));
        }
        learner.learn(sighting(flow(APP, "d1", "acme.example", 443, day(4)), new Build(8, "aa")));

        assertThat(learner.snapshot(day(4)).app(APP).since(new Build(8, "aa"))).contains(day(3));
        assertThat(newest()).as("two of its own and one that is newer").isEqualTo(new Build(8, "aa"));
    }

    @Test
    void expiresWhatMustBeReviewedAndWhatIsNotSeen() {
        learn("acme.example", 3, 3);
        approve(SEVEN, day(30));

        assertThat(destination("acme.example", 29).standing()).isEqualTo(Standing.APPROVED);
        assertThat(destination("acme.example", 30).standing()).isEqualTo(Standing.EXPIRED);

        approve(SEVEN, 0);
        assertThat(destination("acme.example", 60).standing()).isEqualTo(Standing.APPROVED);
        assertThat(destination("acme.example", 64).standing()).isEqualTo(Standing.EXPIRED);
    }

    @Test
    void remembersThatItWasRejected() {
        learn("tracker.example", 3, 3);
        learner.decide(
                MAIL,
                Set.of("destination/background/tracker.example"),
                new Decision(false, "ann", day(3), "no", SEVEN, 0));
        learn("tracker.example", 9, 9);

        assertThat(destination("tracker.example", 9).standing()).isEqualTo(Standing.REJECTED);
        assertThat(destination("tracker.example", 9).decision().map(Decision::by))
                .contains("ann");
    }

    @Test
    void forgetsWhatNobodyDecidedAndNobodySees() {
        learn("acme.example", 3, 3);
        learn("old.example", 3, 3);
        learner.decide(
                MAIL,
                Set.of("destination/background/acme.example"),
                new Decision(true, "ann", day(3), "yes", SEVEN, 0));

        learner.forget(day(100));

        assertThat(learner.view(MAIL, day(100)).orElseThrow().entries())
                .extracting(Known::id)
                .containsExactly("destination/background/acme.example");
        assertThat(learner.subjects()).containsExactly(MAIL);
        assertThat(learner.size()).isEqualTo(1);
    }

    @Test
    void staysBoundedUnderAFloodOfDestinationsAndKeepsWhatManyShow() {
        learn("acme.example", 5, 3);
        for (int i = 0; i < 20_000; i++) {
            learner.learn(sighting("d0", "flood" + i + ".example", 3));
        }

        assertThat(learner.view(MAIL, day(3)).orElseThrow().entries().size()).isLessThanOrEqualTo(64);
        assertThat(destination("acme.example", 3).devices()).isEqualTo(5);
        assertThat(learner.evicted()).isGreaterThan(10_000);
    }

    @Test
    void staysBoundedUnderAFloodOfAppsAndKeepsWhatWasDecided() {
        learn("acme.example", 3, 3);
        approve(SEVEN, 0);
        for (int i = 0; i < 5_000; i++) {
            learner.learn(sighting(flow("com.flood" + i, "d0", "acme.example", 443, day(4)), Build.UNKNOWN));
        }

        assertThat(learner.subjects().size()).isLessThanOrEqualTo(64);
        assertThat(learner.size()).isLessThanOrEqualTo(1_024);
        assertThat(learner.subjects()).contains(MAIL);
        assertThat(destination("acme.example", 4).standing()).isEqualTo(Standing.APPROVED);
    }

    @Test
    void comesBackAsItWasWritten() {
        learn("acme.example", 40, 4);
        approve(SEVEN, day(90));
        learner.taint(APP, "mail", "evil.example", FINDING, day(3));
        Learner again = new Learner(SMALL);
        learner.subjects().forEach(subject -> again.read(subject, learner.write(subject)));

        assertThat(again.subjects()).isEqualTo(learner.subjects());
        assertThat(again.size()).isEqualTo(learner.size());
        for (Subject subject : learner.subjects()) {
            assertThat(again.view(subject, day(5))).isEqualTo(learner.view(subject, day(5)));
        }
        assertThat(again.snapshot(day(5)).app(APP).devices())
                .isEqualTo(learner.snapshot(day(5)).app(APP).devices())
                .isGreaterThan(20);
        assertThat(again.snapshot(day(5)).app(APP).learntDays()).isEqualTo(4);
        assertThat(again.view(MAIL, day(5)).orElseThrow().tainted())
                .containsExactly(new Tainted("evil.example", List.of(FINDING), day(3), day(3)));
        assertThat(again.view(MAIL, day(5)).orElseThrow().build()).isEqualTo(SEVEN);
        again.learn(sighting("d1", "evil.example", 5));
        assertThat(again.snapshot(day(5))
                        .app(APP)
                        .find(Trait.DESTINATION, "evil.example", Situation.BACKGROUND)
                        .standing())
                .isEqualTo(Standing.TAINTED);
    }

    @Test
    void isTheUnionOfWhatTwoGatewaysHaveSeen() {
        Learner all = new Learner(SMALL);
        Learner other = new Learner(SMALL);
        for (int device = 0; device < 6; device++) {
            for (int day = 0; day < 4; day++) {
                Sighting seen = sighting("d" + device, "acme.example", day);
                (device < 4 ? learner : other).learn(seen);
                if (device == 3) {
                    other.learn(seen);
                }
                all.learn(seen);
            }
        }
        learner.read(MAIL, other.write(MAIL));
        learner.read(MAIL, other.write(MAIL));

        Known merged = destination("acme.example", 4);
        Known whole = all.snapshot(day(4)).app(APP).find(Trait.DESTINATION, "acme.example", Situation.BACKGROUND);
        assertThat(merged.devices()).isEqualTo(whole.devices()).isEqualTo(6);
        assertThat(merged.days()).isEqualTo(whole.days()).isEqualTo(4);
        assertThat(merged.firstMillis()).isEqualTo(whole.firstMillis());
        assertThat(merged.lastMillis()).isEqualTo(whole.lastMillis());
    }

    /** What one gateway hands to another: evidence and decisions come along, whatever came first. */
    @Test
    void takesInWhatAnotherGatewayKnowsAgainstIt() {
        Learner other = new Learner(SMALL);
        learn("acme.example", 3, 3);
        learn("cdn.example", 2, 3);
        approve(SEVEN, 0);
        other.learn(sighting("d8", "cdn.example", 1));
        other.learn(sighting(flow(APP, "d9", "cdn.example", 443, day(2)), new Build(8, "aa")));
        other.taint(APP, "", "acme.example", Cause.finding("f9"), day(2));
        learner.taint(APP, "", "acme.example", FINDING, day(1));
        other.decide(
                MAIL,
                Set.of("destination/background/cdn.example"),
                new Decision(false, "bob", day(4), "not ours", SEVEN, 0));

        learner.read(MAIL, other.write(MAIL));

        assertThat(learner.view(MAIL, day(4)).orElseThrow().tainted())
                .containsExactly(new Tainted("acme.example", List.of(FINDING, Cause.finding("f9")), day(1), day(2)));
        assertThat(destination("cdn.example", 4).standing()).isEqualTo(Standing.REJECTED);
        assertThat(learner.snapshot(day(4)).app(APP).devices()).isEqualTo(5);
        assertThat(newest()).as("one device's word there is one device's here").isEqualTo(SEVEN);
        appears(new Build(8, "aa"), 2, 4);
        assertThat(newest()).as("with two more it is three's").isEqualTo(new Build(8, "aa"));
    }

    @Test
    void refusesBytesThatAreNotItsOwn() {
        learn("acme.example", 3, 3);
        byte[] good = learner.write(MAIL);
        byte[] other = good.clone();
        other[0] = 9;

        assertThatThrownBy(() -> new Learner(SMALL).read(MAIL, other)).isInstanceOf(IllegalArgumentException.class);
        for (int cut = 0; cut < good.length; cut++) {
            byte[] part = Arrays.copyOf(good, cut);
            assertThatThrownBy(() -> new Learner(SMALL).read(MAIL, part)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tellsWhatMustBeStored() {
        learn("acme.example", 1, 1);
        assertThat(learner.takeChanges().changed()).containsExactlyInAnyOrder(MAIL, Subject.category("mail"));
        assertThat(learner.takeChanges().changed()).isEmpty();
        learn("acme.example", 1, 1);
        assertThat(learner.takeChanges().changed()).hasSize(2);

        learner.forget(day(400));
        assertThat(learner.takeChanges().gone()).containsExactlyInAnyOrder(MAIL, Subject.category("mail"));
    }

    @Test
    void tellsAgainWhatCouldNotBeStored() {
        learn("acme.example", 1, 1);
        Learner.Changes lost = learner.takeChanges();
        learner.putBack(lost);
        assertThat(learner.takeChanges().changed()).containsExactlyInAnyOrderElementsOf(lost.changed());

        learner.forget(day(400));
        learner.putBack(learner.takeChanges());
        assertThat(learner.takeChanges().gone()).containsExactlyInAnyOrder(MAIL, Subject.category("mail"));
    }

    @Test
    void readsTheNamesItWrites() {
        assertThat(Subject.parse("app:com.acme.mail")).contains(MAIL);
        assertThat(Subject.parse("category:mail")).contains(Subject.category("mail"));
        assertThat(Subject.parse("app:")).isEqualTo(Optional.empty());
        assertThat(Subject.parse("com.acme.mail")).isEmpty();
    }
}
