package io.postern.analytics.finding;

import java.util.Optional;

/**
 * An analyst's answer to a finding.
 *
 * @param status open, in progress or closed
 * @param conclusion there when it is closed, and only then
 * @param by who says so
 */
public record Review(Status status, Optional<Conclusion> conclusion, String reason, String by, long atMillis) {

    public Review {
        if (status == Status.SUPPRESSED) {
            throw new IllegalArgumentException("status is suppressed, must be open, in progress or closed");
        }
        if (conclusion.isPresent() != (status == Status.CLOSED)) {
            throw new IllegalArgumentException("a conclusion closes, and only with one it is closed");
        }
    }

    public boolean harmless() {
        return conclusion.filter(Conclusion::harmless).isPresent();
    }
}
