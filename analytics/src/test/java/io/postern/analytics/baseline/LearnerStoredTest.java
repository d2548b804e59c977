package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static io.postern.analytics.baseline.Flows.flow;
import static io.postern.analytics.baseline.Flows.sighting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How much is kept, how it is stored, and how what two gateways have learnt becomes one. */
class LearnerStoredTest {

    private final Lessons lessons = new Lessons();
    private final Learner learner = lessons.learner;

    @Test
    void staysBoundedUnderAFloodOfDestinationsAndKeepsWhatManyShow() {
        lessons.learn("acme.example", 5, 3);
        for (int i = 0; i < 20_000; i++) {
            learner.learn(sighting("d0", "flood" + i + ".example", 3));
        }

        assertThat(learner.view(Lessons.MAIL, day(3)).orElseThrow().entries().size())
                .isLessThanOrEqualTo(64);
        assertThat(lessons.destination("acme.example", 3).devices()).isEqualTo(5);
        assertThat(learner.evicted()).isGreaterThan(10_000);
    }

    @Test
    void staysBoundedUnderAFloodOfAppsAndKeepsWhatWasDecided() {
        lessons.learn("acme.example", 3, 3);
        lessons.approve(Lessons.SEVEN, 0);
        for (int i = 0; i < 5_000; i++) {
            learner.learn(sighting(flow("com.flood" + i, "d0", "acme.example", 443, day(4)), Build.UNKNOWN));
        }

        assertThat(learner.subjects().size()).isLessThanOrEqualTo(64);
        assertThat(learner.size()).isLessThanOrEqualTo(1_024);
        assertThat(learner.subjects()).contains(Lessons.MAIL);
        assertThat(lessons.destination("acme.example", 4).standing()).isEqualTo(Standing.APPROVED);
    }

    @Test
    void comesBackAsItWasWritten() {
        lessons.learn("acme.example", 40, 4);
        lessons.approve(Lessons.SEVEN, day(90));
        learner.taint(APP, "mail", "evil.example", Lessons.FINDING, day(3));
        Learner again = new Learner(Lessons.SMALL);
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
        assertThat(again.view(Lessons.MAIL, day(5)).orElseThrow().tainted())
                .containsExactly(new Tainted("evil.example", List.of(Lessons.FINDING), day(3), day(3)));
        assertThat(again.view(Lessons.MAIL, day(5)).orElseThrow().build()).isEqualTo(Lessons.SEVEN);
        again.learn(sighting("d1", "evil.example", 5));
        assertThat(again.snapshot(day(5))
                        .app(APP)
                        .find(Trait.DESTINATION, "evil.example", Situation.BACKGROUND)
                        .standing())
                .isEqualTo(Standing.TAINTED);
    }

    @Test
    void isTheUnionOfWhatTwoGatewaysHaveSeen() {
        Learner all = new Learner(Lessons.SMALL);
        Learner other = new Learner(Lessons.SMALL);
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
        learner.read(Lessons.MAIL, other.write(Lessons.MAIL));
        learner.read(Lessons.MAIL, other.write(Lessons.MAIL));

        Known merged = lessons.destination("acme.example", 4);
        Known whole = all.snapshot(day(4)).app(APP).find(Trait.DESTINATION, "acme.example", Situation.BACKGROUND);
        assertThat(merged.devices()).isEqualTo(whole.devices()).isEqualTo(6);
        assertThat(merged.days()).isEqualTo(whole.days()).isEqualTo(4);
        assertThat(merged.firstMillis()).isEqualTo(whole.firstMillis());
        assertThat(merged.lastMillis()).isEqualTo(whole.lastMillis());
    }

    /** What one gateway hands to another: evidence and decisions come along, whatever came first. */
    @Test
    void takesInWhatAnotherGatewayKnowsAgainstIt() {
        Learner other = new Learner(Lessons.SMALL);
        lessons.learn("acme.example", 3, 3);
        lessons.learn("cdn.example", 2, 3);
        lessons.approve(Lessons.SEVEN, 0);
        other.learn(sighting("d8", "cdn.example", 1));
        other.learn(sighting(flow(APP, "d9", "cdn.example", 443, day(2)), new Build(8, "aa")));
        other.taint(APP, "", "acme.example", Cause.finding("f9"), day(2));
        learner.taint(APP, "", "acme.example", Lessons.FINDING, day(1));
        other.decide(
                Lessons.MAIL,
                Set.of("destination/background/cdn.example"),
                new Decision(false, "bob", day(4), "not ours", Lessons.SEVEN, 0));

        learner.read(Lessons.MAIL, other.write(Lessons.MAIL));

        assertThat(learner.view(Lessons.MAIL, day(4)).orElseThrow().tainted())
                .containsExactly(
                        new Tainted("acme.example", List.of(Lessons.FINDING, Cause.finding("f9")), day(1), day(2)));
        assertThat(lessons.destination("cdn.example", 4).standing()).isEqualTo(Standing.REJECTED);
        assertThat(learner.snapshot(day(4)).app(APP).devices()).isEqualTo(5);
        assertThat(lessons.newest())
                .as("one device's word there is one device's here")
                .isEqualTo(Lessons.SEVEN);
        lessons.appears(new Build(8, "aa"), 2, 4);
        assertThat(lessons.newest()).as("with two more it is three's").isEqualTo(new Build(8, "aa"));
    }

    @Test
    void refusesBytesThatAreNotItsOwn() {
        lessons.learn("acme.example", 3, 3);
        byte[] good = learner.write(Lessons.MAIL);
        byte[] other = good.clone();
        other[0] = 9;

        assertThatThrownBy(() -> new Learner(Lessons.SMALL).read(Lessons.MAIL, other))
                .isInstanceOf(IllegalArgumentException.class);
        for (int cut = 0; cut < good.length; cut++) {
            byte[] part = Arrays.copyOf(good, cut);
            assertThatThrownBy(() -> new Learner(Lessons.SMALL).read(Lessons.MAIL, part))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tellsWhatMustBeStored() {
        lessons.learn("acme.example", 1, 1);
        assertThat(learner.takeChanges().changed()).containsExactlyInAnyOrder(Lessons.MAIL, Subject.category("mail"));
        assertThat(learner.takeChanges().changed()).isEmpty();
        lessons.learn("acme.example", 1, 1);
        assertThat(learner.takeChanges().changed()).hasSize(2);

        learner.forget(day(400));
        assertThat(learner.takeChanges().gone()).containsExactlyInAnyOrder(Lessons.MAIL, Subject.category("mail"));
    }

    @Test
    void tellsAgainWhatCouldNotBeStored() {
        lessons.learn("acme.example", 1, 1);
        Learner.Changes lost = learner.takeChanges();
        learner.putBack(lost);
        assertThat(learner.takeChanges().changed()).containsExactlyInAnyOrderElementsOf(lost.changed());

        learner.forget(day(400));
        learner.putBack(learner.takeChanges());
        assertThat(learner.takeChanges().gone()).containsExactlyInAnyOrder(Lessons.MAIL, Subject.category("mail"));
    }

    @Test
    void readsTheNamesItWrites() {
        assertThat(Subject.parse("app:com.acme.mail")).contains(Lessons.MAIL);
        assertThat(Subject.parse("category:mail")).contains(Subject.category("mail"));
        assertThat(Subject.parse("app:")).isEqualTo(Optional.empty());
        assertThat(Subject.parse("com.acme.mail")).isEmpty();
    }
}
