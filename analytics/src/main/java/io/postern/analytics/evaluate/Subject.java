package io.postern.analytics.evaluate;

import io.postern.analytics.detect.Detection;
import io.postern.analytics.fleet.Implant;
import java.util.List;
import java.util.function.Supplier;

/**
 * A detection to be evaluated.
 *
 * @param analytics those its findings are of
 * @param fleet whether one sees the whole fleet, from whose devices it learns; otherwise each device gets one of its own
 */
public record Subject(List<String> analytics, boolean fleet, Supplier<Detection> fresh) {

    private static final String OF_ATTACK = "AN";

    public Subject {
        analytics = List.copyOf(analytics);
    }

    /** One for each device. */
    public Subject(List<String> analytics, Supplier<Detection> fresh) {
        this(analytics, false, fresh);
    }

    /** Whether this analytic is expected to see it: what its label says; of a mere method, whether it has a rhythm. */
    static boolean expected(String analytic, Implant implant) {
        return analytic.startsWith(OF_ATTACK) ? implant.analytics().contains(analytic) : implant.cadenced();
    }
}
