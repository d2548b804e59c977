package io.postern.analytics;

/**
 * What happens to a flow, and the one rule that says so.
 *
 * @param reason the rule's name as an operator knows it, never peer-controlled text
 */
public record Verdict(Action action, String reason) {

    /** In order of severity: combining verdicts keeps the later constant. */
    public enum Action {
        ALLOW,
        ALERT,
        THROTTLE,
        BLOCK,
        QUARANTINE;

        /** Whether the flow may not go on. */
        public boolean ends() {
            return this == BLOCK || this == QUARANTINE;
        }

        public Action stricter(Action other) {
            return other.compareTo(this) > 0 ? other : this;
        }
    }

    public Verdict stricter(Verdict other) {
        return other.action.compareTo(action) > 0 ? other : this;
    }
}
