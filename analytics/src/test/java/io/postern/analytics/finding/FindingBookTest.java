package io.postern.analytics.finding;

import static io.postern.analytics.finding.TestingBook.CLOCK;
import static io.postern.analytics.finding.TestingBook.DAY;
import static io.postern.analytics.finding.TestingBook.HOUR;
import static io.postern.analytics.finding.TestingBook.RARE;
import static io.postern.analytics.finding.TestingBook.T0;
import static io.postern.analytics.finding.TestingBook.TOLD;
import static io.postern.analytics.finding.TestingBook.WORLD;
import static io.postern.analytics.finding.TestingBook.word;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.finding.TestingBook.Word;
import io.postern.analytics.flow.AppKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingBookTest {

    private final TestingBook it = new TestingBook();

    @Test
    void theSameWordTwiceIsOneFindingAndToldOnce() {
        it.take(word(T0, 10));
        it.take(word(T0, 10));
        Word otherName = word(T0 + 1_000, 11);
        otherName.uid = "after-a-restart";
        it.take(otherName);

        assertThat(it.heard.take()).containsExactly("create f1");
        assertThat(it.book.size()).isEqualTo(1);
        assertThat(it.find("f1").finding().checkIns()).isEqualTo(11);
    }

    @Test
    void aUidThatIsLongOrOddGetsAPlainOneThatStaysTheSame() {
        Word odd = word(T0, 10);
        odd.uid = "rita/LC01/work/com.acme.app/c2.evil.example";
        it.take(odd);
        String uid = it.heard.kept.get(0).uid();
        FindingBook another = new FindingBook(BookSettings.DEFAULTS, WORLD);
        another.take(odd.word(), Action.ALERT, "", T0, it.heard);

        assertThat(uid).matches("f-[0-9a-f]{16}");
        assertThat(it.heard.kept.get(1).uid()).isEqualTo(uid);
        assertThat(it.heard.kept.get(0).origin()).isEqualTo(odd.uid);
    }

    @Test
    void whatIsNewIsToldAndWhatOnlyGoesOnIsToldByTheHour() {
        it.take(word(T0, 10));
        it.take(word(T0 + 60_000, 11));
        assertThat(it.heard.take()).containsExactly("create f1");

        Word worse = word(T0 + 120_000, 12);
        worse.score = 92;
        it.take(worse);
        assertThat(it.heard.take()).containsExactly("update f1");
        Word more = word(T0 + 180_000, 13);
        more.score = 92;
        more.evidence = List.of(CLOCK, RARE, TOLD);
        it.take(more);
        assertThat(it.heard.take()).containsExactly("update f1");
        more.at = T0 + 240_000;
        it.take(more);
        assertThat(it.heard.take()).isEmpty();
        more.at += HOUR;
        it.take(more);
        assertThat(it.heard.take()).containsExactly("update f1");
        assertThat(it.find("f1").story())
                .extracting(step -> step.kind().label() + ": " + step.text())
                .containsExactly("opened: ", "severity: HIGH to CRITICAL", "evidence: for: crypto-before");
    }

    @Test
    void anEarlierWordThatComesLateChangesNoEvidence() {
        it.take(word(T0 + HOUR, 20));
        Word late = word(T0, 10);
        late.score = 99;
        late.first = T0 - DAY;
        it.take(late, T0 + HOUR + 1);

        assertThat(it.heard.take()).containsExactly("create f1");
        assertThat(it.find("f1").finding().score()).isEqualTo(75);
        assertThat(it.find("f1").finding().firstMillis()).isEqualTo(T0 - DAY);
    }

    /** A late fact judges anew what is no later: the same check-ins, another score. */
    @Test
    void aLateFactTakesAScoreDown() {
        it.take(word(T0 + HOUR, 20));
        Word rejudged = word(T0, 20);
        rejudged.score = 30;
        it.take(rejudged, T0 + 2 * HOUR);

        assertThat(it.heard.take()).containsExactly("create f1", "update f1");
        assertThat(it.find("f1").finding().score()).isEqualTo(30);
    }

    @Test
    void wordsOfWhatIsNotThereOpenNothing() {
        Word over = word(T0, 10);
        over.activity = Activity.CLOSE;
        it.take(over);

        assertThat(it.heard.take()).isEmpty();
        assertThat(it.book.size()).isZero();
        assertThat(it.book.unplaced()).isEqualTo(1);
    }

    @Test
    void whatWasClosedIsTakenUpByANewOne() {
        it.take(word(T0, 10));
        Word over = word(T0 + HOUR, 10);
        over.activity = Activity.CLOSE;
        it.take(over);
        it.take(word(T0, 9), T0 + HOUR + 1);
        assertThat(it.heard.take()).as("a word from before the close").containsExactly("create f1", "close f1");

        it.take(word(T0 + 2 * HOUR, 12));
        assertThat(it.heard.take()).containsExactly("reopen f1.2");
        assertThat(it.find("f1.2").before()).isEqualTo("f1");
        assertThat(it.find("f1").status()).isEqualTo(Status.CLOSED);
        assertThat(it.book.list(kept -> true, Long.MAX_VALUE, 9))
                .extracting(Kept::uid)
                .containsExactly("f1.2", "f1");
    }

    @Test
    void whatTheGatewayRefusesStaysOpenWhileItGoesOn() {
        it.take(word(T0, 10));
        it.heard.take();
        it.book.refused(new AppKey("LC01", "work", "com.acme.app"), "c2.evil.example", T0 + HOUR);
        Word over = word(T0 + 2 * HOUR, 10);
        over.activity = Activity.CLOSE;
        it.take(over);
        it.book.reached(T0 + 3 * HOUR, it.heard);
        assertThat(it.heard.take()).isEmpty();
        assertThat(it.find("f1").status()).isEqualTo(Status.OPEN);
        it.book.refused(new AppKey("LC01", "work", "com.acme.app"), "c2.evil.example", T0 + 20 * HOUR);
        it.book.reached(T0 + 30 * HOUR, it.heard);
        assertThat(it.heard.take()).isEmpty();

        it.book.reached(T0 + 44 * HOUR, it.heard);
        assertThat(it.heard.take()).containsExactly("close f1");
    }

    @Test
    void withoutAnyWordItIsClosedAfterLongAndThenForgotten() {
        it.take(word(T0, 10));
        it.book.reached(T0 + 13 * DAY, it.heard);
        assertThat(it.heard.take()).containsExactly("create f1");
        it.book.reached(T0 + 14 * DAY, it.heard);
        assertThat(it.heard.take()).containsExactly("close f1");
        it.book.reached(T0 + 103 * DAY, it.heard);
        assertThat(it.book.size()).isEqualTo(1);
        it.book.reached(T0 + 104 * DAY, it.heard);
        assertThat(it.book.size()).isZero();
    }

    @Test
    void refusingOneHostKeepsWhatIsOpenAboutAllOfItsDomain() {
        Word word = word(T0, 10);
        word.destination = "*.evil.example";
        it.take(word);
        it.heard.take();
        it.book.refused(new AppKey("LC01", "work", "com.acme.app"), "c2.evil.example", T0 + HOUR);
        word.activity = Activity.CLOSE;
        it.take(word, T0 + 2 * HOUR);
        assertThat(it.heard.take()).isEmpty();
    }

    @Test
    void aFloodPushesOutWhatWasClosedLongestAgoFirst() {
        it.book = new FindingBook(
                new BookSettings(
                        64, Duration.ofDays(90), Duration.ofDays(90), Duration.ofDays(14), Duration.ofDays(1), 3),
                WORLD);
        for (int i = 0; i < 64; i++) {
            Word word = word(T0 + i, 10);
            word.uid = "f" + i;
            word.destination = "d" + i + ".example";
            word.score = i == 40 ? 30 : 75;
            it.take(word);
            if (i == 9 || i == 5) {
                word.activity = Activity.CLOSE;
                it.take(word, T0 + 100 - i);
            }
        }
        for (int i = 64; i < 67; i++) {
            Word word = word(T0 + 1_000 + i, 10);
            word.uid = "f" + i;
            word.destination = "d" + i + ".example";
            it.take(word);
        }

        assertThat(it.book.size()).isEqualTo(64);
        assertThat(it.book.evicted()).isEqualTo(3);
        assertThat(List.of("f9", "f5", "f40"))
                .allSatisfy(gone -> assertThat(it.book.find(gone)).isEmpty());
        assertThat(it.book.takeChanges().findings().get("f9")).isEmpty();
    }

    @Test
    void aFloodOfOneDevicePushesOutItsOwnAndTellsTheirEnd() {
        it.book = new FindingBook(
                new BookSettings(
                        8, Duration.ofDays(90), Duration.ofDays(90), Duration.ofDays(14), Duration.ofDays(1), 3),
                WORLD);
        for (int i = 0; i < 2; i++) {
            Word word = word(T0 + i, 10);
            word.uid = "other" + i;
            word.device = "LC02";
            word.score = 30;
            word.destination = "o" + i + ".example";
            it.take(word);
            if (i == 0) {
                word.activity = Activity.CLOSE;
                it.take(word);
            }
        }
        for (int i = 0; i < 6; i++) {
            Word word = word(T0 + 100 + i, 10);
            word.uid = "f" + i;
            word.destination = "d" + i + ".example";
            it.take(word);
        }
        Word closed = word(T0 + 200, 10);
        closed.destination = "d3.example";
        closed.activity = Activity.CLOSE;
        it.take(closed);
        it.heard.take();
        for (int i = 6; i < 8; i++) {
            Word word = word(T0 + 1_000 + i, 10);
            word.uid = "f" + i;
            word.destination = "d" + i + ".example";
            it.take(word);
        }

        assertThat(it.heard.take())
                .as("what is closed has been told")
                .containsExactly("create f6", "create f7", "close f0");
        Kept gone = it.heard.kept.get(it.heard.kept.size() - 1);
        assertThat(gone.status()).isEqualTo(Status.CLOSED);
        assertThat(gone.story().get(gone.story().size() - 1).text()).isEqualTo("there was no room for it");
        assertThat(it.book.list(kept -> true, Long.MAX_VALUE, 99))
                .extracting(Kept::uid)
                .containsExactly("f7", "f6", "f5", "f4", "f2", "f1", "other1", "other0");
    }

    @Test
    void aStoryOfManyStepsKeepsItsBeginningAndItsEnd() {
        for (int i = 0; i < 100; i++) {
            Word word = word(T0 + i, 10 + i);
            word.score = i % 2 == 0 ? 30 : 95;
            it.take(word);
        }
        List<Step> story = it.find("f1").story();
        assertThat(story).hasSize(Draft.STORY);
        assertThat(story.get(0).kind()).isEqualTo(Step.Kind.OPENED);
        assertThat(story.get(story.size() - 1).atMillis()).isEqualTo(T0 + 99);
    }

    @Test
    void whatIsStoredComesBackAsItWasAndTellsNothing() {
        for (int device = 1; device <= 4; device++) {
            Word word = word(T0, 10);
            word.uid = "f" + device;
            word.device = "LC" + device;
            it.take(word);
        }
        Word other = word(T0, 10);
        other.uid = "o1";
        other.destination = "other.example";
        it.take(other);
        it.close("o1", Conclusion.BENIGN, T0 + 1);
        it.heard.take();
        FindingBook.Changes changes = it.book.takeChanges();
        FindingBook again = new FindingBook(BookSettings.DEFAULTS, WORLD);
        changes.findings().values().stream()
                .flatMap(Optional::stream)
                .map(kept -> FindingBytes.kept(FindingBytes.write(kept)))
                .forEach(again::restore);
        changes.suppressions().values().stream()
                .flatMap(Optional::stream)
                .map(one -> FindingBytes.suppression(FindingBytes.write(one)))
                .forEach(again::restore);

        assertThat(again.list(kept -> true, Long.MAX_VALUE, 99))
                .isEqualTo(it.book.list(kept -> true, Long.MAX_VALUE, 99));
        assertThat(again.suppressions()).isEqualTo(it.book.suppressions());
        assertThat(again.campaigns()).isEqualTo(it.book.campaigns());
        Word next = word(T0 + HOUR, 11);
        next.uid = "f5";
        next.device = "LC5";
        again.take(next.word(), Action.ALERT, "", T0 + HOUR, it.heard);
        other.at = T0 + HOUR;
        other.checkIns = 12;
        again.take(other.word(), Action.ALERT, "", T0 + HOUR, it.heard);
        assertThat(it.heard.take()).as("the campaign is not told again").containsExactly("create f5");
    }

    @Test
    void bytesThatAreCutOrOfAnotherVersionAreRefused() {
        it.take(word(T0, 10));
        byte[] bytes = FindingBytes.write(it.find("f1"));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> FindingBytes.kept(cut)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Version 1 ended before what had gone out by the verdict: what had gone out by the last word stands for it. */
    @Test
    void whatVersionOneStoredIsRead() {
        it.take(word(T0, 10));
        Kept kept = it.find("f1");
        byte[] now = FindingBytes.write(kept);
        byte[] then = java.util.Arrays.copyOf(now, now.length - Long.BYTES);
        then[0] = 1;
        Kept read = FindingBytes.kept(then);
        assertThat(read).isEqualTo(kept);
        assertThat(read.bytesOutAtVerdict()).isEqualTo(kept.finding().bytesOut());
    }

    /** What goes out afterwards is no measure of how early something was done. */
    @Test
    void whatHadGoneOutByTheVerdictStaysWhatItWas() {
        FindingBook book = it.book;
        it.take(word(T0, 10));
        it.take(word(T0 + HOUR, 20));
        assertThat(it.find("f1").bytesOutAtVerdict()).isEqualTo(10_000);
        book.take(word(T0 + 2 * HOUR, 30).word(), Action.BLOCK, "", T0 + 2 * HOUR, it.heard);
        it.take(word(T0 + 3 * HOUR, 40));

        assertThat(it.find("f1").bytesOutAtVerdict()).isEqualTo(30_000);
        assertThat(it.find("f1").finding().bytesOut()).isEqualTo(40_000);
        assertThat(FindingBytes.kept(FindingBytes.write(it.find("f1")))).isEqualTo(it.find("f1"));
    }
}
