package io.postern.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.ip.AddressText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialOrderTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "192.0.2.1, 192.0.2.1",
        "192.0.2.1 192.0.2.2, 192.0.2.1 192.0.2.2",
        "192.0.2.1 2001:db8::1, 2001:db8::1 192.0.2.1",
        "192.0.2.1 192.0.2.2 192.0.2.3 2001:db8::1, 2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3",
        "2001:db8::1 2001:db8::2 192.0.2.1, 2001:db8::1 192.0.2.1 2001:db8::2",
        "192.0.2.1 192.0.2.1 2001:db8::1 2001:db8::1, 2001:db8::1 192.0.2.1"
    })
    void familiesTakeTurns(String given, String order) {
        List<String> ordered =
                DialOrder.of(inet(given)).stream().map(AddressText::of).toList();
        assertThat(String.join(" ", ordered)).isEqualTo(order);
    }

    private static List<InetAddress> inet(String addresses) {
        return Arrays.stream(addresses.split(" ", -1))
                .filter(text -> !text.isEmpty())
                .map(DialOrderTest::literal)
                .toList();
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
