package io.postern.gateway.admin;

import io.postern.gateway.finding.Told;
import java.util.Optional;

/** The last findings that were told, for those who follow them. Any thread may add. */
public final class FindingFeed {

    private final Ring<Told> ring;

    /**
     * @param size events kept
     * @param startedMillis tells the events of this run from those of another
     */
    public FindingFeed(int size, long startedMillis) {
        this.ring = new Ring<>(size, startedMillis);
    }

    public void told(Told told) {
        ring.add(told);
    }

    public void forget(String device) {
        ring.forget(told -> told.kept()
                .filter(kept -> kept.finding().key().device().equals(device))
                .isPresent());
    }

    Ring<Told> ring() {
        return ring;
    }

    Optional<Told> at(long sequence) {
        return ring.at(sequence);
    }
}
