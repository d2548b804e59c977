package io.postern.gateway.records;

import java.util.Locale;

/** Why a flow ended, as {@code unmapped.postern.close_reason} says it, and what that makes of the flow. */
public enum CloseReason {
    /** The device was done first. */
    CLIENT_CLOSED(Activity.CLOSE),
    /** The world was done first. */
    UPSTREAM_CLOSED(Activity.CLOSE),
    /** Nothing moved for the idle timeout, or for the shorter one of a half-closed flow. */
    IDLE(Activity.CLOSE),
    /** A capture had no more of it. */
    INPUT_ENDED(Activity.CLOSE),
    /** The gateway is stopping. */
    DRAIN(Activity.CLOSE),
    CLIENT_RESET(Activity.RESET),
    UPSTREAM_RESET(Activity.RESET),
    /** Recognition, a finding or a policy ended what had been let through. */
    BLOCKED(Activity.RESET),
    /** A fault of ours; the log has its stack. */
    ERROR(Activity.RESET),
    /** Identity, destination or port were refused before any dial. */
    REFUSED(Activity.REFUSE),
    /** The client broke the listener's protocol, or said too little in time. */
    CLIENT_ERROR(Activity.REFUSE),
    /** A cap on flows, memory or work. */
    LIMIT(Activity.REFUSE),
    /** The destination's name has no address, or nobody could say. */
    UNRESOLVED(Activity.FAIL),
    /** The destination was dialled in vain. */
    UPSTREAM_FAILED(Activity.FAIL);

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Activity activity;

    CloseReason(Activity activity) {
        this.activity = activity;
    }

    public String label() {
        return label;
    }

    /**
     * What the flow's last line reports: one that was established is cut off, it no longer fails or is refused; one that
     * never was cannot have been closed or reset, whoever ended it.
     */
    Activity activity(boolean established) {
        if (established) {
            return activity.succeeded() ? activity : Activity.RESET;
        }
        return this == DRAIN || activity == Activity.REFUSE ? Activity.REFUSE : Activity.FAIL;
    }
}
