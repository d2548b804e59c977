package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.policy.Policy;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import io.postern.wire.ip.EgressRanges;
import io.postern.wire.ip.OwnAddresses;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose build a flow is of, with a real inventory. */
class AroundFlowsTest {

    private static final AppTag BOTH =
            new AppTag("LC01", "work", "com.acme.a+com.acme.b", DeviceAssurance.NONE, AppAssurance.SHARED_UID);

    @TempDir
    Path dir;

    private static ContextEvent installed(String app, long at, long version) {
        return new ContextEvent(
                app + at,
                at,
                "LC01",
                "work",
                Optional.of(new ContextEvent.App(app, OptionalLong.empty(), OptionalLong.of(version))),
                new ContextEvent.Installed(
                        true, Optional.of(true), "1", "", "aa", OptionalLong.empty(), OptionalLong.empty(), Set.of()),
                "amapi",
                true);
    }

    @Test
    void packagesOfOneUidAreNewerWhenOneIs() throws Exception {
        Judges judges = new Judges(
                new EgressRanges(List.of(), List.of(), OwnAddresses.NONE), new Rules(Policy.EMPTY), Clock.systemUTC());
        try (Store store = EmbeddedStore.open(dir.resolve("store.mv"));
                Meters meters = new Meters()) {
            Inventory inventory = Inventory.open(store, meters);
            AroundFlows around = new AroundFlows(judges, inventory, Optional.empty());
            inventory.told(installed("com.acme.a", 1_000, 9));
            assertThat(around.build(BOTH)).as("of one nothing is told").isEqualTo(Build.UNKNOWN);

            inventory.told(installed("com.acme.b", 1_000, 3));
            Build before = around.build(BOTH);
            assertThat(before.known()).isTrue();

            inventory.told(installed("com.acme.b", 2_000, 4));
            assertThat(before.covers(around.build(BOTH))).isFalse();
            assertThat(around.build(BOTH, 1_500)).as("of a flow from before").isEqualTo(Build.UNKNOWN);
            assertThat(around.build(BOTH, 2_000)).isEqualTo(around.build(BOTH));
        }
    }
}
