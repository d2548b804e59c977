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
    /** Enforcement switched off by hand. */
    KILL_SWITCH(Effect.LIFTS);

    private enum Effect {
        TIGHTENS,
        LIFTS
    }

    private final Effect effect;

    Precedence(Effect effect) {
        this.effect = effect;
    }

    Action apply(Action soFar, Action said) {
        return effect == Effect.LIFTS ? Action.ALLOW : soFar.stricter(said);
    }
}
