package io.postern.analytics.finding;

import java.util.ArrayList;
import java.util.List;

/** What a book told, one word each. */
final class Heard implements FindingBook.Reader {

    final List<String> all = new ArrayList<>();
    final List<Kept> kept = new ArrayList<>();

    @Override
    public void told(Kept one, Change change) {
        all.add(change.label() + " " + one.uid());
        kept.add(one);
    }

    @Override
    public void told(Campaign campaign, Change change) {
        all.add("campaign " + change.label() + " " + campaign.devices());
    }

    List<String> take() {
        List<String> taken = List.copyOf(all);
        all.clear();
        return taken;
    }
}
