package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.App;
import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.Bind;
import io.postern.config.ContextSettings;
import io.postern.config.policy.Facts.Posture;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.rules.FactSource;
import io.postern.gateway.rules.FactSource.Kind;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules are answered of what sources told. */
class DeviceFactsTest {

    private static final String MAIL = "com.acme.mail";
    private static final String SIGNER = "ab".repeat(32);
    private static final String ANOTHER = "cd".repeat(32);
    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir
    Path dir;

    private final Meters meters = new Meters();
    private Store store;
    private Inventory inventory;
    private DeviceContexts contexts;
    private FactSource facts;
    private long now = Instant.parse("2026-10-09T08:15:00Z").toEpochMilli();
    private int ids;

    @BeforeEach
    void open() throws IOException {
        store = EmbeddedStore.open(dir.resolve("store.mv"));
        inventory = Inventory.open(store, meters);
        contexts = contexts();
        facts = new DeviceFacts(contexts, inventory);
    }

    @AfterEach
    void close() {
        store.close();
        meters.close();
    }

    @Test
    void nothingIsKnownOfADeviceNobodySpeaksOf() {
        tell("LC02", new Locked(true));
        for (Kind kind : Kind.values()) {
            assertThat(is(kind)).as(kind.name()).isEqualTo(Truth.UNKNOWN);
        }
        assertThat(facts.posture(tag(MAIL), now)).containsExactly(Posture.UNKNOWN);
        assertThat(untouched(Duration.ofSeconds(1))).isEqualTo(Truth.UNKNOWN);
    }

    @Test
    void aLockHoldsUntilItIsContradictedOrItsSourceIsSilent() {
        tell("LC01", new Locked(true));
        assertThat(is(Kind.LOCKED)).isEqualTo(Truth.TRUE);
        now += 1_000;
        tell("LC01", new Locked(false));
        assertThat(is(Kind.LOCKED)).isEqualTo(Truth.FALSE);
        now += Duration.ofHours(1).toMillis();
        assertThat(is(Kind.LOCKED)).isEqualTo(Truth.UNKNOWN);
    }

    @Test
    void anAppIsInTheBackgroundUnlessItIsInFront() {
        tell("LC01", new Lifecycle(Lifecycle.State.FOREGROUND));
        assertThat(is(Kind.BACKGROUND)).isEqualTo(Truth.FALSE);
        now += 1;
        tell("LC01", new Lifecycle(Lifecycle.State.BACKGROUND));
        assertThat(is(Kind.BACKGROUND)).isEqualTo(Truth.TRUE);
    }

    @Test
    void managementKnowsWhatIsItsOwnAndWhatIsNew() {
        tell("LC01", installed(SIGNER, now - DAY, now - DAY));
        assertThat(is(Kind.MANAGED)).isEqualTo(Truth.TRUE);
        assertThat(is(Kind.NEWLY_INSTALLED)).isEqualTo(Truth.TRUE);
        assertThat(is(Kind.SIGNER_CHANGED)).isEqualTo(Truth.FALSE);
        now += 1;
        tell("LC01", installed(SIGNER, now - 8 * DAY, now - 8 * DAY));
        assertThat(is(Kind.NEWLY_INSTALLED)).isEqualTo(Truth.FALSE);
        assertThat(is(Kind.JUST_UPDATED)).isEqualTo(Truth.FALSE);
        assertThat(facts.truth(Kind.MANAGED, tag("com.other"), now)).isEqualTo(Truth.FALSE);
        assertThat(facts.truth(Kind.NEWLY_INSTALLED, tag("com.other"), now)).isEqualTo(Truth.UNKNOWN);
    }

    /** Of a flow whose app is unknown nothing can be said that is of apps. */
    @Test
    void anUnknownAppIsNotAnUnmanagedOne() {
        tell("LC01", installed(SIGNER, now, now));
        tell("LC01", new Locked(true));
        assertThat(facts.truth(Kind.MANAGED, tag(AppTag.NOBODY), now)).isEqualTo(Truth.UNKNOWN);
        assertThat(facts.truth(Kind.BACKGROUND, tag(AppTag.NOBODY), now)).isEqualTo(Truth.UNKNOWN);
        assertThat(facts.truth(Kind.LOCKED, tag(AppTag.NOBODY), now)).isEqualTo(Truth.TRUE);
    }

