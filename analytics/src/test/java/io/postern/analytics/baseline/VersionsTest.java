package io.postern.analytics.baseline;

import static io.postern.analytics.baseline.Flows.APP;
import static io.postern.analytics.baseline.Flows.day;
import static io.postern.analytics.baseline.Flows.flow;
import static io.postern.analytics.baseline.Flows.sighting;
import static io.postern.analytics.baseline.Lessons.SEVEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Protocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which destinations came with a version of an app that ten devices had before, from day 4 on. */
class VersionsTest {

    private static final Build EIGHT = new Build(8, "aa");
    private static final int DEVICES = 10;
    private static final String NEW = "brought.example";

    private final Lessons lessons = new Lessons();

    @BeforeEach
    void allHaveTheSeventh() {
        lessons.learn("acme.example", DEVICES, 4);
    }

    private void goes(int device, Build build, String domain, int day) {
        lessons.learner.learn(sighting(flow(APP, "d" + device, domain, 443, day(day)), build));
    }

    private void updates(int from, int to, int day) {
        for (int device = from; device < to; device++) {
            goes(device, EIGHT, "acme.example", day);
        }
    }

    private Arrival arrival(Build build, int day) {
        return lessons.learner.snapshot(day(day)).app(APP).arrival(build, NEW);
    }

    private boolean cameWith(Build build, int day) {
        return arrival(build, day) == Arrival.BROUGHT;
    }

    @Test
    void whatMostDevicesOfAVersionDoCameWithIt() {
        updates(0, 6, 4);
        goes(0, EIGHT, NEW, 4);
        goes(1, EIGHT, NEW, 4);
        assertThat(cameWith(EIGHT, 4)).as("two of six").isFalse();
        goes(2, EIGHT, NEW, 4);
        assertThat(cameWith(EIGHT, 4)).as("three of six").isTrue();
        assertThat(cameWith(new Build(9, "aa"), 4)).as("a version after it").isTrue();
        assertThat(cameWith(SEVEN, 4)).as("one before it").isFalse();
        assertThat(cameWith(new Build(8, "bb"), 4)).as("another signer's").isFalse();
        assertThat(cameWith(new Build(8, ""), 4)).as("nobody tells the signer").isFalse();
        assertThat(cameWith(new Build(-1, "aa"), 4))
                .as("nobody tells the version")
                .isFalse();
        assertThat(cameWith(Build.UNKNOWN, 4)).as("nobody tells").isFalse();
        Profile app = lessons.learner.snapshot(day(4)).app(APP);
        assertThat(app.arrival(EIGHT, Protocol.TLS, 443))
                .as("a port from before")
                .isEqualTo(Arrival.NONE);
    }

    @Test
    void portsCameWithItToo() {
        updates(0, 4, 4);
        for (int device = 0; device < 3; device++) {
            lessons.learner.learn(sighting(flow(APP, "d" + device, "acme.example", 8443, day(5)), EIGHT));
        }
        Profile app = lessons.learner.snapshot(day(6)).app(APP);
        assertThat(app.arrival(EIGHT, Protocol.TLS, 8443)).isEqualTo(Arrival.BROUGHT);
        assertThat(app.arrival(EIGHT, Protocol.TLS, 9443)).isEqualTo(Arrival.NONE);
        assertThat(app.arrival(SEVEN, Protocol.TLS, 8443)).isEqualTo(Arrival.NONE);
    }

    @ParameterizedTest
    @CsvSource({"7, '', 8, ''", "7, aa, 8, ''", "7, '', 8, aa", "-1, aa, 8, aa", "7, bb, 8, aa"})
    void whoseSignerOrVersionNobodyToldBroughtNothing(long before, String signer, long after, String other) {
        Lessons fresh = new Lessons();
        Build since = new Build(after, other);
        for (int device = 0; device < DEVICES; device++) {
            Build had = new Build(before, signer);
            fresh.learner.learn(sighting(flow(APP, "d" + device, "acme.example", 443, day(0)), had));
            fresh.learner.learn(sighting(flow(APP, "d" + device, NEW, 443, day(4)), since));
        }
        assertThat(fresh.learner.snapshot(day(5)).app(APP).arrival(since, NEW)).isEqualTo(Arrival.NONE);
    }

