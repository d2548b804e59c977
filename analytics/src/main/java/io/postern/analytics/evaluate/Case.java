package io.postern.analytics.evaluate;

import io.postern.analytics.fleet.Implant;

/**
 * What one analytic made of one implant.
 *
 * @param score the highest; 0 if it said nothing
 * @param caughtMillis after its first flow it was found; negative if it never was
 * @param checkIns by then
 * @param bytesOut device to world by then
 */
public record Case(String analytic, Implant implant, double score, long caughtMillis, long checkIns, long bytesOut) {

    /** Whether a finding of medium or more was made. */
    public boolean caught() {
        return caughtMillis >= 0;
    }
}
