package io.postern.gateway;

import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Facts.Posture;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.inventory.InstalledApp;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.records.KnownFacts;
import io.postern.gateway.rules.FactAnswers;
import io.postern.gateway.rules.FactSource;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What rules may ask: what sources tell and, of updates and signers, what the inventory remembers, which outlives the
 * kept facts.
 */
record DeviceFacts(DeviceContexts contexts, Inventory inventory) implements FactSource {

    @Override
    public Truth truth(Kind kind, AppTag tag, long atMillis) {
        if (!FactAnswers.asked(kind, tag)) {
            return Truth.UNKNOWN;
        }
        Truth told = contexts.of(tag.device(), device -> FactAnswers.truth(device, kind, tag, atMillis))
                .orElse(Truth.UNKNOWN);
        return withMemory(told, kind, tag, atMillis);
    }

    private Truth withMemory(Truth told, Kind kind, AppTag tag, long atMillis) {
        return told != Truth.TRUE && remembered(kind, tag, atMillis) ? Truth.TRUE : told;
    }

    private boolean remembered(Kind kind, AppTag tag, long atMillis) {
        return switch (kind) {
            case JUST_UPDATED -> remembered(tag, app -> app.justUpdated(atMillis, FactAnswers.RECENT));
            case SIGNER_CHANGED -> remembered(tag, app -> app.signerChanged(atMillis, FactAnswers.RECENT));
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
                ? contexts.of(tag.device(), device -> FactAnswers.untouched(device, atLeast, atMillis))
                        .orElse(Truth.UNKNOWN)
                : Truth.UNKNOWN;
    }

    @Override
    public Set<Posture> posture(AppTag tag, long atMillis) {
        return tag.attributed()
                ? contexts.of(tag.device(), device -> FactAnswers.posture(device, atMillis))
                        .orElse(FactAnswers.NO_POSTURE)
                : FactAnswers.NO_POSTURE;
    }

    /** All of it that is known. Waits for nothing, as the answers to rules. */
    KnownFacts known(AppTag tag, long atMillis) {
        return tag.attributed()
                ? contexts.of(tag.device(), device -> known(device, tag, atMillis))
                        .orElse(KnownFacts.NONE)
                : KnownFacts.NONE;
    }

    private KnownFacts known(DeviceContext device, AppTag tag, long atMillis) {
        return new KnownFacts(
                device.locked(atMillis).truth(),
                ofApp(device, Kind.BACKGROUND, tag, atMillis),
                ofApp(device, Kind.MANAGED, tag, atMillis),
                ofApp(device, Kind.NEWLY_INSTALLED, tag, atMillis),
                ofApp(device, Kind.JUST_UPDATED, tag, atMillis),
                ofApp(device, Kind.SIGNER_CHANGED, tag, atMillis),
                device.sinceInteraction(atMillis),
                Optional.of(FactAnswers.posture(device, atMillis))
                        .filter(posture -> !posture.equals(FactAnswers.NO_POSTURE))
                        .orElse(Set.of()));
    }

    private Truth ofApp(DeviceContext device, Kind kind, AppTag tag, long atMillis) {
        if (tag.app().equals(AppTag.NOBODY)) {
            return Truth.UNKNOWN;
        }
        return withMemory(FactAnswers.truth(device, kind, tag, atMillis), kind, tag, atMillis);
    }
}
