package io.postern.wire.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialPurposeTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.255.255.255, this-network",
        "::, ::, this-network",
        "10.0.0.0, 10.255.255.255, private",
        "172.16.0.0, 172.31.255.255, private",
        "192.168.0.0, 192.168.255.255, private",
        "fc00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, unique-local",
        "fec0::, feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, unique-local",
        "100.64.0.0, 100.127.255.255, shared",
        "127.0.0.0, 127.255.255.255, loopback",
        "::1, ::1, loopback",
        "169.254.0.0, 169.254.255.255, link-local",
        "fe80::, febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, link-local",
        "169.254.169.254, 169.254.169.254, metadata",
        "168.63.129.16, 168.63.129.16, metadata",
        "100.100.100.200, 100.100.100.200, metadata",
        "fd00:ec2::254, fd00:ec2::254, metadata",
        "192.0.0.0, 192.0.0.255, protocol-assignment",
        "2001:1::, 2001:1:ffff:ffff:ffff:ffff:ffff:ffff, protocol-assignment",
        "2001:10::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, protocol-assignment",
        "100:0:0:1::, 100:0:0:1:ffff:ffff:ffff:ffff, protocol-assignment",
        "192.31.196.0, 192.31.196.255, anycast-service",
        "192.52.193.0, 192.52.193.255, anycast-service",
        "192.175.48.0, 192.175.48.255, anycast-service",
        "2001:3::, 2001:3:ffff:ffff:ffff:ffff:ffff:ffff, anycast-service",
        "2001:4:112::, 2001:4:112:ffff:ffff:ffff:ffff:ffff, anycast-service",
        "2620:4f:8000::, 2620:4f:8000:ffff:ffff:ffff:ffff:ffff, anycast-service",
        "192.88.99.0, 192.88.99.255, relay-anycast",
        "192.0.2.0, 192.0.2.255, documentation",
        "198.51.100.0, 198.51.100.255, documentation",
        "203.0.113.0, 203.0.113.255, documentation",
        "2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, documentation",
        "3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, documentation",
        "198.18.0.0, 198.19.255.255, benchmarking",
        "2001:2::, 2001:2:0:ffff:ffff:ffff:ffff:ffff, benchmarking",
        "224.0.0.0, 239.255.255.255, multicast",
        "ff00::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, multicast",
        "240.0.0.0, 255.255.255.254, reserved",
        "255.255.255.255, 255.255.255.255, broadcast",
        "64:ff9b:1::, 64:ff9b:1:ffff:ffff:ffff:ffff:ffff, local-nat64",
        "2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, six-to-four",
        "2001::, 2001:0:ffff:ffff:ffff:ffff:ffff:ffff, teredo",
        "100::, 100::ffff:ffff:ffff:ffff, discard",
        "5f00::, 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff, segment-routing",
        "::2, ::fffe:ffff:ffff, reserved",
        "::7f00:1, ::7f00:1, reserved",
        "::ffff:0:7f00:1, ::ffff:0:7f00:1, reserved",
        "4000::, 5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, reserved"
    })
    void eachRangeFromItsFirstToItsLastAddress(String first, String last, String label) throws UnknownHostException {
        assertThat(label(first)).isEqualTo(label);
        assertThat(label(last)).isEqualTo(label);
    }

    @ParameterizedTest
    @EnumSource(SpecialPurpose.class)
    void theAddressesAroundEachRangeAreSomethingElse(SpecialPurpose purpose) throws UnknownHostException {
        for (Prefix prefix : purpose.prefixes()) {
            byte[] first = prefix.address().getAddress();
            BigInteger size = BigInteger.ONE.shiftLeft(8 * first.length - prefix.length());
            BigInteger start = new BigInteger(1, first);
            for (BigInteger outside : new BigInteger[] {start.subtract(BigInteger.ONE), start.add(size)}) {
                byte[] bytes = bytes(outside, first.length);
                if (!prefix.contains(InetAddress.getByAddress(bytes))) {
                    boolean within = purpose.prefixes().stream().anyMatch(other -> contains(other, bytes));
                    assertThat(SpecialPurpose.of(InetAddress.getByAddress(bytes))
                                    .filter(purpose::equals))
                            .as("%s around %s", AddressText.of(InetAddress.getByAddress(bytes)), prefix)
                            .isEqualTo(within ? Optional.of(purpose) : Optional.empty());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.0.3.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "168.63.129.15",
                "2001:200::1",
                "2000::1",
                "2003::",
                "2606:4700::1111",
                "2a00:1450::",
                "3ffe:ffff::",
                "64:ff9b::8.8.8.8",
                "64:ff9b::1.1.1.1"
            })
    void theOpenInternetIsNotSpecial(String address) throws UnknownHostException {
        assertThat(SpecialPurpose.of(InetAddress.getByName(address))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "64:ff9b::10.0.0.1, private",
        "64:ff9b::127.0.0.1, loopback",
        "64:ff9b::169.254.169.254, metadata",
        "64:ff9b::0.0.0.0, this-network",
        "64:ff9b::224.0.0.1, multicast",
        "64:ff9b::1:7f00:1, reserved"
    })
    void nat64IsJudgedByItsIpv4(String address, String label) throws UnknownHostException {
        assertThat(label(address)).isEqualTo(label);
    }

    @Test
    void labelsAreFitForMetrics() {
        assertThat(Arrays.stream(SpecialPurpose.values()).map(SpecialPurpose::label))
                .doesNotHaveDuplicates()
                .allMatch(label -> label.matches("[a-z0-9-]{1,24}"));
    }

    @Test
    void noPrefixHasTwoPurposes() {
        assertThat(Arrays.stream(SpecialPurpose.values()).flatMap(purpose -> purpose.prefixes().stream()))
                .doesNotHaveDuplicates();
    }

    private static boolean contains(Prefix prefix, byte[] address) {
        try {
            return prefix.contains(InetAddress.getByAddress(address));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] bytes(BigInteger number, int length) {
        byte[] signed = number.mod(BigInteger.ONE.shiftLeft(8 * length)).toByteArray();
        byte[] bytes = new byte[length];
        int count = Math.min(signed.length, length);
        System.arraycopy(signed, signed.length - count, bytes, length - count, count);
        return bytes;
    }

    private static String label(String address) throws UnknownHostException {
        return SpecialPurpose.of(InetAddress.getByName(address)).orElseThrow().label();
    }
}