    /** Whoever has it since then was left behind, or has an inventory that lies. */
    @Test
    void nothingComesWithAVersionAfterANewerOne() {
        Build nine = new Build(9, "aa");
        for (int device = 0; device < DEVICES; device++) {
            goes(device, nine, "acme.example", 3);
        }
        for (int device = 0; device < 3; device++) {
            goes(device, EIGHT, NEW, 5);
        }
        assertThat(arrival(EIGHT, 5)).isEqualTo(Arrival.NONE);
        assertThat(arrival(EIGHT, 6)).isEqualTo(Arrival.NONE);
    }

    /** An inventory that is connected tells of all versions within hours, in any order. */
    @Test
    void versionsToldTheSameDayAreNotNew() {
        Lessons fresh = new Lessons();
        for (int device = 0; device < DEVICES; device++) {
            Build build = device < 5 ? SEVEN : EIGHT;
            fresh.learner.learn(sighting(flow(APP, "d" + device, NEW, 443, day(0) + device * 60_000L), build));
        }
        assertThat(fresh.learner.snapshot(day(1)).app(APP).arrival(EIGHT, NEW)).isEqualTo(Arrival.NONE);
    }

    @Test
    void whatWasFoundOfItsFirstDevicesIsNotHeldAgainstTheOthers() {
        updates(0, 4, 4);
        goes(0, EIGHT, NEW, 4);
        lessons.learner.taint(APP, "mail", NEW, Lessons.FINDING, day(4));
        goes(1, EIGHT, NEW, 4);
        goes(2, EIGHT, NEW, 5);
        assertThat(lessons.destination(NEW, 5).standing()).isEqualTo(Standing.TAINTED);
        assertThat(cameWith(EIGHT, 5)).isTrue();
    }

    /** A new server of the same domain, on a port of its own: the port counts although evidence speaks of the domain. */
    @Test
    void thePortOfATaintedDestinationIsCounted() {
        updates(0, 4, 4);
        lessons.learner.taint(APP, "mail", "acme.example", Lessons.FINDING, day(5));
        for (int device = 0; device < 3; device++) {
            lessons.learner.learn(sighting(flow(APP, "d" + device, "acme.example", 8443, day(5)), EIGHT));
        }
        Profile app = lessons.learner.snapshot(day(6)).app(APP);
        assertThat(app.port(Protocol.TLS, 8443, Situation.BACKGROUND).standing())
                .isEqualTo(Standing.TAINTED);
        assertThat(app.arrival(EIGHT, Protocol.TLS, 8443)).isEqualTo(Arrival.BROUGHT);
    }

    /** Those that have just got the version have shown nothing of it. */
    @Test
    void devicesCountFromTheDayAfterTheirUpdate() {
        updates(0, 3, 4);
        for (int device = 0; device < 3; device++) {
            goes(device, EIGHT, NEW, 4);
        }
        assertThat(cameWith(EIGHT, 5)).isTrue();
        updates(3, DEVICES, 5);
        assertThat(cameWith(EIGHT, 5)).as("three of three").isTrue();
        assertThat(cameWith(EIGHT, 6)).as("three of ten").isFalse();
    }

