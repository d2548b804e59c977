package io.postern.analytics;

/**
 * One named observation for or against; what is made of several is a detector's business.
 *
 * @param feature what was looked at, never peer-controlled text
 * @param value what was seen
 * @param threshold from which on it counts
 * @param weight how much it counts, 0 to 100
 * @param supports whether it speaks for a finding, rather than against
 */
public record Evidence(Family family, String feature, double value, double threshold, int weight, boolean supports) {

    public Evidence {
        if (weight < 0 || weight > 100) {
            throw new IllegalArgumentException("weight is " + weight + ", must be 0 to 100");
        }
    }

    /** Observations of one family are not independent of each other. */
    public enum Family {
        /** Where it goes, against role and baseline. */
        DESTINATION("destination"),
        /** What the device and the app were doing; a modifier of others, never enough beside one of them. */
        STATE("state"),
        /** When and how much. */
        CADENCE("cadence"),
        /** What is spoken on which port. */
        PORT("protocol-port"),
        /** What is asked of DNS. */
        DNS("dns"),
        /** What was told of cryptography, staging and protected resources. */
        TELEMETRY("telemetry"),
        /** Whose credential it is, and who shows it. */
        TAG("tag");

        private final String label;

        Family(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
