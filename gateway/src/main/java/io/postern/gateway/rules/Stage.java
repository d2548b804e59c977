package io.postern.gateway.rules;

import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Policy.Rule;

/**
 * Which devices is a rule already enforced for? The same ones on every gateway and after every start, chosen by name
 * and for each rule anew; those of a smaller share are among those of a larger one.
 */
final class Stage {

    /** FNV-1a, 64 bits. */
    private static final long OFFSET = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;

    private Stage() {}

    /** Flows without a device are in only when everybody is: they are no share of anything. */
    static boolean includes(Rule rule, AppTag tag) {
        return rule.stage() == Rule.ALL_DEVICES
                || (tag.attributed() && place(rule.name(), tag.device()) < rule.stage());
    }

    /** From 0 to 99. Neither name has a slash, so no two pairs are the same text. */
    private static int place(String rule, String device) {
        long hash = grow(grow(grow(OFFSET, rule), "/"), device);
        // The last letters hardly reach the high bits by themselves (MurmurHash3's finalizer).
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return (int) Long.remainderUnsigned(hash ^ (hash >>> 33), Rule.ALL_DEVICES);
    }

    private static long grow(long hash, String text) {
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return hash;
    }
}
