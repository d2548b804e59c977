package io.postern.gateway.rules;

import io.postern.analytics.Verdict.Action;
import io.postern.config.policy.Policy.Effect;
import io.postern.config.policy.Policy.Mode;

/**
 * One rule that matched, whether or not it decided anything.
 *
 * @param rule the rule's name, or the id of an analytic that has found something
 * @param note why it does less than it says; empty if it does not
 * @param wanted what the rule says
 * @param mode how seriously it is meant
 * @param bytesPerSecond each way, of what it throttles
 */
public record Match(String rule, String note, Precedence rank, Action wanted, Mode mode, long bytesPerSecond) {

    public Match(String rule, Precedence rank, Action wanted, Mode mode) {
        this(rule, "", rank, wanted, mode, Effect.BYTES_PER_SECOND);
    }

    static Match of(String rule, Precedence rank, Effect effect) {
        return new Match(rule, "", rank, effect.action(), effect.mode(), effect.bytesPerSecond());
    }

    /** The same in another mode. */
    Match in(Mode other) {
        return new Match(rule, note, rank, wanted, other, bytesPerSecond);
    }

    /** The same that only alerts, and says why. */
    public Match alerting(String why) {
        return new Match(rule, why, rank, wanted, Mode.ALERT, bytesPerSecond);
    }

    /** As records have it. */
    public String name() {
        return note.isEmpty() ? rule : rule + ", " + note;
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
