package io.postern.gateway.records;

import io.postern.analytics.Verdict.Action;

/** What was done about a flow in OCSF's words: {@code action_id} and {@code disposition_id}. */
enum Disposition {
    ALLOWED(1, 1),
    ALERT(1, 19),
    /** Its bytes pass, later: OCSF's Modified. */
    THROTTLED(4, 4),
    BLOCKED(2, 2),
    QUARANTINED(2, 3),
    DROPPED(2, 6),
    RESET(2, 21);

    private final int actionId;
    private final int id;

    Disposition(int actionId, int id) {
        this.actionId = actionId;
        this.id = id;
    }

    int actionId() {
        return actionId;
    }

    int id() {
        return id;
    }

    static Disposition of(FlowRecord flow) {
        return switch (flow.verdict().action()) {
            case ALLOW -> refused(flow) ? BLOCKED : ALLOWED;
            case ALERT -> refused(flow) ? BLOCKED : ALERT;
            case THROTTLE -> refused(flow) ? BLOCKED : THROTTLED;
            case BLOCK -> blocked(flow);
            case QUARANTINE -> QUARANTINED;
        };
    }

    /** Of a question, which has an answer whatever is decided. */
    static Disposition of(Action verdict) {
        return switch (verdict) {
            case ALLOW -> ALLOWED;
            case ALERT -> ALERT;
            case THROTTLE -> THROTTLED;
            case BLOCK -> BLOCKED;
            case QUARANTINE -> QUARANTINED;
        };
    }

    /** No rule was against it, and yet the gateway could not take it: too many flows, a broken request. */
    private static boolean refused(FlowRecord flow) {
        return flow.activity() == Activity.REFUSE;
    }

    private static Disposition blocked(FlowRecord flow) {
        if (flow.transport() == Transport.UDP || flow.silenced()) {
            return DROPPED;
        }
        return flow.activity() == Activity.RESET ? RESET : BLOCKED;
    }
}
