package io.postern.config;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What is kept for bundles of evidence.
 *
 * @param flows lines of flows in a bundle at most
 * @param coverageKept how long it is kept what each analytic could see
 * @param capture of what an app sends once it has a finding; absent: nothing is captured
 */
public record EvidenceSettings(int flows, Duration coverageKept, Optional<Capture> capture) {

    /**
     * Bytes that are kept of flows, for a purpose and a while.
     *
     * @param until the last day on which anything is captured, UTC
     * @param bytes of one capture
     * @param flows of one capture
     * @param within so long after its finding was opened a capture takes in flows and bytes
     * @param kept a capture, from then on
     * @param captures that are kept at one time
     */
    public record Capture(
            String purpose,
            String approver,
            LocalDate until,
            long bytes,
            int flows,
            Duration within,
            Duration kept,
            int captures) {}
}
