package io.postern.config.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {

    @ParameterizedTest
    @CsvSource({
        "300ms, PT0.3S",
        "5s, PT5S",
        "5m, PT5M",
        "1h, PT1H",
        "30d, PT720H",
        "0s, PT0S",
        "999999999d, PT23999999976H"
    })
    void readsDurations(String text, Duration duration) {
        assertThat(Units.duration(text)).contains(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "512, 512",
        "512B, 512",
        "16KiB, 16384",
        "100MB, 100000000",
        "1KB, 1000",
        "1GiB, 1073741824",
        "999999999GiB, 1073741822926258176"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Units.size(text)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "+5s", "5 s", "5S", "1.5h", "1000000000s", "٣s", "5w", "5s "})
    void refusesOtherDurations(String text) {
        assertThat(Units.duration(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "KB", "16kib", "16K", "-1B", "1.5MB", "1000000000B", "16 KiB"})
    void refusesOtherSizes(String text) {
        assertThat(Units.size(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "0.0.0.0, 0.0.0.0",
        "::, 0:0:0:0:0:0:0:0",
        "2001:DB8::1, 2001:db8:0:0:0:0:0:1",
        "64:ff9b::192.0.2.1, 64:ff9b:0:0:0:0:c000:201"
    })
    void readsAddressLiterals(String text, String address) {
        assertThat(Addresses.address(text).map(InetAddress::getHostAddress)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "a.example",
                "127.1",
                "127.0.0.01",
                "0x7f.0.0.1",
                "2130706433",
                "256.0.0.1",
                "1.2.3.4.",
                " 1.2.3.4",
                "[::1]",
                "::1%lo",
                "::g",
                ":::",
                "1::2::3",
                "::ffff:192.0.2.1",
                "1:2:3:4:5:6:7:8:9"
            })
    void refusesOtherAddresses(String text) {
        assertThat(Addresses.address(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "10.1.2.3/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.0.2.7, 192.0.2.7/32",
        "192.0.2.255/31, 192.0.2.254/31",
        "2001:db8:ffff::/33, 2001:db8:8000:0:0:0:0:0/33"
    })
    void readsPrefixes(String text, String network) {
        assertThat(Addresses.prefix(text).map(Addresses.Prefix::network)).hasToString("Optional[" + network + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "::/129", "10/8", "/8", "a/8"})
    void refusesOtherPrefixes(String text) {
        assertThat(Addresses.prefix(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "a.example:80    | a.example   | 80",
                "a.example       | a.example   |",
                "[::1]:80        | ::1         | 80",
                "[::1]           | ::1         |",
                "::1             | ::1         |",
                "[::1            | [::1        |",
                "[::1]80         | [::1]80     |",
                "a:              | a           | ''",
                ":80             | ''          | 80"
            },
            delimiter = '|')
    void splitsHostAndPort(String text, String host, @Nullable String port) {
        assertThat(HostPort.split(text)).isEqualTo(new HostPort(host, Optional.ofNullable(port)));
    }

    @Test
    void findsTheWordThatWasMeant() {
        List<String> known = List.of("type", "bind", "name", "connect-timeout");

        assertThat(Nearest.to("tpye", known)).contains("type");
        assertThat(Nearest.to("Bind", known)).contains("bind");
        assertThat(Nearest.to("connect_timeout", known)).contains("connect-timeout");
        assertThat(Nearest.to("nothing-like-it", known)).isEmpty();
        assertThat(Nearest.to("x".repeat(100_000), known)).isEmpty();
    }
}
