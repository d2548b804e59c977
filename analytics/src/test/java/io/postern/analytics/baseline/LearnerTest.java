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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LearnerTest {

    private static final Subject MAIL = Subject.app(APP);
    private static final Build SEVEN = new Build(7, "aa");
    private static final BaselineSettings SMALL = new BaselineSettings(3, 3, Duration.ofDays(60), 64, 64, 1_024);

    private final Learner learner = new Learner(SMALL);

    private void learn(String domain, int devices, int days) {
        for (int device = 0; device < devices; device++) {
            for (int day = 0; day < days; day++) {
                learner.learn(sighting("d" + device, domain, day));
            }
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
        learner.taint(APP, "mail", "evil.example");
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
        learner.taint(APP, "mail", "acme.example");
        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.TAINTED);

        learner.clear(APP, "mail", "acme.example");

        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.PROPOSED);
    }

    @Test
    void proposesNothingOfAnAppWithMoreSuspectDestinationsThanItCanRemember() {
        learn("acme.example", 3, 3);
        for (int i = 0; i <= Learnt.MOST_TAINTED; i++) {
            learner.taint(APP, "", "evil" + i + ".example");
        }

        assertThat(learner.view(MAIL, day(3)).orElseThrow().entries())
                .isNotEmpty()
                .allMatch(known -> known.standing() == Standing.TAINTED);
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
        learner.learn(sighting(flow(APP, "d0", "acme.example", 443, day(4)), eight));
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
        learner.taint(APP, "mail", "acme.example");

        assertThat(destination("acme.example", 3).standing()).isEqualTo(Standing.APPROVED);
        learner.learn(sighting(flow(APP, "d0", "other.example", 443, day(4)), new Build(8, "aa")));
        assertThat(destination("acme.example", 4).standing()).isEqualTo(Standing.TAINTED);
    }

    @Test
    void asksAgainForAnotherSigner() {
        learn("acme.example", 3, 3);
        approve(SEVEN, 0);

        learner.learn(sighting(flow(APP, "d0", "acme.example", 443, day(4)), new Build(7, "bb")));

        assertThat(destination("acme.example", 4).standing()).isEqualTo(Standing.PROVISIONAL);
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
        learner.taint(APP, "mail", "evil.example");
        Learner again = new Learner(SMALL);
        learner.subjects().forEach(subject -> again.read(subject, learner.write(subject)));

        assertThat(again.subjects()).isEqualTo(learner.subjects());
        assertThat(again.size()).isEqualTo(learner.size());
        for (Subject subject : learner.subjects()) {
            assertThat(again.view(subject, day(5))).isEqualTo(learner.view(subject, day(5)));
        }
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
    void readsTheNamesItWrites() {
        assertThat(Subject.parse("app:com.acme.mail")).contains(MAIL);
        assertThat(Subject.parse("category:mail")).contains(Subject.category("mail"));
        assertThat(Subject.parse("app:")).isEqualTo(Optional.empty());
        assertThat(Subject.parse("com.acme.mail")).isEmpty();
    }
}
