package io.postern.config;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do with the admin API; each role may do all that those before it may. */
public enum AdminRole {
    /** Looks. */
    VIEWER,
    /** Does what incidents need, and tries out what would change. */
    OPERATOR,
    /** Changes what holds for everybody. */
    ADMIN;

    public boolean covers(AdminRole needed) {
        return compareTo(needed) >= 0;
    }

    /** As settings and token files write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<AdminRole> of(String label) {
        for (AdminRole role : values()) {
            if (role.label().equals(label)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
