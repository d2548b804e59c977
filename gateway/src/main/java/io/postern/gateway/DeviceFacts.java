package io.postern.gateway;

import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Facts.Posture;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.inventory.InstalledApp;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.rules.FactSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What rules may ask: what sources tell and, of updates and signers, what the inventory remembers, which outlives the
 * kept facts.
 */
record DeviceFacts(DeviceContexts contexts, Inventory inventory) implements FactSource {

    /** So long an app is newly installed, just updated, or signed by another than before (ours). */
    static final Duration RECENT = Duration.ofDays(7);

    private static final Set<Posture> NO_POSTURE = Set.of(Posture.UNKNOWN);

    @Override
    public Truth truth(Kind kind, AppTag tag, long atMillis) {
        if (!tag.attributed() || (kind != Kind.LOCKED && tag.app().equals(AppTag.NOBODY))) {
            return Truth.UNKNOWN;
        }
        Truth told = contexts.of(tag.device(), device -> told(device, kind, tag, atMillis))
                .orElse(Truth.UNKNOWN);
        return told != Truth.TRUE && remembered(kind, tag, atMillis) ? Truth.TRUE : told;
    }

    private static Truth told(DeviceContext device, Kind kind, AppTag tag, long atMillis) {
        long recent = RECENT.toMillis();
        return switch (kind) {
            case MANAGED -> device.managed(tag, atMillis).truth();
            case NEWLY_INSTALLED -> device.newlyInstalled(tag, recent, atMillis).truth();
            case JUST_UPDATED -> device.justUpdated(tag, recent, atMillis).truth();
            case SIGNER_CHANGED -> device.signerChanged(tag, recent, atMillis).truth();
            case LOCKED -> device.locked(atMillis).truth();
            case BACKGROUND -> device.background(tag, atMillis).truth();
        };
    }

    private boolean remembered(Kind kind, AppTag tag, long atMillis) {
        return switch (kind) {
            case JUST_UPDATED -> remembered(tag, app -> app.justUpdated(atMillis, RECENT));
            case SIGNER_CHANGED -> remembered(tag, app -> app.signerChanged(atMillis, RECENT));
            case MANAGED, NEWLY_INSTALLED, LOCKED, BACKGROUND -> false;
        };
    }

    private boolean remembered(AppTag tag, Predicate<InstalledApp> what) {
        return inventory
                .find(new AppKey(tag.device(), tag.profile(), tag.app()))
                .filter(what)
                .isPresent();
    }

    @Override
    public Truth untouched(AppTag tag, Duration atLeast, long atMillis) {
        return tag.attributed()
                ? contexts.of(
                                tag.device(),
                                device -> device.interacted(atLeast.toMillis(), atMillis)
                                        .truth()
                                        .not())
                        .orElse(Truth.UNKNOWN)
                : Truth.UNKNOWN;
    }

    @Override
    public Set<Posture> posture(AppTag tag, long atMillis) {
        return tag.attributed()
                ? contexts.of(
                                tag.device(),
                                device -> device.health(atMillis)
                                        .map(DeviceFacts::posture)
                                        .orElse(NO_POSTURE))
                        .orElse(NO_POSTURE)
                : NO_POSTURE;
    }

    private static Set<Posture> posture(Health health) {
        Set<Posture> all = EnumSet.noneOf(Posture.class);
        if (health.compliant().known()) {
            all.add(health.compliant() == Truth.TRUE ? Posture.COMPLIANT : Posture.NON_COMPLIANT);
        }
        switch (health.risk()) {
            case SECURE -> all.add(Posture.SECURE);
            case AT_RISK -> all.add(Posture.AT_RISK);
            case COMPROMISED -> all.add(Posture.COMPROMISED);
            case UNKNOWN -> {}
        }
        return all.isEmpty() ? NO_POSTURE : all;
    }
}
