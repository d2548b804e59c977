package io.postern.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postern.wire.ip.AddressText;
import java.time.Duration;
import java.util.List;
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
        assertThat(upstreams(upstream).servers()).extracting(AddressText::of).containsExactly(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns.example", "192.0.2.53:0", "192.0.2.53:70000", "tls://192.0.2.53", "System", "", "1.1"})
    void refusesWhatIsNoServer(String upstream) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> upstreams(upstream))
                .withMessage("upstreams has '" + upstream + "', must be system, an IP address or IP:PORT");
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
