package io.postern.analytics.finding;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A finding as the book keeps it.
 *
 * @param finding the detector's newest word, by the book's uid
 * @param origin what the detector calls it
 * @param number of its opening: a later one has a greater one
 * @param action the most that is done about it
 * @param baseline version of the baseline it rests on; empty if none
 * @param campaign uid of what it belongs to once others have it too, see {@link Campaign}
 * @param before uid of the closed finding that it takes up again; empty if none
 * @param silence why nobody need look, if so
 * @param story what happened to it, in order; the first and the last steps if they are many
 * @param version goes up by one with every change that somebody can see
 * @param bytesOutAtVerdict device to world, by when the action came to be what it is
 */
public record Kept(
        Finding finding,
        String origin,
        long number,
        Status status,
        Verdict.Action action,
        String baseline,
        String campaign,
        String before,
        Optional<Review> review,
        Optional<Silence> silence,
        Times times,
        List<Step> story,
        long version,
        long bytesOutAtVerdict) {

    public Kept {
        story = List.copyOf(story);
    }

    /** About which nothing was done since the detector's newest word. */
    public Kept(
            Finding finding,
            String origin,
            long number,
            Status status,
            Verdict.Action action,
            String baseline,
            String campaign,
            String before,
            Optional<Review> review,
            Optional<Silence> silence,
            Times times,
            List<Step> story,
            long version) {
        this(
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
                times,
                story,
                version,
                finding.bytesOut());
    }

    /** The same with another word of its detector. */
    public Kept saying(Finding word) {
        return new Kept(
                word,
                origin,
                number,
                status,
                action,
                baseline,
                campaign,
                before,
                review,
                silence,
                times,
                story,
                version,
                bytesOutAtVerdict);
    }

    /**
     * When, Unix time; 0: never.
     *
     * @param toldMillis when something of it was last written down; 0: nobody has heard of it
     * @param wordMillis when its detector last spoke of it
     * @param refusedMillis when the gateway last refused what it is about
     * @param endMillis when its detector said that it is over, though it is kept open
     */
    public record Times(
            long openedMillis,
            long toldMillis,
            long wordMillis,
            long refusedMillis,
            long endMillis,
            long closedMillis) {

        /** The latest of them; when it was opened is what it is. */
        long last() {
            return LongStream.of(toldMillis, wordMillis, refusedMillis, endMillis, closedMillis)
                    .max()
                    .orElseThrow();
        }
    }

    public String uid() {
        return finding.uid();
    }

    /** Whether the next word of its detector is about it. */
    public boolean live() {
        return status != Status.CLOSED;
    }

    /** Whether it counts: nobody has said that it is harmless. */
    public boolean counts() {
        return silence.isEmpty() && review.filter(Review::harmless).isEmpty();
    }
}
