package io.postern.analytics.attack;

import io.postern.analytics.Flows;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.FactKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** Somebody who tells of a device what is done on it: at once, or late. */
final class Agent {

    private static final String PROFILE = "0";
    private static final long HEARTBEAT = 5 * Flows.MINUTE;

    private final Stage stage;
    private final String device;
    private final String name;
    private boolean batched;
    private long lateBy;
    private Set<FactKind> reports = EnumSet.allOf(FactKind.class);

    Agent(Stage stage, String device, String name) {
        this.stage = stage;
        this.device = device;
        this.name = name;
    }

    /** It tells in batches, so much later than it happens. */
    Agent late(Duration by) {
        batched = true;
        lateBy = by.toMillis();
        return this;
    }

    Agent reporting(FactKind... kinds) {
        reports = Set.of(kinds);
        return this;
    }

    Agent blindTo(FactKind kind) {
        Set<FactKind> others = EnumSet.allOf(FactKind.class);
        others.remove(kind);
        reports = others;
        return this;
    }

    /** It lives all the while. */
    Agent alive(long from, long until) {
        for (long at = from; at <= until; at += HEARTBEAT) {
            tells(at, Optional.empty(), new ContextEvent.Heartbeat(reports));
        }
        return this;
    }

    /** It lives all the while, and the device lies there locked. */
    Agent unattended(long from, long until) {
        return alive(from, until).locked(from, true);
    }

    /** It lives all the while; the device is unlocked, in use every other minute, and the app in front. */
    Agent inUse(String app, long from, long until) {
        alive(from, until).locked(from, false).inFront(app, from);
        for (long at = from; at <= until; at += 2 * Flows.MINUTE) {
            used(at);
        }
        return this;
    }

    Agent locked(long at, boolean locked) {
        return tells(at, Optional.empty(), new ContextEvent.Locked(locked));
    }

    Agent used(long at) {
        return tells(at, Optional.empty(), new ContextEvent.Interacted());
    }

    Agent inFront(String app, long at) {
        return tells(at, Optional.of(app), new Lifecycle(Lifecycle.State.FOREGROUND));
    }

    Agent inBackground(String app, long at) {
        return tells(at, Optional.of(app), new Lifecycle(Lifecycle.State.BACKGROUND));
    }

    Agent started(String app, long at) {
        return tells(
                at,
                Optional.of(app),
                new ContextEvent.StartedInBackground(ContextEvent.StartedInBackground.Trigger.JOB));
    }

    Agent readsContacts(String app, long at) {
        return tells(
                at,
                Optional.of(app),
                new ContextEvent.UsedResource(
                        ContextEvent.UsedResource.Resource.CONTACTS, ContextEvent.UsedResource.Phase.USE));
    }

    Agent encrypts(String app, long at) {
        return crypto(app, at, ContextEvent.UsedCrypto.Operation.ENCRYPT);
    }

    Agent crypto(String app, long at, ContextEvent.UsedCrypto.Operation operation) {
        return tells(at, Optional.of(app), new ContextEvent.UsedCrypto(operation, "AES", OptionalLong.of(1 << 20)));
    }

    Agent stages(String app, long at) {
        return tells(
                at,
                Optional.of(app),
                new ContextEvent.Staged(1 << 20, OptionalDouble.of(7.9), ContextEvent.Staged.Location.PRIVATE));
    }

    Agent installed(String app, long at, ContextEvent.Installed what) {
        return tells(at, Optional.of(app), what);
    }

    /** In the inventory, managed and long there. */
    static ContextEvent.Installed managed() {
        return new ContextEvent.Installed(
                true,
                Optional.of(true),
                "1",
                "com.android.vending",
                "aa",
                OptionalLong.of(0),
                OptionalLong.of(0),
                Set.of());
    }

    /** Installed and updated then, by nobody knows whom. */
    static ContextEvent.Installed sideloaded(long at) {
        return new ContextEvent.Installed(
                false, Optional.of(false), "1", "", "aa", OptionalLong.of(at), OptionalLong.of(at), Set.of());
    }

    /** Managed all along, and now of another version by another signer. */
    static ContextEvent.Installed signedBy(String signer, long at) {
        return new ContextEvent.Installed(
                true,
                Optional.of(true),
                "2",
                "com.android.vending",
                signer,
                OptionalLong.of(0),
                OptionalLong.of(at),
                Set.of());
    }

    /** Managed all along, and now put there by another. */
    static ContextEvent.Installed installedBy(String installer, long at) {
        return new ContextEvent.Installed(
                true, Optional.of(true), "2", installer, "aa", OptionalLong.of(0), OptionalLong.of(at), Set.of());
    }

    Agent tells(long at, Optional<String> app, ContextEvent.Said said) {
        stage.isTold(
                new ContextEvent(
                        name + stage.uid(),
                        at,
                        device,
                        PROFILE,
                        app.map(one -> new ContextEvent.App(one, OptionalLong.empty(), OptionalLong.empty())),
                        said,
                        name,
                        batched),
                at + lateBy);
        return this;
    }
}
