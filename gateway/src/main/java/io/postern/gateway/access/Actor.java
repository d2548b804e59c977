package io.postern.gateway.access;

import io.postern.config.AdminRole;
import java.util.Locale;

/**
 * Somebody who was recognised.
 *
 * @param name of the token or the certificate, as the audit log has it
 */
public record Actor(String name, AdminRole role, By by) {

    /** What was shown: a token and a certificate may have the same name and be of different people. */
    public enum By {
        TOKEN,
        CERTIFICATE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
