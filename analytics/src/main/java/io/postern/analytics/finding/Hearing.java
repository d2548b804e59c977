package io.postern.analytics.finding;

import com.dynatrace.hash4j.hashing.Hashing;
import io.postern.analytics.Evidence;
import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What becomes of a finding by the words of its detector, and by what the gateway refuses. */
final class Hearing {

    /** A change of the score that is worth a line by itself. */
    private static final double WORTH_TELLING = 5;

    /** One that only goes on is told so often. */
    private static final Duration GOES_ON = Duration.ofHours(1);

    /** How detectors name all hosts of a domain together. */
    private static final String ANY_HOST = "*.";

    private static final int MOST_EVIDENCE = 32;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Ledger ledger;
    private final long refusedMillis;
    private long unplaced;

    /** @param refused an open one stays open for so long after the gateway last refused what it is about */
    Hearing(Ledger ledger, Duration refused) {
        this.ledger = ledger;
        this.refusedMillis = refused.toMillis();
    }

    /**
     * A detector speaks.
     *
     * @param action what is done about it
     * @param baseline version of the baseline it rests on; empty if none
     */
    void take(Finding word, Verdict.Action action, String baseline, long nowMillis, FindingBook.Reader reader) {
        Optional<Kept> newest = ledger.shelf().newest(word);
        boolean over = word.activity() == Finding.Activity.CLOSE;
        if (newest.isPresent() && newest.get().live()) {
            if (over) {
                end(newest.get(), word, nowMillis, reader);
            } else {
                goOn(newest.get(), word, action, baseline, nowMillis, reader);
            }
        } else if (over || newest.filter(closed -> !goesBeyond(word, closed)).isPresent()) {
            unplaced++;
        } else {
            open(newest, word, action, baseline, nowMillis, reader);
        }
    }

    /** Whether a word rests on something that came after the finding was closed. */
    private static boolean goesBeyond(Finding word, Kept closed) {
        return word.atMillis() > closed.times().closedMillis()
                && word.checkIns() != closed.finding().checkIns();
    }

    private void open(
            Optional<Kept> before,
            Finding word,
            Verdict.Action action,
            String baseline,
            long nowMillis,
            FindingBook.Reader reader) {
        Finding named = named(word, uid(word));
        Optional<Silence> silence = ledger.silence(named, nowMillis);
        if (silence.isPresent()
                && before.filter(closed -> answered(closed, silence.get())).isPresent()) {
            // The very one that was found harmless goes on; there is nothing new to look at.
            return;
        }
        Draft draft = new Draft(new Kept(
                named,
                word.uid(),
                ledger.shelf().nextNumber(),
                silence.isPresent() ? Status.SUPPRESSED : Status.OPEN,
                action,
                baseline,
                ledger.campaign(named),
                before.map(Kept::uid).orElse(""),
                Optional.empty(),
                silence,
                new Kept.Times(nowMillis, 0, nowMillis, 0, 0, 0),
                List.of(),
                0));
        draft.step(
                word.atMillis(),
                Step.Kind.OPENED,
                "",
                before.map(one -> "takes up " + one.uid()).orElse(""));
        silence.ifPresent(one -> Ledger.suppressed(draft, one, nowMillis));
        ledger.tell(
                draft,
                silence.isPresent() ? Change.SUPPRESS : before.isPresent() ? Change.REOPEN : Change.CREATE,
                nowMillis,
                reader);
    }

    private static boolean answered(Kept closed, Silence silence) {
        return closed.uid().equals(silence.id());
    }

    /** The detector's own where it is short and plain; one that has been closed gets a number behind it. */
    private String uid(Finding word) {
        String plain = PLAIN.matcher(word.uid()).matches()
                ? word.uid()
                : String.format(
                        "f-%016x",
                        Hashing.komihash5_0()
                                .hashCharsToLong(String.join(
                                        "\n",
                                        word.analytic(),
                                        word.key().device(),
                                        word.key().profile(),
                                        word.key().app(),
                                        word.destination())));
        String uid = plain;
        for (int number = 2; ledger.shelf().has(uid); number++) {
            uid = plain + "." + number;
        }
        return uid;
    }

