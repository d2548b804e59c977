package io.postern.gateway.open;

import io.postern.gateway.meters.Counters;
import io.postern.gateway.meters.Meters;
import io.postern.wire.ip.Egress;
import io.postern.wire.ip.SpecialPurpose;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Counts addresses the network's protection refuses, by why: a special-purpose range, or one of ours. */
public final class EgressCounts implements Consumer<Egress.Refused> {

    private enum Ours {
        DENIED(Egress.Refused.DENIED),
        OWN_ADDRESS(Egress.Refused.OWN_ADDRESS);

        private final String label;

        Ours(String label) {
            this.label = label;
        }
    }

    private final Map<String, Runnable> counts = new HashMap<>();

    public EgressCounts(Meters meters) {
        Counters<SpecialPurpose> ranges = meters.egressRefused(SpecialPurpose.class, SpecialPurpose::label);
        Counters<Ours> ours = meters.egressRefused(Ours.class, reason -> reason.label);
        for (SpecialPurpose range : SpecialPurpose.values()) {
            counts.put(range.label(), () -> ranges.count(range));
        }
        for (Ours reason : Ours.values()) {
            counts.put(reason.label, () -> ours.count(reason));
        }
    }

    @Override
    public void accept(Egress.Refused refused) {
        Runnable count = counts.get(refused.reason());
        if (count == null) {
            throw new IllegalStateException("no counter for " + refused.reason());
        }
        count.run();
    }
}
