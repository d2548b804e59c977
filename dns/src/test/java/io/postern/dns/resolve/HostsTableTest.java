package io.postern.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsTableTest {

    private static final HostsTable TABLE = new HostsTable(Map.of(
            "www.example", List.of("192.0.2.1"),
            "WWW.Example.:8443", List.of("127.0.0.1:9443", "[::1]:9443", "2001:db8::1"),
            "192.0.2.7", List.of("127.0.0.1"),
            "2001:DB8:0::7", List.of("::1"),
            "[2001:db8::7]:443", List.of("[::1]")));

    @ParameterizedTest
    @CsvSource({
        "www.example, 443, 192.0.2.1:443",
        "www.example, 8443, 127.0.0.1:9443 [::1]:9443 [2001:db8::1]:8443",
        "WWW.EXAMPLE., 80, 192.0.2.1:80",
        "192.0.2.7, 80, 127.0.0.1:80",
        "2001:db8::7, 80, [::1]:80",
        "2001:db8::7, 443, [::1]:443",
        "www.example.org, 443, ''",
        "192.0.2.8, 443, ''"
    })
    void findsWhatToDial(String host, int port, String dialled) {
        List<String> found = lookup(host, port);
        assertThat(String.join(" ", found)).isEqualTo(dialled);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.1 | 192.0.2.1 | '127.1' is not a host: numeric and not four decimal parts without leading zeros (RFC 3986 3.2.2)",
                "a_b | 192.0.2.1 | 'a_b' is not a host: not a letter, digit or hyphen (RFC 1123 2.1)",
                "a:0 | 192.0.2.1 | 'a:0' has no port from 1 to 65535 after the colon",
                "a: | 192.0.2.1 | 'a:' has no port from 1 to 65535 after the colon",
                "a:https | 192.0.2.1 | 'a:https' has no port from 1 to 65535 after the colon",
                "a:65536 | 192.0.2.1 | 'a:65536' has no port from 1 to 65535 after the colon",
                "a | b | 'a' has 'b', must be an IP address or ADDRESS:PORT, IPv6 in brackets before a port",
                "a | 192.0.2.1:0 | 'a' has '192.0.2.1:0', must be an IP address or ADDRESS:PORT, IPv6 in brackets before a port",
                "a | [::1]: | 'a' has '[::1]:', must be an IP address or ADDRESS:PORT, IPv6 in brackets before a port",
                "a | '' | 'a' has '', must be an IP address or ADDRESS:PORT, IPv6 in brackets before a port"
            })
    void saysWhatIsWrongAndWhatItMustBe(String host, String target, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostsTable(Map.of(host, List.of(target))))
                .withMessage(message);
    }

    @Test
    void refusesAHostWithoutAddressesAndOneWrittenTwice() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HostsTable(Map.of("a", List.of())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostsTable(Map.of("a", List.of("::1"), "A", List.of("::1"))));
    }

    private static List<String> lookup(String text, int port) {
        HostText host = HostText.of(text);
        var found = host instanceof HostText.Name name
                ? TABLE.lookup(name, port)
                : TABLE.lookup((HostText.Literal) host, port);
        return found.stream().map(AddressText::of).toList();
    }
}
