package io.postern.wire.packet;

import static io.postern.wire.packet.TestingFrames.ethernet;
import static io.postern.wire.packet.TestingFrames.ipv4;
import static io.postern.wire.packet.TestingFrames.ipv6;
import static io.postern.wire.packet.TestingFrames.join;
import static io.postern.wire.packet.TestingFrames.tcp;
import static io.postern.wire.packet.TestingFrames.u16;
import static io.postern.wire.packet.TestingFrames.udp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpTest {

    private static final int RAW = 101;
    private static final byte[] DATAGRAM = udp(40_000, 53, join("616263"));
    private static final String READ = "udp 192.0.2.1 40000 198.51.100.7 53 616263";
    private static final String READ_6 = "udp 2001:db8:0:0:0:0:0:1 40000 2001:db8:0:0:0:0:0:7 53 616263";

    @Test
    void segmentsAreReadWhole() {
        assertThat(TestingPackets.of(RAW, ipv4(6, tcp(40_000, 443, -2, 9, 0x18, join("6869")))))
                .containsExactly("tcp 192.0.2.1 40000 198.51.100.7 443 4294967294 9 24 6869");
        byte[] options = join("9c40 01bb 00000001 00000000 6002 ffff 0000 0000 020405b4 6869");
        assertThat(TestingPackets.of(RAW, ipv6(6, options)))
                .containsExactly("tcp 2001:db8:0:0:0:0:0:1 40000 2001:db8:0:0:0:0:0:7 443 1 0 2 6869");
    }

    @Test
    void optionsAreTakenOff() {
        byte[] header = join("46 00 0023 0000 0000 40 11 0000 c0000201 c6336407 01010101");
        assertThat(TestingPackets.of(RAW, join(header, DATAGRAM))).containsExactly(READ);
    }

    /** As a capture at the sender has what its card will cut into packets. */
    @Test
    void aLengthThatIsNotFilledInIsAllThereIs() {
        byte[] packet = ipv4(6, tcp(40_000, 443, 1, 0, 0x10, join("616263")));
        packet[2] = 0;
        packet[3] = 0;
        assertThat(TestingPackets.of(RAW, packet))
                .containsExactly("tcp 192.0.2.1 40000 198.51.100.7 443 1 0 16 616263");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 11 00 000000000000",
        "43, 11 00 000000000000",
        "60, 11 01 000000000000 0000000000000000",
        "51, 11 04 0000 00000001 00000002 000000000000000000000000",
        "44, 11 00 0000 00000007",
        "0, 3c 00 000000000000 2b 00 000000000000 11 00 000000000000",
    })
    void extensionsAreTakenOff(int next, String header) {
        assertThat(TestingPackets.of(RAW, ipv6(next, join(header, DATAGRAM)))).containsExactly(READ_6);
    }

    @ParameterizedTest
    @CsvSource({"1, OTHER_TRANSPORT", "50, OTHER_TRANSPORT", "58, OTHER_TRANSPORT", "59, OTHER_TRANSPORT"})
    void otherTransportsAreCounted(int protocol, PacketCount count) {
        byte[] packet = ipv6(protocol, new byte[20]);
        TestingPackets packets = new TestingPackets(PacketLimits.DEFAULTS).read(RAW, 0, packet, packet.length);
        assertThat(packets.lines()).isEmpty();
        assertThat(packets.count(count)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        // A header shorter than the shortest, a total shorter than the header, a version that is none.
        "44 00 0020 0000 0000 40 11 0000 c0000201 c6336407 0000000000000000",
        "45 00 0013 0000 0000 40 11 0000 c0000201 c6336407 0000000000000000",
        "50 00 0020 0000 0000 40 11 0000 c0000201 c6336407 0000000000000000",
        // A datagram shorter than its header, a segment whose header is longer than it, or too short.
        "45 00 001c 0000 0000 40 11 0000 c0000201 c6336407 0001000200070000",
        "45 00 0028 0000 0000 40 06 0000 c0000201 c6336407 0001000200000001000000006010ffff00000000",
        "45 00 0028 0000 0000 40 06 0000 c0000201 c6336407 0001000200000001000000004010ffff00000000",
    })
    void whatContradictsItselfIsBroken(String packet) {
        byte[] bytes = join(packet);
        TestingPackets packets = new TestingPackets(PacketLimits.DEFAULTS).read(RAW, 0, bytes, bytes.length);
        assertThat(packets.lines()).isEmpty();
        assertThat(packets.count(PacketCount.BROKEN)).isEqualTo(1);
    }

    @Test
    void whatTheCaptureDidNotKeepIsToldFromWhatWasSent() {
        byte[] frame = ethernet(0x0800, ipv4(17, udp(40_000, 53, new byte[300])));
        TestingPackets packets = new TestingPackets(PacketLimits.DEFAULTS);
        packets.read(1, 0, Arrays.copyOf(frame, 44), frame.length);
        packets.read(1, 0, Arrays.copyOf(frame, 42), frame.length);
        byte[] segment = ethernet(0x0800, ipv4(6, tcp(40_000, 443, 7, 0, 0x10, new byte[300])));
        packets.read(1, 0, Arrays.copyOf(segment, 50), segment.length);
        assertThat(packets.lines())
                .containsExactly(
                        "udp 192.0.2.1 40000 198.51.100.7 53 0000 of 300",
                        "udp 192.0.2.1 40000 198.51.100.7 53  of 300",
                        "tcp 192.0.2.1 40000 198.51.100.7 443 7 0 16  of 300");
    }

    /** A datagram that says it is longer than its packet is what the packet has. */
    @Test
    void aDatagramIsNoLongerThanItsPacket() {
        byte[] packet = ipv4(17, join(u16(40_000), u16(53), u16(900), "0000 616263"));
        assertThat(TestingPackets.of(RAW, packet)).containsExactly(READ);
    }

    @Test
    void bothDirectionsHashAlike() {
        int[] hashes = new int[3];
        PacketSink keeps = new PacketSink() {
            private int at;

            @Override
            public void tcp(Packet packet) {
                hashes[at++] = packet.flowHash();
            }

            @Override
            public void udp(Packet packet) {
                tcp(packet);
            }
        };
        PacketReader reader = new PacketReader(PacketLimits.DEFAULTS, keeps);
        for (byte[] packet : new byte[][] {
            ipv4("192.0.2.1", "198.51.100.7", 17, 0, 0, udp(40_000, 53, new byte[0])),
            ipv4("198.51.100.7", "192.0.2.1", 17, 0, 0, udp(53, 40_000, new byte[0])),
            ipv4("198.51.100.7", "192.0.2.1", 17, 0, 0, udp(53, 40_001, new byte[0]))
        }) {
            reader.frame(new io.postern.wire.capture.Frame()
                    .set(java.nio.ByteBuffer.wrap(packet), 0, packet.length, RAW, 0, packet.length, null));
        }
        assertThat(hashes[0]).isEqualTo(hashes[1]).isNotEqualTo(hashes[2]);
    }
}
