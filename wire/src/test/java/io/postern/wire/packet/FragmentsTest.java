package io.postern.wire.packet;

import static io.postern.wire.packet.TestingFrames.CLIENT;
import static io.postern.wire.packet.TestingFrames.SERVER;
import static io.postern.wire.packet.TestingFrames.ipv4;
import static io.postern.wire.packet.TestingFrames.ipv6;
import static io.postern.wire.packet.TestingFrames.join;
import static io.postern.wire.packet.TestingFrames.u16;
import static io.postern.wire.packet.TestingFrames.u32;
import static io.postern.wire.packet.TestingFrames.udp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentsTest {

    private static final int RAW = 101;
    private static final int MORE = 0x2000;
    private static final byte[] PAYLOAD = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f1011121314");
    private static final byte[] DATAGRAM = udp(40_000, 53, PAYLOAD);
    private static final String HEAD = "udp 192.0.2.1 40000 198.51.100.7 53 ";
    private static final String READ = HEAD + HexFormat.of().formatHex(PAYLOAD);

    private final TestingPackets packets = new TestingPackets(new PacketLimits(8, 2, 65_535, 1_000_000));

    @Test
    void anyOrderMakesTheSameDatagram() {
        List<byte[]> parts = List.of(part(1, 0, 8, true), part(1, 8, 16, true), part(1, 16, 29, false));
        for (int[] order : new int[][] {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {2, 0, 1}, {0, 0, 2, 2, 1}}) {
            packets.lines().clear();
            for (int part : order) {
                read(0, parts.get(part));
            }
            assertThat(packets.lines()).containsExactly(READ);
        }
        assertThat(packets.count(PacketCount.REASSEMBLED)).isEqualTo(5);
        assertThat(packets.count(PacketCount.OVERLAP)).isEqualTo(2);
    }

    @Test
    void fragmentsOfIpv6AreMadeWhole() {
        read(0, ipv6(44, join("1100", u16(16), u32(9), Arrays.copyOfRange(DATAGRAM, 16, 29))));
        read(0, ipv6(44, join("1100", u16(1), u32(9), Arrays.copyOfRange(DATAGRAM, 0, 16))));
        assertThat(packets.lines())
                .containsExactly("udp 2001:db8:0:0:0:0:0:1 40000 2001:db8:0:0:0:0:0:7 53 "
                        + HexFormat.of().formatHex(PAYLOAD));
    }

    @Test
    void ofBytesThatComeTwiceTheFirstCount() {
        byte[] forged = new byte[24];
        read(0, part(1, 8, 16, true));
        read(0, ipv4(CLIENT, SERVER, 17, 1, MORE, join(Arrays.copyOf(DATAGRAM, 8), Arrays.copyOf(forged, 16))));
        assertThat(packets.lines()).isEmpty();
        read(0, part(1, 16, 29, false));
        assertThat(packets.lines()).hasSize(1);
        assertThat(packets.lines()).containsExactly(HEAD + "0001020304050607" + "0000000000000000" + "1011121314");
    }

    @Test
    void datagramsAreToldApart() {
        read(0, part(1, 0, 16, true));
        read(0, part(2, 16, 29, false));
        assertThat(packets.lines()).isEmpty();
        read(0, part(1, 16, 29, false));
        assertThat(packets.lines()).containsExactly(READ);
    }

    /** What a datagram begins with says what it speaks, if no more. */
    @Test
    void whatWaitsTooLongIsGivenForItsBeginning() {
        read(0, part(1, 0, 16, true));
        read(500_000, part(2, 16, 29, false));
        read(1_000_001, part(3, 16, 29, false));
        assertThat(packets.lines()).containsExactly(HEAD + "0001020304050607 of 21");
        assertThat(packets.count(PacketCount.GIVEN_UP)).isEqualTo(1);
        packets.end();
        assertThat(packets.lines()).hasSize(1);
        assertThat(packets.count(PacketCount.GIVEN_UP)).isEqualTo(3);
    }

    @Test
    void theOldestGoWhenTheRoomIsUp() {
        for (int id = 1; id <= 3; id++) {
            read(0, part(id, 0, 16, true));
        }
        assertThat(packets.count(PacketCount.GIVEN_UP)).isEqualTo(1);
        read(0, part(3, 16, 29, false));
        read(0, part(1, 16, 29, false));
        assertThat(packets.lines()).containsExactly(HEAD + "0001020304050607 of 21", READ);
        // A datagram at its full length takes all the room there is.
        read(0, ipv4(CLIENT, SERVER, 17, 9, MORE | 0x1FFD, new byte[8]));
        assertThat(packets.count(PacketCount.GIVEN_UP)).isEqualTo(3);
    }

    @Test
    void aFirstFragmentThatWasCutIsGivenAtOnce() {
        byte[] whole = part(1, 0, 16, true);
        packets.read(RAW, 0, Arrays.copyOf(whole, whole.length - 4), whole.length);
        assertThat(packets.lines()).containsExactly(HEAD + "00010203 of 21");
        byte[] later = part(1, 16, 29, false);
        packets.read(RAW, 0, Arrays.copyOf(later, later.length - 4), later.length);
        assertThat(packets.lines()).hasSize(1);
    }

    private void read(long micros, byte[] packet) {
        packets.read(RAW, micros, packet, packet.length);
    }

    private static byte[] part(int id, int from, int to, boolean more) {
        int place = from / 8 | (more ? MORE : 0);
        return ipv4(CLIENT, SERVER, 17, id, place, Arrays.copyOfRange(DATAGRAM, from, to));
    }
}
