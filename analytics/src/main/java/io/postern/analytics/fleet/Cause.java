package io.postern.analytics.fleet;

import java.util.Optional;

/**
 * Why a flow was: its label. Never shown to a detector.
 *
 * @param app package on whose behalf, also where another carries it
 * @param behaviour what the app was doing
 * @param implant present where an implant was doing it
 */
public record Cause(String app, String behaviour, Optional<Implant> implant) {

    static Cause benign(String app, String behaviour) {
        return new Cause(app, behaviour, Optional.empty());
    }
}
