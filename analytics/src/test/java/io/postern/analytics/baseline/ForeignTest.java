package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static io.postern.analytics.baseline.Flows.sighting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What one gateway shares with another. */
class ForeignTest {

    private static final Subject MAIL = Subject.app(APP);
    private static final Set<String> ACME = Set.of("destination/background/acme.example");
    private static final BaselineSettings SETTINGS =
            new BaselineSettings(3, 3, Duration.ofDays(60), Duration.ofDays(60), 64, 64, 1_024);

    private final Learner here = new Learner(SETTINGS);
    private final Learner there = new Learner(SETTINGS);

    private static void learn(Learner learner, String domain, int from, int to) {
        for (int device = from; device < to; device++) {
            for (int day = 0; day < 3; day++) {
                learner.learn(sighting("d" + device, domain, day));
            }
        }
    }

    private static void decide(Learner learner, boolean approved, int day) {
        learner.decide(MAIL, ACME, new Decision(approved, "ann", day(day), "ours", Build.UNKNOWN, 0));
    }

    private Known destination(String domain) {
        return here.snapshot(day(4)).app(APP).find(Trait.DESTINATION, domain, Situation.BACKGROUND);
    }

    private void adopt() {
        here.adopt(MAIL, there.share(MAIL).orElseThrow(), day(4));
    }

    @Test
    void whatIsApprovedThereIsProposedHere() {
        learn(there, "acme.example", 0, 3);
        decide(there, true, 3);
        adopt();
        assertThat(destination("acme.example").standing()).isEqualTo(Standing.PROPOSED);
        assertThat(destination("acme.example").decision()).isEmpty();
    }

    @Test
    void devicesOfBothCountOnceAndWhatIsDecidedHereStays() {
        learn(here, "acme.example", 0, 2);
        learn(there, "acme.example", 1, 3);
        decide(here, false, 1);
        decide(there, true, 3);
        adopt();
        adopt();
        assertThat(destination("acme.example").devices()).isEqualTo(3);
        assertThat(destination("acme.example").standing()).isEqualTo(Standing.REJECTED);
    }

    /** What a version brought is found here, or not: whoever writes the file could say anything. */
    @Test
    void whatAVersionWasFoundToHaveBroughtThereIsNotTaken() {
        Build eight = new Build(8, "aa");
        learn(there, "acme.example", 0, 100);
        learn(here, "acme.example", 0, 100);
        for (int device = 0; device < 20; device++) {
            there.learn(sighting(Flows.flow(APP, "d" + device, "acme.example", 443, day(3)), eight));
        }
        for (int device = 0; device < 4; device++) {
            there.learn(sighting(Flows.flow(APP, "d" + device, "brought.example", 443, day(3)), eight));
        }
        assertThat(there.snapshot(day(3)).app(APP).arrival(eight, "brought.example"))
                .isEqualTo(Arrival.BROUGHT);
        for (int device = 20; device < 100; device++) {
            there.learn(sighting(Flows.flow(APP, "d" + device, "acme.example", 443, day(4)), eight));
        }
        assertThat(there.snapshot(day(4)).app(APP).arrival(eight, "brought.example"))
                .isEqualTo(Arrival.BROUGHT);
        adopt();
        Profile app = here.snapshot(day(4)).app(APP);
        assertThat(app.since(eight)).contains(day(3));
        assertThat(app.arrival(eight, "brought.example")).isEqualTo(Arrival.NONE);
    }

    @Test
    void whatSpeaksAgainstItThereDoesSoHereUntilItWasNotToldForLong() {
        learn(here, "acme.example", 0, 3);
        learn(there, "cdn.example", 0, 3);
        learn(there, "acme.example", 3, 6);
        there.taint(APP, "", "acme.example", Cause.finding("f9"), day(3));
        adopt();
        adopt();
        assertThat(destination("cdn.example").standing()).isEqualTo(Standing.PROPOSED);
        assertThat(destination("acme.example").standing()).isEqualTo(Standing.TAINTED);
        assertThat(here.view(MAIL, day(4)).orElseThrow().tainted())
                .containsExactly(new Tainted("acme.example", List.of(Cause.EVIDENCE), day(3), day(3)));

        here.forget(day(64));
        assertThat(here.view(MAIL, day(64)).stream().flatMap(view -> view.tainted().stream()))
                .isEmpty();
    }

    @Test
    void whatIsOfATimeToComeIsNotTaken() {
        learn(there, "acme.example", 0, 3);
        byte[] shared = there.share(MAIL).orElseThrow();
        assertThatThrownBy(() -> here.adopt(MAIL, shared, day(-3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("time to come");
        assertThat(here.size()).isZero();
        assertThat(here.subjects()).isEmpty();
    }

    /** Whatever it is, it is taken or refused, and detection still has its snapshot. */
    @Test
    void whatIsBrokenIsRefusedOrHarmless() {
        learn(there, "acme.example", 0, 3);
        byte[] shared = there.share(MAIL).orElseThrow();
        for (int cut = 0; cut < shared.length; cut++) {
            byte[] part = Arrays.copyOf(shared, cut);
            assertThatThrownBy(() -> here.adopt(MAIL, part, day(4))).isInstanceOf(IllegalArgumentException.class);
        }
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] odd = shared.clone();
            odd[random.nextInt(odd.length)] = (byte) random.nextInt(256);
            try {
                here.adopt(MAIL, odd, day(4));
            } catch (IllegalArgumentException e) {
                refused++;
            }
            assertThat(here.snapshot(day(4)).devices()).isNotNegative();
        }
        assertThat(refused).isPositive();
        assertThat(here.size()).isLessThanOrEqualTo(64);
    }
}
