package io.postern.analytics.attack;

import io.postern.analytics.Evidence.Family;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import java.time.Duration;

/** What an agent told of an app shortly before: evidence of the family {@code telemetry}, which is hard. */
final class Telemetry {

    private Telemetry() {}

    /** @return whether the app did so; unknown where nobody would have told */
    static Truth weigh(Sight sight, Scales scales, FactKind what, Duration window, String feature, int weight) {
        Truth done = sight.after(what, window);
        if (done == Truth.TRUE) {
            scales.hard(Family.TELEMETRY, feature, 1, 1, weight);
        }
        return done;
    }
}
