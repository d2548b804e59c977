package io.postern.analytics.evaluate;

import io.postern.analytics.fleet.Implant;

/**
 * What one analytic made of one implant.
 *
 * @param score the highest; 0 if it said nothing
 * @param caughtMillis after its first flow it was found; negative if it never was
 * @param checkIns by then
 * @param bytesOut device to world by then
 * @param blockMillis after its first flow it was found so that it may be blocked; negative if it never was
 * @param blockBytes device to world by then
 */
public record Case(
        String analytic,
        Implant implant,
        double score,
        long caughtMillis,
        long checkIns,
        long bytesOut,
        long blockMillis,
        long blockBytes) {

    /** One that nobody may block. */
    Case(String analytic, Implant implant, double score, long caughtMillis, long checkIns, long bytesOut) {
        this(analytic, implant, score, caughtMillis, checkIns, bytesOut, -1, 0);
    }

    /** Whether a finding of medium or more was made. */
    public boolean caught() {
        return caughtMillis >= 0;
    }

    /** Whether any finding was enough to block it. */
    public boolean mayBlock() {
        return blockMillis >= 0;
    }
}
