package io.postern.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppKey;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.meters.ScrapeFormat;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest {

    private static final AppKey MAIL = new AppKey("LC01", "work", "com.acme.mail");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path dir;

    private static ContextEvent event(String device, String app, long at, long version, ContextEvent.Said said) {
        return new ContextEvent(
                "e" + at,
                at,
                device,
                "work",
                Optional.of(new ContextEvent.App(
                        app, OptionalLong.empty(), version < 0 ? OptionalLong.empty() : OptionalLong.of(version))),
                said,
                "amapi",
                true);
    }

    private static ContextEvent installed(long at, long version, String signer) {
        return installed("LC01", "com.acme.mail", at, version, signer);
    }

    private static ContextEvent installed(String device, String app, long at, long version, String signer) {
        return event(
                device,
                app,
                at,
                version,
                new ContextEvent.Installed(
                        true,
                        Optional.of(true),
                        "1.0",
                        "com.android.vending",
                        signer,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Set.of()));
    }

    private Store store() throws IOException {
        return EmbeddedStore.open(dir.resolve("store.mv"));
    }

    @Test
    void tellsWhatIsNewUpdatedAndSignedByAnother() throws IOException {
        try (Store store = store();
                Meters meters = new Meters()) {
            Inventory inventory = Inventory.open(store, meters);
            inventory.told(installed(1_000, 7, "aa"));
            InstalledApp app = inventory.find(MAIL).orElseThrow();
            assertThat(app.newlyInstalled(1_000 + DAY.toMillis(), DAY)).isTrue();
            assertThat(app.newlyInstalled(1_001 + DAY.toMillis(), DAY)).isFalse();
            assertThat(app.justUpdated(1_000, DAY)).isFalse();
            assertThat(app.approved()).isEqualTo(Truth.TRUE);

            inventory.told(installed(2_000, 8, ""));
            app = inventory.find(MAIL).orElseThrow();
            assertThat(app.justUpdated(2_000 + DAY.toMillis(), DAY)).isTrue();
            assertThat(app.build().signer()).as("not said is not taken back").isEqualTo("aa");
            assertThat(app.firstSeenMillis()).isEqualTo(1_000);
            assertThat(app.signerChanged()).isFalse();

            inventory.told(installed(3_000, 9, "bb"));
            inventory.told(installed(4_000, 9, "bb"));
            app = inventory.find(MAIL).orElseThrow();
            assertThat(app.signerChanged()).isTrue();
            assertThat(app.formerSigner()).isEqualTo("aa");
            assertThat(app.updatedMillis()).isEqualTo(3_000);

            inventory.told(installed(5_000, 10, "bb"));
            app = inventory.find(MAIL).orElseThrow();
            assertThat(app.signerChanged(3_000 + DAY.toMillis(), DAY)).isTrue();
            assertThat(app.signerChanged(3_001 + DAY.toMillis(), DAY))
                    .as("an update is no change of signers")
                    .isFalse();
        }
    }

    /** Of a flow that began before, nobody knows which build it is of. */
    @Test
    void tellsOfNoBuildThatCameLater() throws IOException {
        try (Store store = store();
                Meters meters = new Meters()) {
            Inventory inventory = Inventory.open(store, meters);
            inventory.told(installed(1_000, 7, "aa"));
            assertThat(inventory.find(MAIL).orElseThrow().build(999)).isEqualTo(Build.UNKNOWN);
            assertThat(inventory.find(MAIL).orElseThrow().build(1_500)).isEqualTo(new Build(7, "aa"));
            inventory.told(installed(2_000, 8, "aa"));
            inventory.told(installed(3_000, 8, "aa"));
            assertThat(inventory.find(MAIL).orElseThrow().build(1_500)).isEqualTo(Build.UNKNOWN);
            assertThat(inventory.find(MAIL).orElseThrow().build(2_000)).isEqualTo(new Build(8, "aa"));
        }
    }

    @Test
    void believesTheLatestWordWhateverComesLast() throws IOException {
        try (Store store = store();
                Meters meters = new Meters()) {
            Inventory inventory = Inventory.open(store, meters);
            inventory.told(installed(5_000, 9, "aa"));
            inventory.told(installed(1_000, 7, "aa"));
            inventory.told(event("LC01", "com.acme.mail", 2_000, -1, new ContextEvent.Removed()));
            assertThat(inventory.find(MAIL).orElseThrow().build().version()).isEqualTo(9);

            inventory.told(event("LC01", "com.acme.mail", 6_000, -1, new ContextEvent.Removed()));
            assertThat(inventory.find(MAIL)).isEmpty();
            assertThat(inventory.size()).isZero();
        }
    }

    @Test
    void whatWasRemovedIsNotBroughtBackByWordFromBefore() throws IOException {
        try (Store store = store();
                Meters meters = new Meters()) {
            Inventory inventory = Inventory.open(store, meters);
            inventory.told(installed(1_000, 7, "aa"));
            inventory.told(event("LC01", "com.acme.mail", 6_000, -1, new ContextEvent.Removed()));
            inventory.told(event("LC01", "com.acme.mail", 4_000, -1, new ContextEvent.Removed()));
            inventory.told(installed(5_000, 9, "aa"));
            assertThat(inventory.find(MAIL)).isEmpty();

            inventory.told(event("LC01", "com.acme.chat", 6_000, -1, new ContextEvent.Removed()));
            inventory.told(installed("LC01", "com.acme.chat", 5_000, 3, "cc"));
            assertThat(inventory.size())
                    .as("removed before anything else was told of it")
                    .isZero();

            inventory.told(installed(7_000, 9, "aa"));
            assertThat(inventory.find(MAIL)).as("installed again").isPresent();
            inventory.told(installed(6_500, 8, "aa"));
            assertThat(inventory.find(MAIL).orElseThrow().build().version()).isEqualTo(9);
        }
    }

    /** A source that tells of removals without end makes those of its own device forgotten. */
    @Test
    void removalsAreBounded() throws IOException {
        try (Store store = store();
                Meters meters = new Meters()) {
            Inventory inventory = Inventory.open(store, meters);
            inventory.told(event("LC01", "com.acme.mail", 6_000, -1, new ContextEvent.Removed()));
            for (int i = 0; i < 5_000; i++) {
                inventory.told(event("LC02", "com.flood" + i, 6_000, -1, new ContextEvent.Removed()));
            }
            inventory.told(installed(5_000, 9, "aa"));
            assertThat(inventory.find(MAIL)).isEmpty();
            inventory.told(installed("LC02", "com.flood4999", 5_000, 1, "aa"));
            inventory.told(installed("LC02", "com.flood0", 5_000, 1, "aa"));
            assertThat(inventory.packages()).as("the oldest is forgotten").containsExactly("com.flood0");
            assertThat(meters.scrape(ScrapeFormat.PROMETHEUS))
                    .contains("postern_analytic_keys{table=\"inventory-removals\"} 257.0")
                    .contains("postern_analytic_saturated_total{table=\"inventory-removals\"} 4744.0");
        }
    }

    @Test
    void isKeptOverARestart() throws IOException {
        try (Meters meters = new Meters();
                Store store = store()) {
            Inventory inventory = Inventory.open(store, meters);
            inventory.told(installed(1_000, 7, "aa"));
            inventory.told(installed("LC02", "com.acme.chat", 1_000, 3, "cc"));
            inventory.told(event("LC02", "com.acme.chat", 2_000, -1, new ContextEvent.Removed()));
            inventory.save();
        }
        try (Meters meters = new Meters();
                Store store = store()) {
            Inventory again = Inventory.open(store, meters);
            assertThat(again.list(app -> true, Optional.empty(), 10)).hasSize(1);
            InstalledApp app = again.find(MAIL).orElseThrow();
            assertThat(app.build().version()).isEqualTo(7);
            assertThat(app.installer()).isEqualTo("com.android.vending");
            assertThat(app.firstSeenMillis()).isEqualTo(1_000);
        }
    }

    /** A source that lies of its device takes nothing from others. */
    @Test
    void staysBoundedUnderAFloodOfOneDevicesApps() throws IOException {
        try (Store store = store();
                Meters meters = new Meters()) {
            Inventory inventory = Inventory.open(store, meters);
            inventory.told(installed(1_000, 7, "aa"));
            for (int i = 0; i < 5_000; i++) {
                inventory.told(installed("LC02", "com.flood" + i, 2_000 + i, 1, "x".repeat(1_000)));
            }

            assertThat(inventory.size()).isEqualTo(Inventory.MOST_OF_DEVICE + 1);
            assertThat(inventory.evicted()).isEqualTo(5_000 - Inventory.MOST_OF_DEVICE);
            assertThat(inventory.find(MAIL)).isPresent();
            assertThat(inventory
                            .find(new AppKey("LC02", "work", "com.flood4999"))
                            .orElseThrow()
                            .build()
                            .signer())
                    .hasSize(255);
            assertThat(inventory.list(app -> app.key().device().equals("LC01"), Optional.empty(), 10))
                    .hasSize(1);
            assertThat(inventory.list(app -> true, Optional.of(MAIL), 3))
                    .extracting(app -> app.key().app())
                    .containsExactly("com.flood4000", "com.flood4001", "com.flood4002");
        }
    }
}
