package io.postern.analytics.finding;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** What becomes of findings by what people say of them, and by the time that passes. */
final class Answers {

    private final Ledger ledger;
    private final BookSettings settings;

    Answers(Ledger ledger, BookSettings settings) {
        this.ledger = ledger;
        this.settings = settings;
    }

    /**
     * An analyst answers.
     *
     * @param version that was looked at; empty: whatever there is
     */
    FindingBook.Reviewed review(
            String uid, Review review, OptionalLong version, long nowMillis, FindingBook.Reader reader) {
        Optional<Kept> found = ledger.shelf().find(uid);
        if (found.isEmpty()) {
            return FindingBook.Reviewed.ABSENT;
        }
        Kept kept = found.get();
        if (version.isPresent() && version.getAsLong() != kept.version()) {
            return FindingBook.Reviewed.STALE;
        }
        boolean again = !kept.live() && review.status() != Status.CLOSED;
        if (again
                && ledger.shelf()
                        .newest(kept.finding())
                        .filter(newest -> newest.number() != kept.number())
                        .isPresent()) {
            return FindingBook.Reviewed.TAKEN_UP;
        }
        ledger.silences().withdraw(kept.finding(), review);
        if (review.harmless()) {
            ledger.silences()
                    .add(kept.finding(), review, nowMillis + settings.suppress().toMillis());
        }
        Draft draft = new Draft(kept);
        draft.review = Optional.of(review);
        // An exception that holds goes on holding for what somebody opens.
        draft.silence = review.status() == Status.CLOSED ? Optional.empty() : ledger.silence(kept.finding(), nowMillis);
        draft.status = draft.silence.isPresent() ? Status.SUPPRESSED : review.status();
        draft.closedMillis = review.status() == Status.CLOSED ? nowMillis : 0;
        draft.step(
                nowMillis,
                Step.Kind.REVIEWED,
                review.by(),
                review.conclusion()
                                .map(Conclusion::label)
                                .orElse(review.status().label()) + ": " + review.reason());
        ledger.tell(draft, review.status() == Status.CLOSED ? Change.CLOSE : Change.UPDATE, nowMillis, reader);
        Suppression.Alike like = Suppression.Alike.of(kept.finding());
        again(
                other -> Suppression.Alike.of(other.finding()).equals(like)
                        && !other.uid().equals(uid),
                nowMillis,
                reader);
        return FindingBook.Reviewed.DONE;
    }

    /** These exceptions hold from now on, for what is to come, what is open and what is past. */
    void excuse(List<Excuse> excuses, long nowMillis, FindingBook.Reader reader) {
        ledger.silences().adopt(excuses);
        again(kept -> true, nowMillis, reader);
    }

    /** Asks of some once more whether anybody need look. */
    private void again(Predicate<Kept> which, long nowMillis, FindingBook.Reader reader) {
        for (Kept kept : ledger.shelf().all().stream()
                .filter(which)
                .filter(kept -> kept.live() || kept.review().isEmpty())
                .toList()) {
            Optional<Silence> silence = ledger.silence(kept.finding(), nowMillis);
            Draft draft = new Draft(kept);
            if (silence.isPresent() && kept.silence().isEmpty()) {
                Ledger.suppressed(draft, silence.get(), nowMillis);
                ledger.tell(draft, Change.SUPPRESS, nowMillis, reader);
            } else if (silence.isEmpty() && kept.status() == Status.SUPPRESSED) {
                ledger.resume(draft, nowMillis, reader);
            } else if (!silence.equals(kept.silence()) && kept.live()) {
                draft.silence = silence;
                ledger.place(draft.done());
            }
        }
    }

    /** So late is it: what has ended ends. Now and then. */
    void reached(long nowMillis, FindingBook.Reader reader) {
        if (ledger.believed(nowMillis) == nowMillis) {
            bringBack(nowMillis);
        }
        long believed = ledger.believed(nowMillis);
        ledger.silences().reached(believed);
        again(kept -> kept.status() == Status.SUPPRESSED, nowMillis, reader);
        for (Kept kept : List.copyOf(ledger.shelf().all())) {
            Kept.Times times = kept.times();
            if (!kept.live()) {
                if (believed - times.closedMillis() >= settings.keep().toMillis()) {
                    ledger.remove(kept);
                }
            } else if (times.endMillis() > 0
                    && believed - times.refusedMillis() >= settings.refused().toMillis()) {
                ledger.close(new Draft(kept), nowMillis, "nothing more was seen, nor refused", reader);
            } else if (believed - times.wordMillis() >= settings.quiet().toMillis()) {
                ledger.close(new Draft(kept), nowMillis, "nothing was heard of it for long", reader);
            }
        }
    }

    /** What is of a time that has not been would last for too long. */
    private void bringBack(long nowMillis) {
        ledger.silences().bringBack(nowMillis);
        for (Kept kept : List.copyOf(ledger.shelf().all())) {
            if (kept.times().last() > nowMillis) {
                ledger.place(new Draft(kept).notAfter(nowMillis).same());
            }
        }
    }
}
