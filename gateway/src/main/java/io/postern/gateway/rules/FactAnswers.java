package io.postern.gateway.rules;

import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Facts.Posture;
import io.postern.gateway.rules.FactSource.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** What was told of one device, as answers to rules. */
public final class FactAnswers {

    /** So long an app is newly installed, just updated, or signed by another than before (ours). */
    public static final Duration RECENT = Duration.ofDays(7);

    public static final Set<Posture> NO_POSTURE = Set.of(Posture.UNKNOWN);

    private FactAnswers() {}

    public static Truth truth(DeviceContext device, Kind kind, AppTag tag, long atMillis) {
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

    /** See {@link FactSource#untouched}. */
    public static Truth untouched(DeviceContext device, Duration atLeast, long atMillis) {
        return device.interacted(atLeast.toMillis(), atMillis).truth().not();
    }

    /** See {@link FactSource#posture}. */
    public static Set<Posture> posture(DeviceContext device, long atMillis) {
        return device.health(atMillis).map(FactAnswers::posture).orElse(NO_POSTURE);
    }

    /** Whether there is anything to be known: of no app only what is of its device. */
    public static boolean asked(Kind kind, AppTag tag) {
        return tag.attributed() && (kind == Kind.LOCKED || !tag.app().equals(AppTag.NOBODY));
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
