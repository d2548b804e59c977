package io.postern.analytics.finding;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Keeps findings from the detector's first word to the analyst's last.
 *
 * <pre>
 * CREATE → open ⇄ in progress → closed          by the detector, by an analyst, or for want of any word
 *            ⇅                    │
 *         suppressed  ←───────────┘             by an exception, or by the answer to another that is alike
 * </pre>
 *
 * What is about the same app, destination and analytic is one finding, whatever its detector calls it; words may come twice
 * and out of order. A closed one is never opened again by a detector: a new one, with a uid of its own, refers to it.
 * Bounded by {@link BookSettings#entries}; its clock is what it is told. Not for several threads.
 */
public final class FindingBook {

    private final Ledger ledger;
    private final Hearing hearing;
    private final Answers answers;

    public FindingBook(BookSettings settings, World world) {
        this.ledger = new Ledger(settings, world);
        this.hearing = new Hearing(ledger, settings.refused());
        this.answers = new Answers(ledger, settings);
    }

    /** Told of what is worth telling the world. */
    public interface Reader {
        void told(Kept kept, Change change);

        void told(Campaign campaign, Change change);
    }

    /** How an answer ended. */
    public enum Reviewed {
        DONE,
        ABSENT,
        /** It has changed since whoever answers looked. */
        STALE,
        /** A newer one has taken it up; that one is to be answered. */
        TAKEN_UP
    }

    /**
     * A detector speaks.
     *
     * @param action what is done about it
     * @param baseline version of the baseline it rests on; empty if none
     */
    public void take(Finding word, Verdict.Action action, String baseline, long nowMillis, Reader reader) {
        hearing.take(word, action, baseline, nowMillis, reader);
    }

    /** The gateway has refused what an app wanted of a destination: what is open about them goes on. */
    public void refused(AppKey key, String destination, long nowMillis) {
        hearing.refused(key, destination, nowMillis);
    }

    /**
     * An analyst answers.
     *
     * @param version that was looked at; empty: whatever there is
     */
    public Reviewed review(String uid, Review review, OptionalLong version, long nowMillis, Reader reader) {
        return answers.review(uid, review, version, nowMillis, reader);
    }

    /** These exceptions hold from now on, for what is to come, what is open and what is past. */
    public void excuse(List<Excuse> excuses, long nowMillis, Reader reader) {
        answers.excuse(excuses, nowMillis, reader);
    }

    /**
     * So much of the time that it is told from now on is doubted, for its clock has jumped ahead: nothing ends by that. What
     * was stamped by a clock that was set back since counts from then on, once nothing is doubted any more.
     */
    public void doubt(long millis) {
        ledger.doubt(millis);
    }

    /** So late is it: what has ended ends. Now and then. */
    public void reached(long nowMillis, Reader reader) {
        answers.reached(nowMillis, reader);
    }

    /**
     * Nothing is kept of a device any more. Of its findings the world is told nothing; of a campaign that ends by that, it is.
     *
     * @return its findings
     */
    public int forget(String device, Reader reader) {
        List<Kept> gone = list(kept -> kept.finding().key().device().equals(device), Long.MAX_VALUE, Integer.MAX_VALUE);
        gone.forEach(ledger::remove);
        ledger.silences().forget(device);
        gone.stream().map(Kept::campaign).distinct().forEach(campaign -> ledger.tell(campaign, reader));
        return gone.size();
    }

    /** Takes in what was stored, before anything else. */
    public void restore(Kept kept) {
        ledger.place(kept);
        Optional<Change> known = ledger.campaigns().news(kept.campaign());
        while (known.isPresent()) {
            // What has been told is not told again.
            known = ledger.campaigns().news(kept.campaign());
        }
    }

    /** As {@link #restore(Kept)}. */
    public void restore(Suppression suppression) {
        ledger.silences().put(suppression);
    }

    /** Why nobody need look at such a finding, if so. */
    public Optional<Silence> silence(Finding finding, long nowMillis) {
        return ledger.silence(finding, nowMillis);
    }

    public Optional<Kept> find(String uid) {
        return ledger.shelf().find(uid);
    }

    /**
     * Newest first.
     *
     * @param before only those of a smaller number
     */
    public List<Kept> list(Predicate<Kept> wanted, long before, int most) {
        return ledger.shelf().before(before).filter(wanted).limit(most).toList();
    }

    public List<Campaign> campaigns() {
        return ledger.campaigns().list();
    }

    public Optional<Campaign> campaign(String uid) {
        return ledger.campaigns().find(uid);
    }

    public List<ExcuseUse> excuses(long nowMillis) {
        return ledger.silences().uses(ledger.shelf().all(), ledger.believed(nowMillis));
    }

    public List<Suppression> suppressions() {
        return ledger.silences().suppressions();
    }

    /** The share of an analytic's answered findings that should not have been made; 0 where none is answered. */
    public double falsePositives(String analytic) {
        return ledger.budget().ratio(analytic);
    }

    /** How many of an analytic's findings are answered. */
    public int answered(String analytic) {
        return ledger.budget().answered(analytic);
    }

    /** What must be stored, and what removed. */
    public record Changes(
            Map<String, Optional<Kept>> findings, Map<Suppression.Alike, Optional<Suppression>> suppressions) {}

    /** What has changed since this was asked last. */
    public Changes takeChanges() {
        return new Changes(ledger.shelf().takeChanged(), ledger.silences().takeChanged());
    }

    public int size() {
        return ledger.shelf().size();
    }

    /** Findings and answers that had to go for want of room. */
    public long evicted() {
        return ledger.shelf().evicted() + ledger.silences().evicted();
    }

    /** Words about what was closed or forgotten before they came. */
    public long unplaced() {
        return hearing.unplaced();
    }
}
