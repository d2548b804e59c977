package io.postern.analytics.evaluate;

import io.postern.analytics.detect.Detection;
import io.postern.analytics.fleet.Implant;
import java.util.List;
import java.util.function.Supplier;

/**
 * A detection to be evaluated; each device gets one of its own.
 *
 * @param analytics those its findings are of
 */
public record Subject(List<String> analytics, Supplier<Detection> fresh) {

    private static final String OF_ATTACK = "AN";

    public Subject {
        analytics = List.copyOf(analytics);
    }

    /** Whether this analytic is expected to see it: what its label says; of a mere method, whether it has a rhythm. */
    static boolean expected(String analytic, Implant implant) {
        return analytic.startsWith(OF_ATTACK) ? implant.analytics().contains(analytic) : implant.cadenced();
    }
}
