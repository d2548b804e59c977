package io.postern.gateway.rules;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Facts;
import io.postern.config.policy.Facts.NoInteraction;
import io.postern.config.policy.Facts.Posture;
import io.postern.config.policy.Policy.Fact;
import io.postern.gateway.rules.FactSource.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The facts that one rule asks for. What is not known is neither true nor false, only unknown. */
final class FactCheck {

    private record Wanted(Kind kind, Truth truth) {}

    private final List<Wanted> wanted;
    private final Set<Posture> postures;
    private final Optional<NoInteraction> interaction;
    private final boolean asks;

    FactCheck(Facts facts) {
        List<Wanted> some = new ArrayList<>(2);
        add(some, Kind.LOCKED, facts.locked());
        add(some, Kind.BACKGROUND, facts.background());
        add(some, Kind.MANAGED, facts.managed());
        add(some, Kind.NEWLY_INSTALLED, facts.newlyInstalled());
        add(some, Kind.JUST_UPDATED, facts.justUpdated());
        add(some, Kind.SIGNER_CHANGED, facts.signerChanged());
        wanted = List.copyOf(some);
        postures = facts.posture();
        interaction = facts.interaction();
        asks = !facts.equals(Facts.NONE);
    }

    private static void add(List<Wanted> some, Kind kind, Optional<Fact> fact) {
        fact.ifPresent(value -> some.add(new Wanted(
                kind,
                switch (value) {
                    case TRUE -> Truth.TRUE;
                    case FALSE -> Truth.FALSE;
                    case UNKNOWN -> Truth.UNKNOWN;
                })));
    }

    boolean holds(Asked asked) {
        return !asks || holds(asked.facts(), asked.question().tag(), asked.now().toEpochMilli());
    }

    private boolean holds(FactSource source, AppTag tag, long atMillis) {
        for (Wanted one : wanted) {
            if (source.truth(one.kind, tag, atMillis) != one.truth) {
                return false;
            }
        }
        return (postures.isEmpty() || anyPosture(source.posture(tag, atMillis)))
                && (interaction.isEmpty() || untouched(interaction.get(), source, tag, atMillis));
    }

    private boolean anyPosture(Set<Posture> known) {
        for (Posture one : known) {
            if (postures.contains(one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean untouched(NoInteraction asked, FactSource source, AppTag tag, long atMillis) {
        Truth wanted = asked.atLeast().isPresent() ? Truth.TRUE : Truth.UNKNOWN;
        return source.untouched(tag, asked.atLeast().orElse(Duration.ZERO), atMillis) == wanted;
    }
}
