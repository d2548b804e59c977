package io.postern.wire.ip;

/** May this destination be dialled? Before policy: nothing an app may do lifts a refusal. */
public sealed interface Egress {

    Egress ALLOWED = new Allowed();

    record Allowed() implements Egress {}

    /**
     * It may not.
     *
     * @param reason a label of {@link SpecialPurpose}, {@code denied} or {@code own-address}: bounded, for metrics
     * @param range the range that says so, or the listener's address: for the operator who asks why
     */
    record Refused(String reason, String range) implements Egress {
        /** By deny-networks. */
        public static final String DENIED = "denied";
        /** A listener of this gateway. */
        public static final String OWN_ADDRESS = "own-address";
    }
}
