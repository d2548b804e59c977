package io.postern.tls.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.hello.Hellos;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 9001 appendix A and RFC 9369 appendix A. */
class InitialCipherTest {

    private final InitialCipher cipher = new InitialCipher();

    @ParameterizedTest(name = "version {0}, {1}")
    @CsvSource({
        "1, CLIENT, 1f369613dd76d5467730efcbe3b1a22d, fa044b2f42a3fd3b46fb255c, 9f50449e04a0e810283a1e9933adedd2",
        "1, SERVER, cf3a5331653c364c88f0f379b6067e37, 0ac1493ca1905853b0bba03e, c206b8d9b9f0f37644430b490eeaa314",
        "1798521807, CLIENT, 8b1a0bc121284290a29e0971b5cd045d, 91f73e2351d8fa91660e909f, 45b95e15235d6f45a6b19cbcb0294ba9",
        "1798521807, SERVER, 82db637861d55e1d011f19ea71d5d2a7, dd13c276499c0249d3310652, edf6d05c83121201b436e16877593c3a"
    })
    void derivesTheKeysOfTheExamples(int version, Side side, String key, String iv, String header) {
        InitialKeys keys = cipher.keys(version, Initials.ID, side);
        assertThat(hex(keys.key())).isEqualTo(key);
        assertThat(hex(keys.iv())).isEqualTo(iv);
        assertThat(hex(keys.header())).isEqualTo(header);
    }

    /** The tests' own packets are those of the RFCs, byte for byte as far as is written here. */
    @ParameterizedTest
    @CsvSource({
        "1, c000000001088394c8f03e5157080000449e7b9aec34d1b1, e221af44860018ab0856972e194cd934",
        "1798521807, d76b3343cf088394c8f03e5157080000449ea0c95e82ffe6, a18b2faa745b6fe189cf772a9f84cbfc"
    })
    void opensTheClientsExample(int version, String begin, String end) {
        byte[] packet = Initials.client(version, Initials.ID, 2, Initials.RFC_FRAME);
        assertThat(packet).hasSize(1200);
        assertThat(hex(packet)).startsWith(begin).endsWith(end);
        assertThat(opened(packet, version, Side.CLIENT)).startsWith(hex(Initials.RFC_FRAME));
        assertThat(opened(packet, version, Side.SERVER)).isEmpty();
    }

    /** RFC 9001 appendix A.3, with a packet number of two bytes. */
    @Test
    void opensTheServersExample() {
        byte[] packet = Hellos.hex("""
                cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a
                5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3
                dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84
                022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc4
                2158407dd074ee
                """);
        assertThat(opened(packet, 1, Side.SERVER)).isEqualTo(hex(Initials.RFC_ANSWER));
    }

    @Test
    void anyOtherBitMakesItShut() {
        byte[] packet = Initials.client(1, Initials.ID, 2, Initials.RFC_FRAME);
        for (int at = 27; at < packet.length; at += 13) {
            packet[at] ^= 1;
            assertThat(opened(packet, 1, Side.CLIENT)).isEmpty();
            packet[at] ^= 1;
        }
    }

    private String opened(byte[] packet, int version, Side side) {
        ByteBuffer datagram = ByteBuffer.wrap(packet);
        LongHeader header = Objects.requireNonNull(LongHeader.read(datagram, 0, packet.length));
        ByteBuffer frames = cipher.open(cipher.keys(version, Initials.ID, side), datagram, header);
        byte[] bytes = new byte[frames.remaining()];
        frames.get(bytes);
        return hex(bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
