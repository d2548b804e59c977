package io.postern.gateway.flows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients are told is what tools and scripts look for: RFC 9110 and 9209, RFC 1928 section 6. */
class RefusalTest {

    @ParameterizedTest
    @CsvSource({
        "MALFORMED_REQUEST, 400, http_request_error, 1",
        "DENIED, 403, http_request_denied, 2",
        "ADDRESS_PROHIBITED, 403, destination_ip_prohibited, 2",
        "NO_SUCH_NAME, 502, dns_error, 4",
        "RESOLVER_FAILED, 502, dns_error, 4",
        "RESOLVER_TIMEOUT, 504, dns_timeout, 6",
        "CONNECTION_REFUSED, 502, connection_refused, 5",
        "CONNECTION_TIMEOUT, 504, connection_timeout, 6",
        "UNREACHABLE, 502, destination_ip_unroutable, 4",
        "CONNECTION_FAILED, 502, connection_terminated, 1",
        "OVERLOAD, 503, connection_limit_reached, 1",
        "ERROR, 500, proxy_internal_error, 1"
    })
    void isSaidInEachProtocol(Refusal refusal, int status, String error, int socks) {
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.error()).isEqualTo(error);
        assertThat(refusal.socks()).isEqualTo(socks);
    }
}
