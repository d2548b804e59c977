package io.postern.analytics.finding;

/**
 * Why nobody need look at a finding.
 *
 * @param id of the exception, or of the finding that was answered
 * @param owner who answers for it
 * @param untilMillis from then on it does not hold
 */
public record Silence(Kind kind, String id, String owner, String reason, long untilMillis) {

    /** Whose word it is. */
    public enum Kind {
        /** Of policy. */
        EXCEPTION,
        /** An analyst's, about the like of it. */
        REVIEW
    }
}
