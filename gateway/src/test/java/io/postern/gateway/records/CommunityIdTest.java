package io.postern.gateway.records;

import static io.postern.gateway.records.TestingFlows.ip;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommunityIdTest {
    private final CommunityId ids = new CommunityId();

    /** The examples of Corelight's specification that its other implementations test with. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            TCP | 128.232.110.120                        | 34855 | 66.35.250.204         | 80 | 1:LQU9qZlK+B5F3KDmev6m5PMibrg=
            UDP | 192.168.1.52                           | 54585 | 8.8.8.8               | 53 | 1:d/FP5EW3wiY1vCndhwleRRKHowQ=
            TCP | 2001:470:e5bf:dead:4957:2174:e82c:4887 | 63943 | 2607:f8b0:400c:c03::1a| 25 | 1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=
            """)
    void isWhatEveryOtherToolSays(
            Transport transport, String client, int clientPort, String server, int serverPort, String id) {
        assertThat(ids.of(transport, ip(client), clientPort, ip(server), serverPort))
                .contains(id);
        assertThat(ids.of(transport, ip(server), serverPort, ip(client), clientPort))
                .as("the other direction")
                .contains(id);
    }

    @Test
    void oneAddressIsOrderedByPort() {
        assertThat(ids.of(Transport.TCP, ip("127.0.0.1"), 50_000, ip("127.0.0.1"), 443))
                .isEqualTo(ids.of(Transport.TCP, ip("127.0.0.1"), 443, ip("127.0.0.1"), 50_000))
                .isNotEqualTo(ids.of(Transport.TCP, ip("127.0.0.1"), 443, ip("127.0.0.1"), 50_001));
    }

    @Test
    void twoFamiliesHaveNone() {
        assertThat(ids.of(Transport.TCP, ip("10.0.0.1"), 1, ip("2001:db8::1"), 2))
                .isEmpty();
    }
}
