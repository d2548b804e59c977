package io.postern.wire.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0/8",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.0.2.1, 192.0.2.1/32",
        "2001:DB8::/32, 2001:db8::/32",
        "::/0, ::/0",
        "::1, ::1/128",
        "::ffff:10.0.0.0/104, 10.0.0.0/8",
        "::ffff:0:0/96, 0.0.0.0/0",
        "::ffff:192.0.2.1, 192.0.2.1/32"
    })
    void readsAndWrites(String text, String canonical) {
        Prefix prefix = Prefix.parse(text);
        assertThat(prefix).hasToString(canonical).isEqualTo(Prefix.parse(canonical));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1/8 | 10.0.0.1/8 has bits beyond its length, must be 10.0.0.0/8",
                "2001:db8::1/32 | 2001:db8::1/32 has bits beyond its length, must be 2001:db8::/32",
                "10.0.0.0/33 | '10.0.0.0/33' has no length after the slash from 0 to 32",
                "2001:db8::/129 | '2001:db8::/129' has no length after the slash from 0 to 128",
                "10.0.0.0/ | '10.0.0.0/' has no length after the slash from 0 to 32",
                "10.0.0.0/-1 | '10.0.0.0/-1' has no length after the slash from 0 to 32",
                "10.0.0.0/+8 | '10.0.0.0/+8' has no length after the slash from 0 to 32",
                "10.0.0.0/0008 | '10.0.0.0/0008' has no length after the slash from 0 to 32",
                "10.0.0.0/8/8 | '10.0.0.0/8/8' has no length after the slash from 0 to 32",
                "10/8 | '10/8' is not a prefix, must be an IP address or ADDRESS/LENGTH",
                "example.com/8 | 'example.com/8' is not a prefix, must be an IP address or ADDRESS/LENGTH",
                "[::1]/128 | '[::1]/128' is not a prefix, must be an IP address or ADDRESS/LENGTH",
                "'' | '' is not a prefix, must be an IP address or ADDRESS/LENGTH",
                "::ffff:0:0/95 | '::ffff:0:0/95' cuts through ::ffff:0:0/96, must be an IPv4 prefix or be within it"
            })
    void saysWhatIsWrongAndWhatItMustBe(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Prefix.parse(text))
                .withMessage(message);
    }

    @Test
    void containsItsOwnFamilyOnly() throws UnknownHostException {
        assertThat(Prefix.parse("10.0.0.0/8").contains(InetAddress.getByName("10.255.0.1")))
                .isTrue();
        assertThat(Prefix.parse("10.0.0.0/8").contains(InetAddress.getByName("11.0.0.0")))
                .isFalse();
        assertThat(Prefix.parse("::/0").contains(InetAddress.getByName("10.0.0.1")))
                .isFalse();
        assertThat(Prefix.parse("2001:db8::/127").contains(InetAddress.getByName("2001:db8::2")))
                .isFalse();
    }

    @Test
    void standsAroundAnAddress() throws UnknownHostException {
        assertThat(Prefix.around(InetAddress.getByName("192.0.2.77"), 24)).hasToString("192.0.2.0/24");
        assertThat(Prefix.around(InetAddress.getByName("2001:db8:1:2:3::"), 56)).hasToString("2001:db8:1::/56");
    }
}
