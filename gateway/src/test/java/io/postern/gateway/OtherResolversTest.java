package io.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.Protocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which flows may be questions to somebody else. */
class OtherResolversTest {

    @ParameterizedTest(name = "{0} to port {1}, a resolver: {2}")
    @CsvSource({
        "DNS, 53, false, true",
        "DNS, 5353, false, true",
        "TLS, 853, false, true",
        "QUIC, 853, false, true",
        "TLS, 443, false, false",
        "TLS, 443, true, true",
        "QUIC, 443, true, true",
        "UNKNOWN, 443, true, true",
        "UNKNOWN, 443, false, false",
        "HTTP, 80, true, false",
        "SSH, 22, true, false",
        "STUN, 3478, true, false"
    })
    void countIfTheyCanBe(Protocol protocol, int port, boolean listed, boolean asked) {
        assertThat(OtherResolvers.asked(protocol, port, () -> listed)).isEqualTo(asked);
    }
}
