package io.postern.analytics.finding;

import io.postern.analytics.Evidence;
import io.postern.analytics.Evidence.Family;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.attack.Words;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A book, what it told, and words for it. */
final class TestingBook {

    static final long T0 = 1_800_000_000_000L;
    static final long HOUR = Duration.ofHours(1).toMillis();
    static final long DAY = Duration.ofDays(1).toMillis();
    static final Evidence CLOCK = new Evidence(Family.CADENCE, "clock", 14, 10.3, 28, true);
    static final Evidence RARE = new Evidence(Family.DESTINATION, "destination-rare-for-app", 0, 2, 25, true);
    static final Evidence OUTSIDE = new Evidence(Family.DESTINATION, "destination-outside-role", 1, 1, 30, true);
    static final Evidence TOLD = new Evidence(Family.TELEMETRY, "crypto-before", 1, 1, 25, true);

    static final World WORLD = new World(
            destination -> destination.substring(
                    destination.indexOf('.', destination.indexOf('.') + 1) < 0 ? 0 : destination.indexOf('.') + 1),
            Words::hard);

    FindingBook book = new FindingBook(BookSettings.DEFAULTS, WORLD);
    final Heard heard = new Heard();

    /** A word about com.acme.app on a device. */
    static final class Word {
        String uid = "f1";
        Activity activity = Activity.UPDATE;
        String analytic = "AN1793";
        String device = "LC01";
        String app = "com.acme.app";
        String destination = "c2.evil.example";
        double score = 75;
        List<Evidence> evidence = List.of(CLOCK, RARE);
        long at = T0;
        long first = T0 - HOUR;
        long checkIns = 10;

        Finding word() {
            return new Finding(
                    uid,
                    activity,
                    analytic,
                    new AppKey(device, "work", app),
                    destination,
                    score,
                    evidence,
                    List.of("lock"),
                    at,
                    first,
                    checkIns,
                    1_000 * checkIns,
                    false,
                    new Finding.Spoken(Protocol.TLS, 8443));
        }
    }

    static Word word(long at, long checkIns) {
        Word word = new Word();
        word.at = at;
        word.checkIns = checkIns;
        return word;
    }

    void take(Word word) {
        take(word, word.at);
    }

    void take(Word word, long now) {
        book.take(word.word(), Action.ALERT, "", now, heard);
    }

    Kept find(String uid) {
        return book.find(uid).orElseThrow();
    }

    FindingBook.Reviewed close(String uid, Conclusion conclusion, long now) {
        return book.review(
                uid,
                new Review(Status.CLOSED, Optional.of(conclusion), "looked at it", "vera", now),
                OptionalLong.empty(),
                now,
                heard);
    }
}
