package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;

/**
 * Who wins when several have an opinion, weakest first: the one ordered list.
 *
 * <p>A rank either tightens what the ranks before it said, and then the strictest holds, or it lifts it. So an alert
 * of a strong rank never weakens a block of a weak one, and only a rank that is meant to make way does.
 */
public enum Precedence {
    /** What an app's role says about everything it does not list. */
    ROLE_DEFAULT(Effect.TIGHTENS),
    /** A finding. */
    ANALYTIC(Effect.TIGHTENS),
    /** A documented exception, scoped and not expired; a written rule that allows. */
    EXCEPTION(Effect.LIFTS),
    /** A written rule that alerts, throttles or blocks. */
    DENY(Effect.TIGHTENS),
    /** Containment of an app or a device. */
    QUARANTINE(Effect.TIGHTENS),
    /** What must work whatever happens: connectivity checks, the management agent, push. */
    NEVER_BREAK(Effect.LIFTS),
    /** Enforcement switched off by hand: what was said is told, and nothing more. */
    KILL_SWITCH(Effect.ONLY_TELLS);

    private enum Effect {
        TIGHTENS,
        LIFTS,
        ONLY_TELLS
    }

    private final Effect effect;

    Precedence(Effect effect) {
        this.effect = effect;
    }

    /** Whether what the ranks before it said counts no more. */
    boolean lifts() {
        return effect == Effect.LIFTS;
    }

    Action apply(Action soFar, Action said) {
        return switch (effect) {
            case TIGHTENS -> soFar.stricter(said);
            case LIFTS -> Action.ALLOW;
            case ONLY_TELLS -> soFar.compareTo(Action.ALERT) > 0 ? Action.ALERT : soFar;
        };
    }
}