    private void goOn(
            Kept kept,
            Finding word,
            Verdict.Action action,
            String baseline,
            long nowMillis,
            FindingBook.Reader reader) {
        Draft draft = new Draft(kept);
        draft.wordMillis = nowMillis;
        draft.endMillis = 0;
        Finding old = kept.finding();
        if (word.atMillis() < old.atMillis() && word.checkIns() < old.checkIns()) {
            // An earlier word that comes late: its evidence has been overtaken.
            draft.finding = counted(old, word);
            ledger.place(draft.same());
            return;
        }
        draft.finding = counted(named(word, kept.uid()), old);
        draft.action = action.stricter(kept.action());
        if (draft.action != kept.action()) {
            draft.bytesOutAtVerdict = word.bytesOut();
        }
        draft.baseline = baseline;
        boolean news = steps(draft, kept);
        Optional<Silence> silence = ledger.silence(draft.finding, nowMillis);
        if (silence.isPresent() && kept.status() != Status.SUPPRESSED) {
            Ledger.suppressed(draft, silence.get(), nowMillis);
            ledger.tell(draft, Change.SUPPRESS, nowMillis, reader);
        } else if (silence.isEmpty() && kept.status() == Status.SUPPRESSED) {
            ledger.resume(draft, nowMillis, reader);
        } else if (kept.status() != Status.SUPPRESSED
                && (news || nowMillis - kept.times().toldMillis() >= GOES_ON.toMillis())) {
            ledger.tell(draft, Change.UPDATE, nowMillis, reader);
        } else {
            draft.silence = silence;
            ledger.place(draft.same());
        }
    }

    /** One's words with the counts that are the other's where they reach further. */
    private static Finding counted(Finding one, Finding other) {
        return one.but()
                .at(Math.max(one.atMillis(), other.atMillis()))
                .since(Math.min(one.firstMillis(), other.firstMillis()))
                .seen(Math.max(one.checkIns(), other.checkIns()), Math.max(one.bytesOut(), other.bytesOut()))
                .finding();
    }

    private static Finding named(Finding word, String uid) {
        return word.but()
                .uid(uid)
                .evidence(word.evidence().stream().limit(MOST_EVIDENCE).toList())
                .notVisible(word.notVisible().stream().limit(MOST_EVIDENCE).toList())
                .finding();
    }

    /** @return whether there is anything that somebody should hear of */
    private static boolean steps(Draft draft, Kept kept) {
        Finding fresh = draft.finding;
        Finding old = kept.finding();
        boolean news = Math.abs(fresh.score() - old.score()) >= WORTH_TELLING
                || !fresh.notVisible().equals(old.notVisible())
                || fresh.mayBlock() != old.mayBlock();
        if (fresh.severity() != old.severity()) {
            draft.step(fresh.atMillis(), Step.Kind.SEVERITY, "", old.severity() + " to " + fresh.severity());
            news = true;
        }
        String more = fresh.evidence().stream()
                .filter(one -> old.evidence().stream().noneMatch(before -> same(one, before)))
                .map(one -> (one.supports() ? "for: " : "against: ") + one.feature())
                .collect(Collectors.joining(", "));
        if (!more.isEmpty()) {
            draft.step(fresh.atMillis(), Step.Kind.EVIDENCE, "", more);
            news = true;
        }
        if (draft.action != kept.action()) {
            draft.step(fresh.atMillis(), Step.Kind.ACTION, "", kept.action() + " to " + draft.action);
            news = true;
        }
        return news || fresh.evidence().size() != old.evidence().size();
    }

    private static boolean same(Evidence one, Evidence other) {
        return one.feature().equals(other.feature())
                && one.family() == other.family()
                && one.supports() == other.supports();
    }

    /** Its detector says that it is over; while the gateway goes on refusing it, it is not. */
    private void end(Kept kept, Finding word, long nowMillis, FindingBook.Reader reader) {
        Draft draft = new Draft(kept);
        draft.wordMillis = nowMillis;
        draft.finding = counted(kept.finding(), word);
        if (ledger.believed(nowMillis) - kept.times().refusedMillis() < refusedMillis) {
            draft.endMillis = nowMillis;
            ledger.place(draft.same());
        } else {
            ledger.close(draft, nowMillis, "nothing more was seen", reader);
        }
    }

    /** The gateway has refused what an app wanted of a destination: what is open about them goes on. */
    void refused(AppKey key, String destination, long nowMillis) {
        for (Technique technique : Technique.values()) {
            ledger.shelf()
                    .newest(key, destination, technique.name())
                    .or(() -> ledger.shelf().newest(key, ANY_HOST + ledger.domain(destination), technique.name()))
                    .filter(kept -> kept.status().stands())
                    .ifPresent(kept -> {
                        Draft draft = new Draft(kept);
                        if (kept.times().refusedMillis() == 0) {
                            draft.step(nowMillis, Step.Kind.REFUSED, "", "");
                        }
                        draft.refusedMillis = nowMillis;
                        draft.wordMillis = nowMillis;
                        ledger.place(draft.same());
                    });
        }
    }

    /** Words about what was closed or forgotten before they came. */
    long unplaced() {
        return unplaced;
    }
}