    @Test
    void whatSomeDevicesOfTheVersionDoDidNotComeWithIt() {
        updates(0, DEVICES, 4);
        for (int device = 0; device < 4; device++) {
            goes(device, EIGHT, NEW, 5);
        }
        assertThat(cameWith(EIGHT, 8)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatWasThereBeforeTheVersionDidNotComeWithIt(int seenOn) {
        goes(9, SEVEN, NEW, seenOn);
        updates(0, DEVICES, 4);
        for (int device = 0; device < DEVICES; device++) {
            goes(device, EIGHT, NEW, 5);
        }
        assertThat(cameWith(EIGHT, 6)).isFalse();
    }

    @Test
    void nothingCameWithTheFirstVersionKnown() {
        for (int device = 0; device < DEVICES; device++) {
            goes(device, SEVEN, NEW, 4);
        }
        assertThat(cameWith(SEVEN, 5)).isFalse();
    }

    /** A hundred devices, twenty of which have the version: three that do it are a chance of 1 in 125, four of 1 in 625. */
    @Test
    void whatOnlyDevicesOfTheVersionDoCameWithItThoughFewOfThemDo() {
        lessons.learn("acme.example", 100, 4);
        updates(0, 20, 4);
        for (int device = 0; device < 3; device++) {
            goes(device, EIGHT, NEW, 5);
        }
        assertThat(cameWith(EIGHT, 5)).as("three of twenty").isFalse();
        goes(3, EIGHT, NEW, 5);
        assertThat(cameWith(EIGHT, 5)).as("four of twenty").isTrue();

        updates(20, 100, 6);
        assertThat(cameWith(EIGHT, 8)).as("known from before").isTrue();
        Lessons restarted = new Lessons();
        restarted.learner.read(Lessons.MAIL, lessons.learner.write(Lessons.MAIL));
        assertThat(restarted.learner.snapshot(day(8)).app(APP).arrival(EIGHT, NEW))
                .as("after a restart")
                .isEqualTo(Arrival.BROUGHT);
        assertThat(restarted.learner.snapshot(day(8)).app(APP).arrival(EIGHT, "other.example"))
                .isEqualTo(Arrival.NONE);
    }

    /** That most do it is no less of a proof. */
    @Test
    void whatMostOfItsFirstDevicesDidIsRememberedToo() {
        lessons.learn("acme.example", 100, 4);
        updates(0, 20, 4);
        for (int device = 0; device < 12; device++) {
            goes(device, EIGHT, NEW, 5);
        }
        assertThat(cameWith(EIGHT, 5)).as("twelve of twenty").isTrue();
        updates(20, 100, 6);
        assertThat(cameWith(EIGHT, 8)).as("twelve of a hundred").isTrue();
    }

    /** What is found when detection asks is stored though no flow came since. */
    @Test
    void whatIsFoundIsStored() {
        lessons.learn("acme.example", 100, 4);
        updates(0, 20, 4);
        for (int device = 0; device < 4; device++) {
            goes(device, EIGHT, NEW, 5);
        }
        lessons.learner.takeChanges();
        assertThat(cameWith(EIGHT, 5)).isTrue();
        assertThat(lessons.learner.takeChanges().changed()).contains(Lessons.MAIL);
        assertThat(cameWith(EIGHT, 5)).isTrue();
        assertThat(lessons.learner.takeChanges().changed()).as("once").isEmpty();
    }

    /** Devices that were gone before the version came cannot have it, and are no sign that it is let out by stages. */
    @Test
    void devicesThatAreGoneTellNothingOfTheOthers() {
        Lessons fresh = new Lessons();
        for (int device = 0; device < 200; device++) {
            Build had = device < 100 ? new Build(6, "aa") : SEVEN;
            fresh.learner.learn(
                    sighting(flow(APP, "d" + device, "acme.example", 443, day(device < 100 ? 0 : 20)), had));
        }
        for (int device = 100; device < 200; device++) {
            fresh.learner.learn(sighting(flow(APP, "d" + device, "acme.example", 443, day(22)), EIGHT));
        }
        for (int device = 100; device < 131; device++) {
            fresh.learner.learn(sighting(flow(APP, "d" + device, NEW, 443, day(24)), EIGHT));
        }
        assertThat(fresh.learner.snapshot(day(24)).app(APP).arrival(EIGHT, NEW)).isEqualTo(Arrival.NONE);
    }

    /** Of a hundred devices five have it: two of them are a chance of 1 in 400, and may still be one attacker's. */
    @Test
    void twoDevicesAreTooFewHoweverRareTheVersionIs() {
        lessons.learn("acme.example", 100, 4);
        updates(0, 5, 4);
        goes(0, EIGHT, NEW, 5);
        goes(1, EIGHT, NEW, 5);
        assertThat(cameWith(EIGHT, 6)).isFalse();
        goes(2, EIGHT, NEW, 6);
        assertThat(cameWith(EIGHT, 6)).isTrue();
    }

    /** Who has not updated for weeks has a reason, and is no measure of the others. */
    @Test
    void whatBeginsWeeksAfterTheVersionCameDidNotComeWithIt() {
        lessons.learn("acme.example", 100, 4);
        updates(0, 20, 4);
        for (int device = 0; device < 9; device++) {
            goes(device, EIGHT, NEW, 19);
        }
        assertThat(cameWith(EIGHT, 19)).isFalse();
    }

    @Test
    void whatDevicesOfOlderVersionsDoTooDidNotComeWithIt() {
        lessons.learn("acme.example", 100, 4);
        updates(0, 20, 4);
        for (int device = 17; device < 21; device++) {
            goes(device, device < 20 ? EIGHT : SEVEN, NEW, 5);
        }
        assertThat(cameWith(EIGHT, 5)).as("three of four").isFalse();
        goes(14, EIGHT, NEW, 5);
        goes(15, EIGHT, NEW, 5);
        goes(16, EIGHT, NEW, 5);
        assertThat(cameWith(EIGHT, 5))
                .as("six of seven: an inventory may be late")
                .isTrue();
        for (int device = 21; device < 30; device++) {
            goes(device, SEVEN, NEW, 6);
        }
        assertThat(cameWith(EIGHT, 6)).as("it spreads").isFalse();
    }

    /** Once all have it, who does something has it anyhow. */
    @Test
    void whatBeginsWhenAllHaveTheVersionDidNotComeWithIt() {
        lessons.learn("acme.example", 100, 4);
        updates(0, 100, 4);
        for (int device = 0; device < 20; device++) {
            goes(device, EIGHT, NEW, 6);
        }
        assertThat(cameWith(EIGHT, 6)).isFalse();
    }

    /** Of one or two devices nobody can tell a version's habit from an implant's: for three days, and of what is new since then. */
    @Test
    void theFirstDevicesOfAVersionMayDoWhatItBrings() {
        updates(0, 2, 4);
        assertThat(arrival(EIGHT, 4)).isEqualTo(Arrival.EARLY);
        assertThat(arrival(EIGHT, 7)).isEqualTo(Arrival.EARLY);
        assertThat(arrival(EIGHT, 8)).as("after that it is theirs alone").isEqualTo(Arrival.NONE);
    }

    /** Loops ask one that was made while more is learnt. */
    @Test
    void aProfileSaysTheSameForEver() {
        updates(0, 1, 5);
        Profile made = lessons.learner.snapshot(day(8)).app(APP);
        assertThat(made.arrival(EIGHT, NEW)).isEqualTo(Arrival.EARLY);
        updates(1, 2, 4);
        assertThat(made.arrival(EIGHT, NEW)).isEqualTo(Arrival.EARLY);
        assertThat(arrival(EIGHT, 8)).as("it was about before").isEqualTo(Arrival.NONE);
    }

    /** As soon as others have it: a stage of a store reaches thousands within the day. */
    @Test
    void theyAreNotTheFirstAnyMoreOnceOthersHaveIt() {
        updates(0, 2, 4);
        assertThat(arrival(EIGHT, 5)).isEqualTo(Arrival.EARLY);
        updates(2, 3, 5);
        assertThat(arrival(EIGHT, 5)).as("the same day").isEqualTo(Arrival.NONE);
        assertThat(arrival(EIGHT, 6)).isEqualTo(Arrival.NONE);
    }

    @Test
    void whatWasThereBeforeIsNotExcusedOnTheFirstDeviceEither() {
        goes(9, SEVEN, NEW, 1);
        updates(0, 1, 4);
        assertThat(arrival(EIGHT, 4)).isEqualTo(Arrival.NONE);
    }
}
