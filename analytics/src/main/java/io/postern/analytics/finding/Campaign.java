package io.postern.analytics.finding;

/**
 * Findings of one destination and one technique on several devices.
 *
 * @param uid the same for as long as it is the same destination and technique
 * @param destination a registrable domain, or an address
 * @param technique of ATT&CK, or the name of a method that is of none
 * @param devices distinct ones
 * @param apps distinct ones
 * @param score the highest of them
 * @param alert whether any of them is more than a word of an analytic in shadow
 */
public record Campaign(
        String uid,
        String destination,
        String technique,
        int devices,
        int apps,
        int findings,
        double score,
        boolean alert,
        long firstMillis,
        long lastMillis) {}
