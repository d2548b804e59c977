package io.postern.analytics.attack;

import java.util.List;
import java.util.Set;

/** Service classes as a set in an int. Those that nobody here asks for are one. */
final class Classes {

    /** Legitimate platforms that anybody may put anything on, after which T1481 is named. */
    private static final List<String> PLATFORM_NAMES =
            List.of("cloud-storage", "social", "messaging", "code-hosting", "paste", "collaboration");

    private static final List<String> NAMES = List.of(
            "cloud-storage",
            "social",
            "messaging",
            "code-hosting",
            "paste",
            "collaboration",
            "push",
            "cdn",
            "app-backend",
            "login",
            "sdk-analytics",
            "sdk-ads",
            "app-store",
            "connectivity-check",
            "doh-resolver",
            "generic-https");

    static final int BITS = NAMES.size() + 1;
    static final int PLATFORMS = (1 << PLATFORM_NAMES.size()) - 1;
    /** Platforms that few apps have business with: not made for the users of phones. */
    static final int ODD = bit("code-hosting") | bit("paste");

    static final int PUSH = bit("push");
    static final int SDK = bit("sdk-analytics") | bit("sdk-ads");
    static final int RESOLVER = bit("doh-resolver");

    private static final int OTHER = 1 << NAMES.size();

    private Classes() {}

    private static int bit(String name) {
        int at = NAMES.indexOf(name);
        return at < 0 ? OTHER : 1 << at;
    }

    static int of(Set<String> names) {
        int set = 0;
        for (String name : names) {
            set |= bit(name);
        }
        return set;
    }

    /** The first one of those; empty of none that has a name. */
    static String first(int set) {
        int at = Integer.numberOfTrailingZeros(set);
        return at < NAMES.size() ? NAMES.get(at) : "";
    }
}
