package io.postern.gateway.flows;

import io.postern.gateway.records.CloseReason;
import java.util.Locale;

/**
 * Why a client does not get its connection. Each way in says it in its own words: HTTP with a status and an error
 * type of RFC 9209 section 2.3, SOCKS5 with a reply code of RFC 1928 section 6.
 */
public enum Refusal {
    MALFORMED_REQUEST(400, "http_request_error", 1),
    DENIED(403, "http_request_denied", 2),
    ADDRESS_PROHIBITED(403, "destination_ip_prohibited", 2),
    NO_SUCH_NAME(502, "dns_error", 4),
    RESOLVER_FAILED(502, "dns_error", 4),
    RESOLVER_TIMEOUT(504, "dns_timeout", 6),
    CONNECTION_REFUSED(502, "connection_refused", 5),
    CONNECTION_TIMEOUT(504, "connection_timeout", 6),
    /** Host or network: Netty's native transports do not tell which, so SOCKS never replies 3. */
    UNREACHABLE(502, "destination_ip_unroutable", 4),
    CONNECTION_FAILED(502, "connection_terminated", 1),
    OVERLOAD(503, "connection_limit_reached", 1),
    ERROR(500, "proxy_internal_error", 1);

    private final int status;
    private final String error;
    private final int socks;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Refusal(int status, String error, int socks) {
        this.status = status;
        this.error = error;
        this.socks = socks;
    }

    public int status() {
        return status;
    }

    /** The error type of a {@code Proxy-Status} field. */
    public String error() {
        return error;
    }

    /** The reply of SOCKS5; a timeout is told as TTL expired, as other proxies do. */
    public int socks() {
        return socks;
    }

    /** How the flow ends that is told so. */
    public CloseReason closes() {
        return switch (this) {
            case MALFORMED_REQUEST -> CloseReason.CLIENT_ERROR;
            case DENIED, ADDRESS_PROHIBITED -> CloseReason.REFUSED;
            case NO_SUCH_NAME, RESOLVER_FAILED, RESOLVER_TIMEOUT -> CloseReason.UNRESOLVED;
            case CONNECTION_REFUSED, CONNECTION_TIMEOUT, UNREACHABLE, CONNECTION_FAILED -> CloseReason.UPSTREAM_FAILED;
            case OVERLOAD -> CloseReason.LIMIT;
            case ERROR -> CloseReason.ERROR;
        };
    }

    public String label() {
        return label;
    }
}
