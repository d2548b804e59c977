package io.postern.gateway.flows;

import java.util.Locale;

/**
 * Why a client does not get its connection. Each way in says it in its own words; HTTP says it with a status and an
 * error type of RFC 9209 section 2.3.
 */
public enum Refusal {
    DENIED(403, "http_request_denied"),
    ADDRESS_PROHIBITED(403, "destination_ip_prohibited"),
    NO_SUCH_NAME(502, "dns_error"),
    RESOLVER_FAILED(502, "dns_error"),
    RESOLVER_TIMEOUT(504, "dns_timeout"),
    CONNECTION_REFUSED(502, "connection_refused"),
    CONNECTION_TIMEOUT(504, "connection_timeout"),
    UNREACHABLE(502, "destination_ip_unroutable"),
    CONNECTION_FAILED(502, "connection_terminated"),
    OVERLOAD(503, "connection_limit_reached"),
    ERROR(500, "proxy_internal_error");

    private final int status;
    private final String error;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Refusal(int status, String error) {
        this.status = status;
        this.error = error;
    }

    public int status() {
        return status;
    }

    /** The error type of a {@code Proxy-Status} field. */
    public String error() {
        return error;
    }

    public String label() {
        return label;
    }
}
