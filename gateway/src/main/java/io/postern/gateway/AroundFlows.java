package io.postern.gateway;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Situation;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.policy.Policy;
import io.postern.gateway.baseline.Surroundings;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.inventory.InstalledApp;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.rules.Judges;
import java.util.Optional;
import java.util.function.Function;

/**
 * What policy, the inventory and those who tell of devices know of an app.
 *
 * @param facts empty where nobody tells: then in what state an app was is unknown
 */
record AroundFlows(Judges judges, Inventory inventory, Optional<DeviceContexts> facts) implements Surroundings {

    @Override
    public Situation situation(AppKey key, long atMillis) {
        AppTag tag = new AppTag(key.device(), key.profile(), key.app(), DeviceAssurance.NONE, AppAssurance.NONE);
        return facts.flatMap(table -> table.of(
                        key.device(),
                        device -> Situation.of(
                                device.background(tag, atMillis).truth(),
                                device.locked(atMillis).truth())))
                .orElse(Situation.UNKNOWN);
    }

    @Override
    public Build build(AppTag tag, long atMillis) {
        return together(tag, app -> app.build(atMillis));
    }

    /** Of the app on that device now. */
    Build build(AppTag tag) {
        return together(tag, InstalledApp::build);
    }

    private Build together(AppTag tag, Function<InstalledApp, Build> each) {
        return Build.together(tag.apps().stream()
                .map(app -> inventory.find(AppKey.of(tag.of(app))).map(each).orElse(Build.UNKNOWN))
                .toList());
    }

    @Override
    public String category(String app) {
        return Optional.ofNullable(judges.rules().policy().apps().get(app))
                .flatMap(Policy.App::category)
                .orElse("");
    }
}
