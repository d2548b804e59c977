package io.postern.gateway.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.capture.CaptureReader;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentsTest {

    @TempDir
    Path dir;

    private static Segments segments(boolean udp, String from, String to) throws Exception {
        return Segments.of(udp, InetAddress.getByName(from), 40000, InetAddress.getByName(to), 443);
    }

    /** A receiver's sum over everything is all ones. */
    private static int sum(byte[] bytes, int at, int length, int start) {
        int sum = start;
        for (int i = 0; i < length; i++) {
            sum += (i & 1) == 0 ? (bytes[at + i] & 0xFF) << 8 : bytes[at + i] & 0xFF;
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    @Test
    void ipv4SumsAreAsAReceiverChecksThem() throws Exception {
        byte[] packet = segments(false, "10.0.0.1", "192.0.2.7")
                .packet(Segments.PSH | Segments.ACK, 1, 9, "odd".getBytes(US_ASCII));
        assertThat(packet).hasSize(43);
        assertThat(sum(packet, 0, 20, 0)).isEqualTo(0xFFFF);
        assertThat(sum(packet, 20, 23, sum(packet, 12, 8, 6 + 23))).isEqualTo(0xFFFF);
    }

    @Test
    void udpOverIpv6Too() throws Exception {
        byte[] packet = segments(true, "2001:db8::1", "2001:db8::2").packet(0, 0, 0, "four".getBytes(US_ASCII));
        assertThat(packet).hasSize(52);
        assertThat(sum(packet, 40, 12, sum(packet, 8, 32, 17 + 12))).isEqualTo(0xFFFF);
    }

    @Test
    void ofTwoKindsTheOneIsMapped() throws Exception {
        byte[] packet = segments(false, "10.0.0.1", "2001:db8::2").packet(Segments.SYN, 0, 0, new byte[0]);
        assertThat(HexFormat.of().formatHex(packet, 8, 24)).isEqualTo("00000000000000000000ffff0a000001");
    }

    @Test
    void theFileEndsWhereItIsFullAndReadsToItsEnd() throws Exception {
        Path file = dir.resolve("a.pcapng");
        CaptureFile out = new CaptureFile(file, 700, "why", "who");
        Segments way = segments(false, "10.0.0.1", "192.0.2.7");
        int number = out.flow("F1", "device=LC01");
        assertThat(out.packet(
                        number, 1_700_000_000_123_456_789L, true, way.packet(Segments.SYN, 0, 0, new byte[0]), "c"))
                .isTrue();
        assertThat(out.packet(number, 1_700_000_000_123_456_789L, true, way.packet(0, 1, 1, new byte[900]), ""))
                .isFalse();
        // Nothing behind a gap.
        assertThat(out.packet(number, 1_700_000_000_123_456_789L, true, way.packet(0, 1, 1, new byte[1]), ""))
                .isFalse();
        out.close();

        List<String> frames = new ArrayList<>();
        byte[] bytes = Files.readAllBytes(file);
        CaptureReader reader = new CaptureReader(
                frame -> frames.add(frame.micros() + " " + frame.linkType() + " " + frame.wireLength()));
        int consumed = reader.read(ByteBuffer.wrap(bytes));
        assertThat(reader.end(bytes.length - consumed)).isEmpty();
        assertThat(frames).containsExactly("1700000000123456 101 40");
        assertThat(out.size()).isEqualTo(bytes.length);
        assertThat(out.full()).isTrue();
    }
}