    /** A gateway that starts anew, with the facts of days ago gone, knows a change of signers by its inventory. */
    @Test
    void anotherSignerIsRememberedForAWeek() throws IOException {
        tell("LC01", installed(SIGNER, now - 30 * DAY, now - 30 * DAY));
        now += 1_000;
        tell("LC01", installed(ANOTHER, now - 30 * DAY, now));
        assertThat(is(Kind.SIGNER_CHANGED)).isEqualTo(Truth.TRUE);
        assertThat(is(Kind.JUST_UPDATED)).isEqualTo(Truth.TRUE);
        inventory.save();
        facts = new DeviceFacts(contexts(), Inventory.open(store, meters));
        now += 6 * DAY;
        assertThat(is(Kind.SIGNER_CHANGED)).isEqualTo(Truth.TRUE);
        assertThat(is(Kind.JUST_UPDATED)).isEqualTo(Truth.TRUE);
        now += 2 * DAY;
        assertThat(is(Kind.SIGNER_CHANGED)).isEqualTo(Truth.UNKNOWN);
        assertThat(is(Kind.JUST_UPDATED)).isEqualTo(Truth.UNKNOWN);
    }

    @Test
    void postureIsAllThatIsKnownOfIt() {
        tell("LC01", new Health(Truth.FALSE, Health.Risk.UNKNOWN, ""));
        assertThat(facts.posture(tag(MAIL), now)).containsExactly(Posture.NON_COMPLIANT);
        now += 1;
        tell("LC01", new Health(Truth.TRUE, Health.Risk.AT_RISK, ""));
        assertThat(facts.posture(tag(MAIL), now)).containsExactlyInAnyOrder(Posture.COMPLIANT, Posture.AT_RISK);
        now += 1;
        tell("LC01", new Health(Truth.UNKNOWN, Health.Risk.UNKNOWN, ""));
        assertThat(facts.posture(tag(MAIL), now)).containsExactly(Posture.UNKNOWN);
    }

    @Test
    void aDeviceIsUntouchedSinceItWasLastTouched() {
        tell("LC01", new Interacted());
        assertThat(untouched(Duration.ofMinutes(10))).isEqualTo(Truth.FALSE);
        now += Duration.ofMinutes(10).toMillis() + 1;
        assertThat(untouched(Duration.ofMinutes(10))).isEqualTo(Truth.TRUE);
        assertThat(untouched(Duration.ZERO)).isEqualTo(Truth.TRUE);
        now += Duration.ofMinutes(10).toMillis();
        assertThat(untouched(Duration.ZERO)).isEqualTo(Truth.UNKNOWN);
    }

    private Truth is(Kind kind) {
        return facts.truth(kind, tag(MAIL), now);
    }

    private Truth untouched(Duration atLeast) {
        return facts.untouched(tag(MAIL), atLeast, now);
    }

    private void tell(String device, Said said) {
        boolean ofApp = said instanceof Lifecycle || said instanceof Installed;
        ContextEvent event = new ContextEvent(
                "e" + ids++,
                now,
                device,
                "work",
                ofApp ? Optional.of(new App(MAIL, OptionalLong.empty(), OptionalLong.empty())) : Optional.empty(),
                said,
                "agent",
                false);
        contexts.tell(event);
        inventory.told(event);
    }

    private static Installed installed(String signer, long firstMillis, long updatedMillis) {
        return new Installed(
                true,
                Optional.empty(),
                "1",
                "",
                signer,
                OptionalLong.of(firstMillis),
                OptionalLong.of(updatedMillis),
                Set.of());
    }

    private static AppTag tag(String app) {
        return new AppTag("LC01", "work", app, DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
    }

    private static DeviceContexts contexts() {
        return new DeviceContexts(new ContextSettings(
                new Bind(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Duration.ofMinutes(2),
                Duration.ofDays(3),
                1 << 24,
                Duration.ofMinutes(15),
                Duration.ofHours(26),
                50,
                List.of(new ContextSettings.Source(
                        "agent",
                        Optional.of(Path.of("token")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("*"),
                        EnumSet.of(
                                FactKind.LOCK,
                                FactKind.APP_STATE,
                                FactKind.INTERACTION,
                                FactKind.INVENTORY,
                                FactKind.POSTURE),
                        1_000,
                        "work"))));
    }
}
