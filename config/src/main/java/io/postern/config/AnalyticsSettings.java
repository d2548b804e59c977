package io.postern.config;

import io.postern.analytics.Verdict;
import io.postern.analytics.attack.Settings;
import io.postern.config.policy.Policy.Mode;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/**
 * How the five analytics are set.
 *
 * @param modes of each of the five, by its id; those that are off are off in the knobs as well
 * @param enforcing likewise, for those in {@code enforce}
 * @param keys pairs of app and destination that are remembered of all devices together; 0: as many as a share of the heap holds
 */
public record AnalyticsSettings(
        Map<String, Mode> modes, Settings knobs, Map<String, Enforcing> enforcing, Budget falsePositives, long keys) {

    /** Of {@link #keys}, unless 0: four times what one device may hold. */
    public static final int LEAST_KEYS = 16_384;

    public AnalyticsSettings {
        modes = Map.copyOf(modes);
        enforcing = Map.copyOf(enforcing);
    }

    /**
     * What a finding does in {@code enforce}, and what must be so before it does.
     *
     * @param action throttle or block
     * @param bytesPerSecond of a throttled flow, each way
     * @param coverage the share of the last day's flows of which the analytic must have seen something
     * @param without absent: the app's baseline must be approved and the coverage reached
     */
    public record Enforcing(Verdict.Action action, long bytesPerSecond, double coverage, Optional<Waiver> without) {}

    /**
     * Somebody answers for doing without.
     *
     * @param until the last day, UTC
     */
    public record Waiver(String reason, String approver, LocalDate until) {}

    /**
     * How often an analytic may be wrong before its findings only alert.
     *
     * @param share of the answered findings
     * @param answers so few say nothing
     */
    public record Budget(double share, int answers) {}

    /** How far an analytic may act; one that is none of them not at all. */
    public Mode mode(String analytic) {
        return modes.getOrDefault(analytic, Mode.OFF);
    }
}
