package io.postern.gateway.radius;

import java.util.Locale;

/** What became of a packet, or of a session; what metrics count. */
public enum RadiusResult {
    STARTED,
    UPDATED,
    STOPPED,
    /** A server began or ended anew: all its sessions are over. */
    RESTARTED,
    /** Status-Server, RFC 5997. */
    STATUS,
    /** Heard before and answered again, without a second effect. */
    REPEATED,
    /** The session has said something later already. */
    OLD,
    /** Of a status that says nothing of addresses. */
    PASSED_OVER,
    /** No attribute names a device, or what it names is no device id. */
    NO_DEVICE,
    /** An address that the client may not speak for. */
    FOREIGN_ADDRESS,
    /** As many sessions or addresses as there may be; not answered, so that it comes again. */
    FULL,
    /** Not heard of for too long. */
    TIMED_OUT,
    /** From here on nothing is answered, RFC 2866 section 3. */
    UNKNOWN_CLIENT,
    MALFORMED,
    /** Neither Accounting-Request nor Status-Server. */
    UNSUPPORTED,
    BAD_AUTHENTICATOR,
    NO_MESSAGE_AUTHENTICATOR,
    /**
     * Its Event-Timestamp is too far from now, or it has none and must: by the settings, to have an address of another
     * live session, or to end all of a server's.
     */
    STALE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
