package io.postern.analytics.finding;

import io.postern.analytics.detect.Finding;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Findings and all that is counted of them; what is changed in it is told from here. */
final class Ledger {

    private final World world;
    private final Shelf shelf;
    private final Silences silences;
    private final Campaigns campaigns;
    private final Budget budget = new Budget();

    /** So much of the time that it is told is doubted. */
    private long doubtedMillis;

    Ledger(BookSettings settings, World world) {
        this.world = world;
        this.shelf = new Shelf(settings.entries());
        this.silences = new Silences(world.hard(), settings.entries());
        this.campaigns = new Campaigns(world, settings.campaign());
    }

    Shelf shelf() {
        return shelf;
    }

    Silences silences() {
        return silences;
    }

    Campaigns campaigns() {
        return campaigns;
    }

    Budget budget() {
        return budget;
    }

    /** The campaign that it belongs to, or would. */
    String campaign(Finding finding) {
        return campaigns.uid(finding);
    }

    String domain(String destination) {
        return world.domain().apply(destination);
    }

    /** See {@link FindingBook#doubt}. */
    void doubt(long millis) {
        doubtedMillis = millis;
    }

    /** What time it is as far as it is believed. */
    long believed(long nowMillis) {
        return nowMillis - doubtedMillis;
    }

    /** Why nobody need look at such a finding, if so. */
    Optional<Silence> silence(Finding finding, long nowMillis) {
        return silences.of(finding, believed(nowMillis));
    }

    static void suppressed(Draft draft, Silence silence, long nowMillis) {
        draft.status = draft.status == Status.CLOSED ? Status.CLOSED : Status.SUPPRESSED;
        draft.silence = Optional.of(silence);
        draft.step(nowMillis, Step.Kind.SUPPRESSED, silence.owner(), silence.id() + ": " + silence.reason());
    }

    void resume(Draft draft, long nowMillis, FindingBook.Reader reader) {
        draft.status = Status.OPEN;
        draft.silence = Optional.empty();
        draft.step(nowMillis, Step.Kind.RESUMED, "", "");
        tell(draft, draft.toldMillis == 0 ? Change.CREATE : Change.UPDATE, nowMillis, reader);
    }

    void close(Draft draft, long nowMillis, String why, FindingBook.Reader reader) {
        boolean hidden = draft.status == Status.SUPPRESSED;
        draft.status = Status.CLOSED;
        draft.closedMillis = nowMillis;
        draft.step(nowMillis, Step.Kind.CLOSED, "", why);
        if (hidden) {
            place(draft.done());
        } else {
            tell(draft, Change.CLOSE, nowMillis, reader);
        }
    }

    void tell(Draft draft, Change change, long nowMillis, FindingBook.Reader reader) {
        boolean heard = draft.toldMillis > 0;
        boolean hidden = change == Change.SUPPRESS && !heard;
        draft.toldMillis = hidden ? 0 : nowMillis;
        Kept kept = draft.done();
        place(kept);
        reader.told(kept, change);
        makeRoom(kept, nowMillis, reader);
        tell(kept.campaign(), reader);
    }

    /** What is new of a campaign, if anything is. */
    void tell(String campaign, FindingBook.Reader reader) {
        campaigns.news(campaign).ifPresent(news -> campaigns.find(campaign).ifPresent(one -> reader.told(one, news)));
    }

    /** Nobody is left believing that what had to go is open. */
    private void makeRoom(Kept but, long nowMillis, FindingBook.Reader reader) {
        if (!shelf.over()) {
            return;
        }
        for (Kept gone : shelf.surplus(but)) {
            remove(gone);
            if (gone.status().stands()) {
                Draft draft = new Draft(gone);
                draft.status = Status.CLOSED;
                draft.closedMillis = nowMillis;
                draft.toldMillis = nowMillis;
                draft.step(nowMillis, Step.Kind.CLOSED, "", "there was no room for it");
                reader.told(draft.done(), Change.CLOSE);
            }
        }
    }

    void place(Kept kept) {
        @Nullable Kept old = shelf.put(kept);
        if (old != null) {
            budget.add(old, -1);
        }
        budget.add(kept, 1);
        if (kept.counts()) {
            campaigns.add(kept);
        } else {
            campaigns.remove(kept);
        }
    }

    void remove(Kept kept) {
        shelf.remove(kept);
        budget.add(kept, -1);
        campaigns.remove(kept);
    }
}
