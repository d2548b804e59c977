package io.postern.wire.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressRangesTest {

    private static final EgressRanges DEFAULT = ranges(List.of(), List.of());

    @ParameterizedTest
    @EnumSource(SpecialPurpose.class)
    void refusesEverySpecialPurposeByItsLabel(SpecialPurpose purpose) {
        for (Prefix prefix : purpose.prefixes()) {
            if (prefix.length() > 0) {
                String label = SpecialPurpose.of(prefix.address()).orElseThrow().label();
                assertThat(DEFAULT.judge(prefix.address(), 443))
                        .isInstanceOfSatisfying(
                                Egress.Refused.class,
                                refused -> assertThat(refused.reason()).isEqualTo(label));
            }
        }
    }

    /** Every way to write an inner address that some resolver, some socket or some translator would follow. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0x7F.0x0.0x0.0x1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.1.",
                "0127.0.0.1",
                "0",
                "0.0.0.0",
                "0.0.0.0.",
                "00000000000",
                "127.0.0.01",
                "::1",
                "[::1]",
                "0:0:0:0:0:0:0:1",
                "0000:0000:0000:0000:0000:0000:0000:0001",
                "::",
                "[::]",
                "::127.0.0.1",
                "[::127.0.0.1]",
                "::ffff:127.0.0.1",
                "[::ffff:127.0.0.1]",
                "::FFFF:7F00:1",
                "[0:0:0:0:0:ffff:7f00:0001]",
                "::ffff:0:127.0.0.1",
                "64:ff9b::127.0.0.1",
                "[64:ff9b::7f00:1]",
                "64:ff9b:1::127.0.0.1",
                "64:ff9b:1:7f00:0:100::",
                "2002:7f00:1::",
                "2002:0a00:0001::1",
                "2001::1",
                "2001:0:7f00:1::",
                "2001:0:4136:e378:8000:63bf:80ff:fffe",
                "::1%lo",
                "[::1%25lo]",
                "fe80::1",
                "fe80::1%eth0",
                "fec0::1",
                "fd00::1",
                "[fd00:ec2::254]",
                "10.0.0.1",
                "10.1",
                "012.0.0.1",
                "0xa.0.0.1",
                "167772161",
                "172.16.0.1",
                "192.168.0.1",
                "192.168.1",
                "3232235521",
                "0300.0250.0.1",
                "169.254.169.254",
                "169.254.43518",
                "2852039166",
                "0xA9FEA9FE",
                "::ffff:169.254.169.254",
                "64:ff9b::169.254.169.254",
                "100.100.100.200",
                "168.63.129.16",
                "[127.0.0.1]",
                "[localhost]",
                "127\u30020\u30020\u30021",
                "\uFF11\uFF12\uFF17.0.0.1",
                "\u2460\u2461\u2466.0.0.1",
                "127.0.0.1\u0000.example.com",
                "127.0.0.1%00",
                "user@127.0.0.1",
                "example.com@127.0.0.1",
                "127.0.0.1#.example.com",
                "127.0.0.1/8",
                " 127.0.0.1",
                "127.0.0.1 ",
                "+127.0.0.1",
                "255.255.255.255",
                "224.0.0.1",
                "ff02::1"
            })
    void noSpellingLeadsInside(String text) {
        for (HostText host : List.of(HostText.of(text), HostText.inAuthority(text))) {
            assertThat(host).isNotInstanceOf(HostText.Name.class);
            if (host instanceof HostText.Literal literal) {
                assertThat(DEFAULT.judge(literal.address(), 80)).isInstanceOf(Egress.Refused.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "2606:4700::1111", "64:ff9b::1.1.1.1", "::ffff:1.1.1.1"})
    void allowsTheOpenInternet(String address) {
        assertThat(judge(DEFAULT, address)).isEqualTo("allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.2.3, allowed",
        "10.1.0.0/16, 10.1.2.3, allowed",
        "10.1.0.0/16, 10.2.0.1, private",
        "127.0.0.0/8, 127.0.0.1, allowed",
        "127.0.0.1, 127.0.0.1, allowed",
        "::1, ::1, allowed",
        "0.0.0.0/0, 10.1.2.3, private",
        "0.0.0.0/8, 0.0.0.0, allowed",
        "169.254.0.0/16, 169.254.169.254, metadata",
        "169.254.169.254, 169.254.169.254, allowed",
        "::ffff:10.0.0.0/104, 10.1.2.3, allowed",
        "10.0.0.0/8, 64:ff9b::10.1.2.3, allowed",
        "64:ff9b::/96, 64:ff9b::10.1.2.3, private",
        "2002::/16, 2002:a01:203::1, private",
        "2002::/16, 2002:101:101::1, allowed",
        "2001::/32, 2001:0:7f00:1::fefe:fefe, loopback",
        "2001::/32, 2001:0:101:101::80ff:fffe, loopback",
        "2001::/32, 2001:0:101:101::fefe:fefe, allowed",
        "64:ff9b:1::/48, 64:ff9b:1::10.1.2.3, allowed"
    })
    void anAllowedNetworkLiftsWhatItNames(String allowed, String address, String judgement) {
        assertThat(judge(ranges(List.of(allowed), List.of()), address)).isEqualTo(judgement);
    }

    @Test
    void anyRefusalCanBeLifted() {
        for (SpecialPurpose purpose : SpecialPurpose.values()) {
            for (Prefix prefix : purpose.prefixes()) {
                String exact = AddressText.of(prefix.address());
                EgressRanges lifted = ranges(List.of(exact, prefix.toString(), "0.0.0.0/8"), List.of());
                assertThat(judge(lifted, exact)).as(prefix.toString()).isIn("allowed", inside(prefix));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16, 10.1.2.3, denied",
        "10.0.0.0/8, 10.1.0.0/16, 10.2.0.1, allowed",
        "10.1.0.0/16, 10.0.0.0/8, 10.1.2.3, allowed",
        "10.0.0.0/8, 10.0.0.0/8, 10.1.2.3, denied",
        "203.0.113.0/24, 0.0.0.0/0, 203.0.113.9, allowed",
        "203.0.113.0/24, 0.0.0.0/0, 1.1.1.1, denied",
        "203.0.113.0/24, 0.0.0.0/0, 64:ff9b::1.1.1.1, denied",
        "203.0.113.0/24, 64:ff9b::/96, 64:ff9b::1.1.1.1, denied",
        "203.0.113.0/24, 0.0.0.0/0, 2606:4700::1111, allowed",
        "203.0.113.0/24, 1.1.1.1, ::ffff:1.1.1.1, denied"
    })
    void theLongestPrefixDecidesAndDenyWinsATie(String allowed, String denied, String address, String judgement) {
        assertThat(judge(ranges(List.of(allowed), List.of(denied)), address)).isEqualTo(judgement);
    }

    @Test
    void tellsWhichRangeRefuses() {
        assertThat(DEFAULT.judge(inet("172.20.0.1"), 443)).isEqualTo(new Egress.Refused("private", "172.16.0.0/12"));
        assertThat(ranges(List.of(), List.of("1.0.0.0/8")).judge(inet("1.1.1.1"), 443))
                .isEqualTo(new Egress.Refused("denied", "1.0.0.0/8"));
    }

    @Test
    void neverDialsItsOwnListener() {
        EgressRanges ranges = listening("203.0.113.7", 8443);
        assertThat(judge(ranges, "203.0.113.7", 8443)).isEqualTo("own-address");
        assertThat(judge(ranges, "::ffff:203.0.113.7", 8443)).isEqualTo("own-address");
        assertThat(judge(ranges, "64:ff9b::203.0.113.7", 8443)).isEqualTo("own-address");
        assertThat(judge(ranges, "203.0.113.7", 443)).isEqualTo("allowed");
        assertThat(judge(ranges, "203.0.113.8", 8443)).isEqualTo("allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void aWildcardListenerIsEveryLocalAddress(String wildcard) {
        EgressRanges ranges = listening(wildcard, 8443);
        for (String own :
                new String[] {"127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "203.0.113.1", "2001:db8::1"}) {
            assertThat(judge(ranges, own, 8443)).as(own).isEqualTo("own-address");
            assertThat(judge(ranges, own, 443)).as(own).isEqualTo("allowed");
        }
        assertThat(judge(ranges, "203.0.113.2", 8443)).isEqualTo("allowed");
    }

    @Test
    void aLoopbackListenerIsReachedByTheWildcardToo() {
        EgressRanges ranges = listening("127.0.0.1", 8080);
        assertThat(judge(ranges, "0.0.0.0", 8080)).isEqualTo("own-address");
        assertThat(judge(ranges, "::", 8080)).isEqualTo("own-address");
        assertThat(judge(ranges, "127.0.0.2", 8080)).isEqualTo("allowed");
    }

    /** A gateway that allows all it can, and listens. */
    private static EgressRanges listening(String address, int port) {
        Set<InetAddress> local = Set.of(inet("203.0.113.1"), inet("2001:db8::1"));
        return new EgressRanges(
                Stream.of("127.0.0.0/8", "::1", "0.0.0.0/8", "::", "203.0.113.0/24", "2001:db8::/32")
                        .map(Prefix::parse)
                        .toList(),
                List.of(),
                new OwnAddresses(List.of(new InetSocketAddress(inet(address), port)), local));
    }

    private static EgressRanges ranges(List<String> allowed, List<String> denied) {
        return new EgressRanges(
                allowed.stream().map(Prefix::parse).toList(),
                denied.stream().map(Prefix::parse).toList(),
                OwnAddresses.NONE);
    }

    private static String judge(EgressRanges ranges, String address) {
        return judge(ranges, address, 443);
    }

    private static String judge(EgressRanges ranges, String address, int port) {
        Egress judged = ranges.judge(inet(address), port);
        return judged instanceof Egress.Refused refused ? refused.reason() : "allowed";
    }

    /** Teredo's first address embeds 255.255.255.255 as its client, which is another refusal to lift. */
    private static String inside(Prefix prefix) {
        return prefix.toString().startsWith("2001::/") ? "broadcast" : "allowed";
    }

    private static InetAddress inet(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
