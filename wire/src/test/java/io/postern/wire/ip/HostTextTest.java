package io.postern.wire.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostTextTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "EXAMPLE.Com, example.com",
        "example.com., example.com",
        "localhost, localhost",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "r3---sn-4g5e6nez.googlevideo.com, r3---sn-4g5e6nez.googlevideo.com",
        "1.example, 1.example",
        "1.2.3.4.example, 1.2.3.4.example",
        "4chan.org, 4chan.org",
        "127.0.0.1.nip.io, 127.0.0.1.nip.io",
        "0xyz, 0xyz",
        "a, a"
    })
    void readsNamesInOneForm(String text, String name) {
        assertThat(HostText.of(text)).isEqualTo(new HostText.Name(name));
        assertThat(HostText.inAuthority(text)).isEqualTo(new HostText.Name(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x7f.1",
                "0x7f000001",
                "0X7F000001",
                "0x7f.0.0.1",
                "0x",
                "2130706433",
                "127.1",
                "127.0.1",
                "1.2.3.04",
                "0177.0.0.1",
                "00.0.0.0",
                "127.0.0.01",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.256",
                "1.2.3.4.",
                "1.2.3",
                "1..2.3",
                "1.2.3.4000",
                "0",
                "017700000001",
                "example.0x1",
                "example.1",
                "example.com.443",
                "1.2.3.+4"
            })
    void refusesWhateverElseCouldBeTakenForIpv4(String text) {
        assertThat(HostText.of(text)).isInstanceOf(HostText.Refused.class);
        assertThat(HostText.inAuthority(text)).isInstanceOf(HostText.Refused.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "127.0.0.1\u0000.example.com; NUL in a host",
                "'example.com\u0000'; NUL in a host",
                "user@example.com; user information before a host (RFC 9110 4.2.4)",
                "example%2ecom; zone id or percent-encoding in a host",
                "fe80::1%eth0; zone id or percent-encoding in a host",
                "::1%25lo; zone id or percent-encoding in a host",
                "[example.com]; brackets belong around an IPv6 address (RFC 3986 3.2.2)",
                "[127.0.0.1]; brackets belong around an IPv6 address (RFC 3986 3.2.2)",
                "a..b; empty name or label (RFC 1035 2.3.1)",
                ".example.com; empty name or label (RFC 1035 2.3.1)",
                "example.com..; empty name or label (RFC 1035 2.3.1)",
                ".; empty name or label (RFC 1035 2.3.1)",
                "''; empty name or label (RFC 1035 2.3.1)",
                "-a.example; label begins or ends with a hyphen (RFC 1123 2.1)",
                "a-.example; label begins or ends with a hyphen (RFC 1123 2.1)",
                "my_host.example; not a letter, digit or hyphen (RFC 1123 2.1)",
                "*.example; not a letter, digit or hyphen (RFC 1123 2.1)",
                "a b.example; not a letter, digit or hyphen (RFC 1123 2.1)",
                "'example.com\t'; not a letter, digit or hyphen (RFC 1123 2.1)",
                "example.com/; not a letter, digit or hyphen (RFC 1123 2.1)",
                "example.com#; not a letter, digit or hyphen (RFC 1123 2.1)",
                "example\\.com; not a letter, digit or hyphen (RFC 1123 2.1)",
                "b\u00FCcher.example; not ASCII, an international name is sent as A-labels (RFC 5891 4.4)",
                "\u212Aelvin.example; not ASCII, an international name is sent as A-labels (RFC 5891 4.4)",
                "127\u30020\u30020\u30021; not ASCII, an international name is sent as A-labels (RFC 5891 4.4)",
                "\uFF11\uFF12\uFF17.0.0.x; not ASCII, an international name is sent as A-labels (RFC 5891 4.4)"
            })
    void refusesWithTheRule(String text, String rule) {
        assertThat(HostText.of(text)).isEqualTo(new HostText.Refused(rule));
        assertThat(HostText.inAuthority(text)).isInstanceOf(HostText.Refused.class);
    }

    @Test
    void refusesFullwidthDigitsInEveryPlace() {
        for (String text : new String[] {"\uFF11.2.3.4", "1.2.3.\uFF14", "1\uFF0E2\uFF0E3\uFF0E4", "\u0661.0.0.1"}) {
            assertThat(HostText.of(text)).as(text).isInstanceOf(HostText.Refused.class);
        }
    }

    @Test
    void boundsLabelsAndNames() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "b".repeat(61);
        assertThat(longest).hasSize(253);
        assertThat(HostText.of(longest)).isEqualTo(new HostText.Name(longest));
        assertThat(HostText.of(longest + ".")).isEqualTo(new HostText.Name(longest));
        assertThat(HostText.of(longest + "b")).isInstanceOf(HostText.Refused.class);
        assertThat(HostText.of(longest + "b.")).isInstanceOf(HostText.Refused.class);
        assertThat(HostText.of("a" + label + ".example")).isInstanceOf(HostText.Refused.class);
        assertThat(HostText.of(".".repeat(1 << 20))).isInstanceOf(HostText.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::1, ::1",
        "::, ::",
        "2001:DB8::1, 2001:db8::1",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
        "2001:db8:0:1:0:0:0:1, 2001:db8:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:1:1:0:1:1:1, 2001:db8:1:1:0:1:1:1",
        "1::, 1::",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:7f00:1, 127.0.0.1",
        "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
        "0:0:0:0:0:0:13.1.68.3, ::d01:4403",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8"
    })
    void readsAddresses(String text, String canonical) {
        assertThat(address(HostText.of(text))).isEqualTo(canonical);
        String authority = text.indexOf(':') >= 0 ? "[" + text + "]" : text;
        assertThat(address(HostText.inAuthority(authority))).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2::3",
                "12345::",
                ":1",
                "1:",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7:8",
                "g::",
                "::1.2.3",
                "::1.2.3.04",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::0x1",
                "[::1]",
                "::1]",
                "[::1",
                "::1 ",
                "example.com:443",
                "1.2.3.4:443",
                "::-1",
                "\uFF11::1"
            })
    void refusesMalformedIpv6(String text) {
        assertThat(HostText.of(text)).isInstanceOf(HostText.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[]", "[", "]", "[[::1]]", "[::1].", "[::1]x", "[::1%lo]", "[v1.fe80]", "a:1"})
    void refusesWhatNoAuthorityCarries(String text) {
        assertThat(HostText.inAuthority(text)).isInstanceOf(HostText.Refused.class);
    }

    @Test
    void nameRefusesWhatIsNotCanonical() {
        for (String text : new String[] {"Example.com", "example.com.", "", "127.1", "a b"}) {
            assertThatThrownBy(() -> new HostText.Name(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void agreesWithAnotherReaderOnSeededAddresses() throws UnknownHostException {
        Random random = new Random(5952);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = sparse(random);
            InetAddress address = InetAddress.getByAddress(bytes);
            String text = AddressText.of(address);
            assertThat(address(HostText.of(text))).isEqualTo(text);
            if (bytes.length == 16) {
                var oracle = new IPAddressString(text, STRICT).getAddress();
                assertThat(text).isEqualTo(oracle.toIPv6().toCanonicalString());
                assertThat(HostText.of(oracle.toFullString())).isEqualTo(HostText.of(text));
                assertThat(HostText.of(oracle.toIPv6().toMixedString())).isEqualTo(HostText.of(text));
            }
        }
    }

    @Test
    void readsNoMutantAnotherReaderRefuses() throws UnknownHostException {
        Random random = new Random(4291);
        String alphabet = "0123456789abcdef:.:.::";
        int read = 0;
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder(AddressText.of(InetAddress.getByAddress(sparse(random))));
            text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
            if (HostText.of(text.toString()) instanceof HostText.Literal literal) {
                read++;
                assertThat(new IPAddressString(text.toString(), STRICT).isIPAddress())
                        .as(text.toString())
                        .isTrue();
                assertThat(AddressText.of(literal.address())).isNotEmpty();
            }
        }
        assertThat(read).isGreaterThan(10_000);
    }

    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowWildcardedSeparator(false)
            .allowPrefix(false)
            .allowMask(false)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .allowBase85(false)
            .getParentBuilder()
            .toParams();

    /** Mostly zero groups, so that every place of :: comes up. */
    private static byte[] sparse(Random random) {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 4 : 16];
        for (int at = 0; at < bytes.length; at += 2) {
            if (random.nextBoolean()) {
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0);
                bytes[at + 1] = (byte) random.nextInt();
            }
        }
        return bytes;
    }

    private static String address(HostText host) {
        assertThat(host).isInstanceOf(HostText.Literal.class);
        return AddressText.of(((HostText.Literal) host).address());
    }
}
