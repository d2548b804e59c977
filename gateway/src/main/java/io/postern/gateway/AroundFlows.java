package io.postern.gateway;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.flow.AppKey;
import io.postern.config.policy.Policy;
import io.postern.gateway.baseline.Surroundings;
import io.postern.gateway.rules.Judges;
import java.util.Optional;

/** What policy knows of an app; nobody reports the rest yet, so it is unknown. */
record AroundFlows(Judges judges) implements Surroundings {

    @Override
    public Situation situation(AppKey key, long atMillis) {
        return Situation.UNKNOWN;
    }

    @Override
    public Build build(AppKey key) {
        return Build.UNKNOWN;
    }

    @Override
    public String category(String app) {
        return Optional.ofNullable(judges.rules().policy().apps().get(app))
                .flatMap(Policy.App::category)
                .orElse("");
    }
}
