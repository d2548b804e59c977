package io.postern.gateway.whatif;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Facts.Posture;
import io.postern.gateway.rules.FactSource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What was known as a flow began; what its line does not say is unknown. */
final class RecordedFacts implements FactSource {

    private static final Set<Posture> NO_POSTURE = Set.of(Posture.UNKNOWN);

    private final Map<Kind, Truth> truths = new EnumMap<>(Kind.class);
    private final Set<Posture> postures = EnumSet.noneOf(Posture.class);
    private long untouchedSeconds = -1;

    void truth(Kind kind, boolean value) {
        truths.put(kind, value ? Truth.TRUE : Truth.FALSE);
    }

    void untouched(long seconds) {
        untouchedSeconds = seconds;
    }

    void posture(Posture posture) {
        postures.add(posture);
    }

    @Override
    public Truth truth(Kind kind, AppTag tag, long atMillis) {
        return truths.getOrDefault(kind, Truth.UNKNOWN);
    }

    @Override
    public Truth untouched(AppTag tag, Duration atLeast, long atMillis) {
        return untouchedSeconds < 0
                ? Truth.UNKNOWN
                : untouchedSeconds >= atLeast.toSeconds() ? Truth.TRUE : Truth.FALSE;
    }

    @Override
    public Set<Posture> posture(AppTag tag, long atMillis) {
        return postures.isEmpty() ? NO_POSTURE : postures;
    }
}
