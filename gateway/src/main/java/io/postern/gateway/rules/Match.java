package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Mode;

/**
 * One rule that matched, whether or not it decided anything.
 *
 * @param wanted what the rule says
 * @param mode how seriously it is meant
 */
public record Match(String rule, Precedence rank, Action wanted, Mode mode) {

    static Match of(String rule, Precedence rank, Effect effect) {
        return new Match(rule, rank, effect.action(), effect.mode());
    }

    /** What the rule does in its mode. */
    public Action effective() {
        return switch (mode) {
            case OFF, SHADOW -> Action.ALLOW;
            case ALERT -> wanted == Action.ALLOW ? Action.ALLOW : Action.ALERT;
            case ENFORCE -> wanted;
        };
    }

    /** Whether the rule has a say in the verdict at all. */
    boolean counts() {
        return mode == Mode.ALERT || mode == Mode.ENFORCE;
    }

    /** Whether the flow would have been stopped or slowed if the rule were enforced. */
    public boolean wouldBlock() {
        return mode != Mode.ENFORCE && wanted.compareTo(Action.ALERT) > 0;
    }
}
