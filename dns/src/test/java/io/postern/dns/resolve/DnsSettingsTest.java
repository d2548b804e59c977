package io.postern.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postern.dns.forward.Server;
import io.postern.wire.ip.AddressText;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DnsSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.53, 192.0.2.53:53",
        "192.0.2.53:5353, 192.0.2.53:5353",
        "2001:db8::53, [2001:db8::53]:53",
        "[2001:db8::53], [2001:db8::53]:53",
        "[2001:db8::53]:5353, [2001:db8::53]:5353"
    })
    void readsServers(String upstream, String server) {
        assertThat(upstreams(upstream).servers())
                .extracting(each -> AddressText.of(each.address()))
                .containsExactly(server);
    }

    @ParameterizedTest
    @CsvSource({
        "tls://192.0.2.53, TLS, 192.0.2.53:853, 192.0.2.53, ''",
        "tls://[2001:db8::53]:8853, TLS, [2001:db8::53]:8853, 2001:db8::53, ''",
        "tls://DNS.example, TLS, 192.0.2.54:853, dns.example, ''",
        "https://dns.example/dns-query, HTTPS, 192.0.2.54:443, dns.example, /dns-query",
        "https://192.0.2.53:8443/a/b, HTTPS, 192.0.2.53:8443, 192.0.2.53, /a/b"
    })
    void readsServersInsideTls(String upstream, Server.Carriage carriage, String address, String host, String path)
            throws Exception {
        DnsSettings settings = new DnsSettings(
                List.of(upstream),
                Map.of("dns.example", List.of(InetAddress.getByName("192.0.2.54"))),
                Duration.ofSeconds(1),
                1,
                1);
        Server server = settings.servers().get(0);
        assertThat(server.carriage()).isEqualTo(carriage);
        assertThat(AddressText.of(server.address())).isEqualTo(address);
        assertThat(server.host()).isEqualTo(host);
        assertThat(server.path()).isEqualTo(path);
    }

    @Test
    void aServerCannotBeAskedForItsOwnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upstreams("tls://dns.example"))
                .withMessage("upstreams has 'tls://dns.example', must have its host in bootstrap");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dns.example",
                "192.0.2.53:0",
                "192.0.2.53:70000",
                "tls://192.0.2.53:0",
                "https://192.0.2.53",
                "https://u@dns.example/q",
                "https://192.0.2.53/?q",
                "System",
                "",
                "1.1"
            })
    void refusesWhatIsNoServer(String upstream) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upstreams(upstream))
                .withMessage(
                        "upstreams has '" + upstream + "', must be system, an IP address, IP:PORT, tls://HOST[:PORT]"
                                + " or https://HOST[:PORT]/PATH");
    }

    @Test
    void theSystemAlwaysHasAServer() {
        assertThat(DnsSettings.DEFAULTS.servers()).isNotEmpty();
    }

    @Test
    void refusesWhatIsOutOfBounds() {
        List<String> system = List.of("system");
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsSettings(List.of(), second, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsSettings(system, Duration.ofMillis(99), 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsSettings(system, Duration.ofMinutes(2), 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsSettings(system, second, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsSettings(system, second, 1_000_001, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DnsSettings(system, second, 1, 0));
    }

    private static DnsSettings upstreams(String upstream) {
        return new DnsSettings(List.of(upstream), Duration.ofSeconds(1), 1, 1);
    }
}
