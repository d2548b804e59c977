package io.postern.gateway;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.flow.AppKey;
import io.postern.config.policy.Policy;
import io.postern.gateway.baseline.Surroundings;
import io.postern.gateway.inventory.InstalledApp;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.rules.Judges;
import java.util.Optional;

/** What policy and the inventory know of an app. In which state it was nobody reports yet, so that is unknown. */
record AroundFlows(Judges judges, Inventory inventory) implements Surroundings {

    @Override
    public Situation situation(AppKey key, long atMillis) {
        return Situation.UNKNOWN;
    }

    @Override
    public Build build(AppKey key) {
        return inventory.find(key).map(InstalledApp::build).orElse(Build.UNKNOWN);
    }

    @Override
    public String category(String app) {
        return Optional.ofNullable(judges.rules().policy().apps().get(app))
                .flatMap(Policy.App::category)
                .orElse("");
    }
}
