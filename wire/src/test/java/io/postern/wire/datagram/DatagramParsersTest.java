package io.postern.wire.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import io.postern.wire.protocol.DnsQuery;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramParsersTest {

    private static final String ID8 = "8394c8f03e515708";

    /** The first is the request of RFC 5769 section 2.1, without its attributes. */
    @ParameterizedTest
    @CsvSource({
        "0001 0000 2112a442 b7e7a701bc34d686fa87dfae, 1, REQUEST",
        "0011 0000 2112a442 b7e7a701bc34d686fa87dfae, 1, INDICATION",
        "0101 0004 2112a442 b7e7a701bc34d686fa87dfae 80220000, 1, SUCCESS",
        "0113 0000 2112a442 b7e7a701bc34d686fa87dfae, 3, ERROR",
        "3eef 0000 2112a442 b7e7a701bc34d686fa87dfae, 4095, REQUEST"
    })
    void stun(String hex, int method, StunMessage.Kind kind) {
        byte[] datagram = bytes(hex);
        DatagramContract.check(
                new StunParser(), datagram, new Parse.Done<>(new StunMessage(method, kind), datagram.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001 0000 2112a443 b7e7a701bc34d686fa87dfae",
                "0001 0004 2112a442 b7e7a701bc34d686fa87dfae",
                "0001 0002 2112a442 b7e7a701bc34d686fa87dfae 8022",
                "4001 0000 2112a442 b7e7a701bc34d686fa87dfae",
                "0001 0000 2112a442 b7e7a701bc34d686fa87dfae 00",
                ""
            })
    void noStun(String hex) {
        DatagramContract.check(new StunParser(), bytes(hex), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource({"1, 148, INITIATION", "2, 92, RESPONSE", "3, 64, COOKIE", "4, 32, DATA", "4, 1312, DATA"})
    void wireGuard(byte type, int size, WireGuardMessage message) {
        DatagramContract.check(new WireGuardParser(), wireGuard(type, 0, size), new Parse.Done<>(message, size));
    }

    @Test
    void wireGuardCountsFromZero() {
        byte[] datagram = wireGuard((byte) 4, 0, 64);
        datagram[12] = 1;
        DatagramContract.check(new WireGuardParser(), datagram, new Parse.NotThis<>());
    }

    /** RFC 3489: a request that wishes another port, an answer, and one as Zoom's clients make it. */
    @ParameterizedTest
    @CsvSource({
        "0001 0008 9429ef88294dd52632c72931cb8dbb4c 0003 0004 00000000, 1, REQUEST",
        "0101 000c 9429ef88294dd52632c72931cb8dbb4c 0001 0008 0001d70aac103fe0, 1, SUCCESS",
        "0001 0018 c15dae63585d14392e582c260403bf30 0101 0014 3132333435363738313233343536373831323334, 1, REQUEST"
    })
    void stunWithoutACookie(String hex, int method, StunMessage.Kind kind) {
        byte[] datagram = bytes(hex);
        DatagramContract.check(
                new StunParser(), datagram, new Parse.Done<>(new StunMessage(method, kind), datagram.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001 0000 9429ef88294dd52632c72931cb8dbb4c",
                "0003 0008 9429ef88294dd52632c72931cb8dbb4c 0003 0004 00000000",
                "0001 0008 9429ef88294dd52632c72931cb8dbb4c 0003 0008 00000000",
                "0001 0008 9429ef88294dd52632c72931cb8dbb4c 0023 0004 00000000"
            })
    void noStunWithoutACookie(String hex) {
        DatagramContract.check(new StunParser(), bytes(hex), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource({
        "0003 0008 2112a442 000102030405060708090a0b, 3, REQUEST",
        "0018 0101 0004 2112a442 000102030405060708090a0b, 1, SUCCESS"
    })
    void stunOverAStream(String hex, int method, StunMessage.Kind kind) {
        ParserContract.check(new StunStreamParser(), bytes(hex), new StunMessage(method, kind));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0003 0008 2112a443",
                "0003 0009",
                "0014 0101 0004 2112a442 000102030405060708090a0b",
                "0010 0101 0004 2112a442 000102030405060708090a0b",
                "4000 0008 00000000",
                "16 0301 0200 0100 01fc"
            })
    void noStunOverAStream(String hex) {
        ParserContract.refuses(new StunStreamParser(), bytes(hex), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 147", "1, 1, 148", "2, 0, 148", "3, 0, 65", "4, 0, 16", "4, 0, 40", "0, 0, 148", "5, 0, 148"})
    void noWireGuard(byte type, int reserved, int size) {
        DatagramContract.check(new WireGuardParser(), wireGuard(type, reserved, size), new Parse.NotThis<>());
    }

    @ParameterizedTest
    @CsvSource({
        "16 fefd 0000 000000000000 000e | 01 000002 0000 000000 000002 | abcd, 65277",
        "16 feff 0000 000000000007 000d | 01 000040 0001 000000 000001 | ab, 65279"
    })
    void dtls(String hex, int version) {
        byte[] datagram = bytes(hex.replace("|", ""));
        DatagramContract.check(new DtlsParser(), datagram, new Parse.Done<>(new DtlsOpening(version), datagram.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "17 fefd 0000 000000000000 000e 01 000002 0000 000000 000002 abcd",
                "16 0303 0000 000000000000 000e 01 000002 0000 000000 000002 abcd",
                "16 fefd 0001 000000000000 000e 01 000002 0000 000000 000002 abcd",
                "16 fefd 0000 000000000000 000e 02 000002 0000 000000 000002 abcd",
                "16 fefd 0000 0000",
                ""
            })
    void noDtls(String hex) {
        DatagramContract.check(new DtlsParser(), bytes(hex), new Parse.NotThis<>());
    }

    @Test
    void dtlsThatDoesNotFit() {
        DatagramContract.check(
                new DtlsParser(),
                bytes("16 fefd 0000 000000000000 00ff 01 000002 0000 000000 000002 abcd"),
                new Parse.Malformed<>(DtlsParser.RECORD));
        DatagramContract.check(
                new DtlsParser(),
                bytes("16 fefd 0000 000000000000 000e 01 000002 0000 000001 000002 abcd"),
                new Parse.Malformed<>(DtlsParser.FRAGMENT));
    }

    /** Versions 1, 2 (RFC 9369 section 3.2: Initial is 0b01), draft 29, and one reserved to force a negotiation. */
    @ParameterizedTest
    @CsvSource({"c3, 00000001", "d3, 6b3343cf", "c3, ff00001d", "c3, 1a2a3a4a", "f3, 0a0a0a0a"})
    void quic(String first, String version) {
        byte[] datagram = padded(first + version + "08" + ID8 + "04 0a0b0c0d" + "00" + "449a");
        QuicOpening expected = new QuicOpening(Integer.parseUnsignedInt(version, 16), ID8, "0a0b0c0d");
        DatagramContract.check(new QuicOpeningParser(), datagram, new Parse.Done<>(expected, 1200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "43 00000001 08 8394c8f03e515708 00 00 449e",
                "83 00000001 08 8394c8f03e515708 00 00 449e",
                "e3 00000001 08 8394c8f03e515708 00 00 449e",
                "c3 6b3343cf 08 8394c8f03e515708 00 00 449e",
                "c3 00000002 08 8394c8f03e515708 00 00 449e",
                "c3 00000000 08 8394c8f03e515708 00 00 449e",
                "c3 00000001 15 000000000000000000000000000000000000000000 00 00 449e"
            })
    void noQuic(String hex) {
        DatagramContract.check(new QuicOpeningParser(), padded(hex), new Parse.NotThis<>());
    }

    @Test
    void quicThatBreaksARule() {
        DatagramContract.check(
                new QuicOpeningParser(),
                padded("c3 00000001 07 8394c8f03e5157 00 00 449e"),
                new Parse.Malformed<>(QuicOpeningParser.ID));
        DatagramContract.check(
                new QuicOpeningParser(),
                Arrays.copyOf(padded("c3 00000001 08" + ID8 + "00 00 449e"), 1199),
                new Parse.Malformed<>(QuicOpeningParser.PADDING));
        for (String rest : List.of("00 7fff", "7fff", "bfffffff", "ffffffffffffffff")) {
            DatagramContract.check(
                    new QuicOpeningParser(),
                    padded("c3 00000001 08" + ID8 + "00" + rest),
                    new Parse.Malformed<>(QuicOpeningParser.LENGTH));
        }
    }

    @Test
    void dns() {
        byte[] datagram = bytes(
                "1234 0100 0001 0000 0000 0001 0161 07 6578616d706c65 00 001c 0001" + " 00 0029 04d0 00000000 0000");
        DatagramContract.check(
                new DnsDatagramParser(), datagram, new Parse.Done<>(new DnsQuery(28, 1), datagram.length));
        DatagramContract.check(
                new DnsDatagramParser(), Arrays.copyOf(datagram, datagram.length + 1), new Parse.NotThis<>());
        datagram[2] = (byte) 0x81;
        DatagramContract.check(new DnsDatagramParser(), datagram, new Parse.NotThis<>());
    }

    /** Nobody takes chance for a protocol. */
    @Test
    void randomBytesAreNothing() {
        Random random = new Random(17);
        List<DatagramParser<?>> parsers = List.of(
                new StunParser(),
                new WireGuardParser(),
                new DtlsParser(),
                new QuicOpeningParser(),
                new DnsDatagramParser());
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(1300)];
            random.nextBytes(bytes);
            for (DatagramParser<?> parser : parsers) {
                assertThat(parser.parse(ByteBuffer.wrap(bytes))).isEqualTo(new Parse.NotThis<>());
            }
        }
    }

    private static byte[] wireGuard(byte type, int reserved, int size) {
        byte[] datagram = new byte[size];
        Arrays.fill(datagram, (byte) 0x5A);
        datagram[0] = type;
        datagram[1] = 0;
        datagram[2] = 0;
        datagram[3] = (byte) reserved;
        if (type == 4) {
            // The upper half of the counter.
            Arrays.fill(datagram, 12, 16, (byte) 0);
        }
        return datagram;
    }

    private static byte[] padded(String hex) {
        return Arrays.copyOf(bytes(hex), 1200);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
