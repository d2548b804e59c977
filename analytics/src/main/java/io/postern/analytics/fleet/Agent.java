package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.DAY;
import static io.postern.analytics.fleet.Times.HOUR;
import static io.postern.analytics.fleet.Times.MINUTE;
import static io.postern.analytics.fleet.Times.SECOND;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.ContextEvent.Staged;
import io.postern.analytics.context.ContextEvent.StartedInBackground;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.context.ContextEvent.UsedResource;
import io.postern.analytics.context.FactKind;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What tells the gateway about one device: everything it is built to tell, as far as {@link ContextQuality} lets it. Its
 * clock is the device's, which is a little off.
 */
final class Agent {

    static final String SOURCE = "agent";

    private static final String STORE = "com.android.vending";
    private static final Set<FactKind> REPORTS = Set.copyOf(EnumSet.complementOf(EnumSet.of(FactKind.FLOW_OWNER)));
    private static final long HEARTBEAT = 15 * MINUTE;
    private static final long BATCH = 2 * HOUR;
    private static final double LOST = 0.3;
    private static final double LATE_BY_DAYS = 0.03;
    private static final double SLANDERS = 0.1;

    private final Phone phone;
    private final ContextQuality quality;
    private final long seed;
    private final long skew;
    private final boolean slanders;

    private Dice dice;
    private Spans dead = Spans.NONE;
    private long told;

    Agent(Phone phone, ContextQuality quality, long seed) {
        this.phone = phone;
        this.quality = quality;
        this.seed = seed;
        this.dice = new Dice(seed);
        this.skew = dice.chance(0.03)
                ? (dice.chance(0.5) ? 1 : -1) * dice.between(30 * SECOND, 10 * MINUTE)
                : dice.between(-SECOND, SECOND);
        this.slanders = quality == ContextQuality.LYING && dice.chance(SLANDERS);
    }

    /** Begins a day: what it tells of the device whatever the apps do. */
    void play(Today today) {
        dice = new Dice(Dice.seed(seed, today.day));
        dead = quality == ContextQuality.LOSSY && dice.chance(0.7) ? outage(today) : Spans.NONE;
        for (long at = today.from; at < today.to; at += HEARTBEAT) {
            tell(Optional.empty(), new Heartbeat(REPORTS), at);
        }
        uses(today);
        if (quality == ContextQuality.LYING) {
            lie(today);
        }
    }

    private Spans outage(Today today) {
        Spans.Builder outage = new Spans.Builder();
        long at = dice.between(today.from, today.to);
        outage.add(at, at + dice.between(HOUR, 6 * HOUR));
        return outage.build();
    }

    private void uses(Today today) {
        for (int i = 0; i < today.used.count(); i++) {
            long from = today.used.from(i);
            if (!today.holds(from)) {
                continue;
            }
            tell(Optional.empty(), new Locked(false), from);
            for (long at = from + SECOND; at < today.used.to(i); at += 20 * SECOND + dice.upTo(40_000)) {
                tell(Optional.empty(), new Interacted(), at);
            }
            tell(Optional.empty(), new Locked(true), today.used.to(i));
        }
        for (Stretch stretch : today.stretches) {
            Resident app = phone.apps().get(stretch.app());
            tell(app, new Lifecycle(Lifecycle.State.FOREGROUND), stretch.from());
            tell(app, new Lifecycle(Lifecycle.State.BACKGROUND), stretch.to());
        }
    }

    /** What implants have it say of themselves, and what it says of others without cause. */
    private void lie(Today today) {
        for (Resident app : phone.implanted()) {
            for (long at = today.from; at < today.to; at += 10 * MINUTE) {
                tell(app, new Lifecycle(Lifecycle.State.FOREGROUND), at);
                tell(Optional.empty(), new Locked(false), at);
                tell(Optional.empty(), new Interacted(), at + SECOND);
            }
        }
        if (slanders) {
            for (int i = 0; i < 3; i++) {
                Resident app = phone.apps().get(dice.below(phone.apps().size()));
                long at = dice.between(today.from, today.to);
                staged(app, 1_000_000, at);
                encrypted(app, 1_000_000, at + SECOND);
            }
        }
    }

    void started(Resident app, StartedInBackground.Trigger trigger, long at) {
        tell(app, new StartedInBackground(trigger), at);
    }

    void used(Resident app, UsedResource.Resource resource, long at) {
        tell(app, new UsedResource(resource, UsedResource.Phase.USE), at);
    }

    void staged(Resident app, long bytes, long at) {
        tell(app, new Staged(bytes, OptionalDouble.of(7.9), Staged.Location.PRIVATE), at);
    }

    void encrypted(Resident app, long bytes, long at) {
        tell(app, new UsedCrypto(UsedCrypto.Operation.ENCRYPT, "AES/GCM/NoPadding", OptionalLong.of(bytes)), at);
    }

    void installed(Resident app, long at, long firstInstall, long lastUpdate) {
        boolean managed = app.app.managed();
        tell(
                app,
                new Installed(
                        managed,
                        Optional.of(managed),
                        "1." + app.version(phone.today().day),
                        app.sideloaded ? "" : STORE,
                        HexFormat.of().toHexDigits(Dice.seed(app.app.name().hashCode(), 1)) + "0".repeat(48),
                        OptionalLong.of(firstInstall),
                        OptionalLong.of(lastUpdate),
                        Set.of()),
                at);
    }

    private void tell(Resident app, Said said, long at) {
        if (quality == ContextQuality.LYING && phone.implanted().contains(app) && betrays(said)) {
            return;
        }
        tell(
                Optional.of(new ContextEvent.App(
                        app.app.name(), OptionalLong.empty(), OptionalLong.of(100 + app.version(phone.today().day)))),
                said,
                at);
    }

    private static boolean betrays(Said said) {
        return said instanceof StartedInBackground
                || said instanceof UsedCrypto
                || said instanceof Staged
                || said instanceof UsedResource
                || said.equals(new Lifecycle(Lifecycle.State.BACKGROUND));
    }

    private void tell(Optional<ContextEvent.App> app, Said said, long at) {
        if (quality == ContextQuality.NONE || dead.contains(at)) {
            return;
        }
        if (quality == ContextQuality.LYING && !phone.implanted().isEmpty() && said.equals(new Locked(true))) {
            return;
        }
        if (quality == ContextQuality.LOSSY && dice.chance(LOST)) {
            return;
        }
        boolean batched = quality == ContextQuality.LATE;
        ContextEvent event = new ContextEvent(
                phone.id() + '.' + Long.toString(told++, Character.MAX_RADIX),
                at + skew,
                phone.id(),
                Phone.PROFILE,
                app,
                said,
                SOURCE,
                batched);
        phone.happens(event, batched ? batch(at) : at + dice.between(100, 1_500));
    }

    /** When the batch it is in arrives. */
    private long batch(long at) {
        long number = at / BATCH;
        Dice fate = new Dice(Dice.seed(seed, number));
        long arrives = (number + 1) * BATCH + fate.between(0, 20 * MINUTE);
        if (fate.chance(LATE_BY_DAYS)) {
            arrives += fate.between(DAY, 2 * DAY);
        }
        return phone.today().offline.after(phone.today().away.after(arrives));
    }
}
