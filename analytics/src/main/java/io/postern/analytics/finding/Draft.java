package io.postern.analytics.finding;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A finding while it is changed. */
final class Draft {

    /** Steps kept of a story: the beginning and what came last. */
    static final int STORY = 24;

    private static final int BEGINNING = 6;

    private final String origin;
    private final long number;
    private final long openedMillis;
    private final String campaign;
    private final String before;
    private final long version;

    Finding finding;
    Status status;
    Verdict.Action action;
    long bytesOutAtVerdict;
    String baseline;
    Optional<Review> review;
    Optional<Silence> silence;
    long toldMillis;
    long wordMillis;
    long refusedMillis;
    long endMillis;
    long closedMillis;
    private final List<Step> story;

    Draft(Kept kept) {
        origin = kept.origin();
        number = kept.number();
        openedMillis = kept.times().openedMillis();
        campaign = kept.campaign();
        before = kept.before();
        version = kept.version();
        finding = kept.finding();
        status = kept.status();
        action = kept.action();
        bytesOutAtVerdict = kept.bytesOutAtVerdict();
        baseline = kept.baseline();
        review = kept.review();
        silence = kept.silence();
        toldMillis = kept.times().toldMillis();
        wordMillis = kept.times().wordMillis();
        refusedMillis = kept.times().refusedMillis();
        endMillis = kept.times().endMillis();
        closedMillis = kept.times().closedMillis();
        story = new ArrayList<>(kept.story());
    }

    void step(long atMillis, Step.Kind kind, String by, String text) {
        story.add(new Step(atMillis, kind, finding.score(), by, text));
        if (story.size() > STORY) {
            story.remove(BEGINNING);
        }
    }

    /** Nothing has been at a later time. */
    Draft notAfter(long millis) {
        toldMillis = Math.min(toldMillis, millis);
        wordMillis = Math.min(wordMillis, millis);
        refusedMillis = Math.min(refusedMillis, millis);
        endMillis = Math.min(endMillis, millis);
        closedMillis = Math.min(closedMillis, millis);
        return this;
    }

    Kept done() {
        return done(version + 1);
    }

    /** A change that nobody can see. */
    Kept same() {
        return done(version);
    }

    private Kept done(long next) {
        return new Kept(
                finding,
                origin,
                number,
                status,
                action,
                baseline,
                campaign,
                before,
                review,
                silence,
                new Kept.Times(openedMillis, toldMillis, wordMillis, refusedMillis, endMillis, closedMillis),
                story,
                next,
                bytesOutAtVerdict);
    }
}
