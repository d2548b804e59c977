package io.postern.gateway.finding;

import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.Change;
import io.postern.analytics.finding.Kept;
import java.util.Optional;

/**
 * Something that the book told the world.
 *
 * @param kept the finding; empty where it is about a campaign
 * @param campaign that it is about; empty where it is about a finding
 */
public record Told(Change change, Optional<Kept> kept, Optional<Campaign> campaign) {

    static Told of(Kept kept, Change change) {
        return new Told(change, Optional.of(kept), Optional.empty());
    }

    static Told of(Campaign campaign, Change change) {
        return new Told(change, Optional.empty(), Optional.of(campaign));
    }

    /** Whether nobody but whoever lists the suppressed should hear of it. */
    boolean quiet() {
        return kept.filter(one -> one.times().toldMillis() == 0).isPresent();
    }
}
