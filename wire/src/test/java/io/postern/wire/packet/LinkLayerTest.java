package io.postern.wire.packet;

import static io.postern.wire.packet.TestingFrames.ethernet;
import static io.postern.wire.packet.TestingFrames.ipv4;
import static io.postern.wire.packet.TestingFrames.ipv6;
import static io.postern.wire.packet.TestingFrames.join;
import static io.postern.wire.packet.TestingFrames.udp;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is around it, the same datagram comes out. */
class LinkLayerTest {

    private static final byte[] DATAGRAM = udp(40_000, 53, join("616263"));
    private static final byte[] IPV4 = ipv4(17, DATAGRAM);
    private static final byte[] IPV6 = ipv6(17, DATAGRAM);
    private static final String READ = "udp 192.0.2.1 40000 198.51.100.7 53 616263";
    private static final String READ_6 = "udp 2001:db8:0:0:0:0:0:1 40000 2001:db8:0:0:0:0:0:7 53 616263";

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
                    1   | Ethernet          | 020000000001 020000000002 0800
                    1   | VLAN              | 020000000001 020000000002 8100 0064 0800
                    1   | stacked VLAN      | 020000000001 020000000002 88a8 0064 9100 0003 8100 0004 0800
                    1   | VLAN and SNAP     | 020000000001 020000000002 8100 0064 0033 aaaa03 000000 0800
                    1   | SNAP              | 020000000001 020000000002 0033 aaaa03 000000 0800
                    1   | LLC               | 020000000001 020000000002 0033 060603
                    1   | MPLS              | 020000000001 020000000002 8847 00010040 000131ff
                    1   | MPLS and Ethernet | 020000000001 020000000002 8847 000131ff 00000000 020000000001 020000000002 0800
                    1   | PPPoE             | 020000000001 020000000002 8864 1100 0007 0021 0021
                    1   | bridged           | 020000000001 020000000002 88e7 00000001 020000000001 020000000002 0800
                    1   | FabricPath        | 020000000001 020000000002 8903 0001 020000000001 020000000002 0800
                    0   | NULL little       | 02000000
                    0   | NULL big          | 00000002
                    108 | LOOP              | 00000002
                    12  | raw               | -
                    14  | raw               | -
                    101 | raw               | -
                    228 | IPv4              | -
                    113 | SLL               | 0000 0001 0006 0200000000010000 0800
                    276 | SLL2              | 0800 0000 00000002 0001 04 06 0200000000010000
                    9   | PPP               | 0021
                    9   | PPP compressed    | 21
                    9   | PPP, HDLC framing | ff03 0021
                    50  | PPP, HDLC framing | ff03 0021
                    50  | Cisco HDLC        | 0f00 0800
                    51  | PPPoE             | 1100 0007 0021 0021
                    204 | PPP, direction    | 01 ff03 0021
                    9   | PPP and MPLS      | 0281 000131ff
                    104 | Cisco HDLC        | 0f00 0800
                    104 | Cisco HDLC, MPLS  | 0f00 8847 000131ff
                    239 | NFLOG little      | 02 00 0000 0800 0100 0800 0300 0500 0a00 00000000 2300 0900
                    239 | NFLOG big         | 02 00 0000 0008 0001 0800 0300 0023 0009
                    192 | PPI               | 0000 0c00 01000000 00000000 020000000001 020000000002 0800
                    105 | 802.11            | 0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800
                    105 | 802.11 QoS        | 8801 0000 020000000001 020000000002 020000000003 0000 0000 aaaa03 000000 0800
                    105 | 802.11 bridge     | 0803 0000 020000000001 020000000002 020000000003 0000 020000000004 aaaa03 000000 0800
                    105 | 802.11 HT         | 8881 0000 020000000001 020000000002 020000000003 0000 0000 00000000 aaaa03 000000 0800
                    127 | radiotap          | 0000 0900 02000000 00 0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800
                    127 | radiotap, padded  | 0000 1900 030000a0 00000000 00000000 0000000000000000 20 8801 0000 020000000001 020000000002 020000000003 0000 0000 0000 aaaa03 000000 0800
                    119 | Prism             | 44000000 0c000000 00000000 0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800
                    119 | AVS as Prism      | 80211001 0000000c 00000000 0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800
                    163 | AVS               | 80211001 0000000c 00000000 0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800
                    """)
    void isTakenOff(int linkType, String name, String header) {
        byte[] before = join("-".equals(header) ? "" : header);
        assertThat(TestingPackets.of(linkType, join(before, IPV4))).as(name).containsExactly(READ);
        for (int cut = 0; cut < before.length + IPV4.length; cut++) {
            TestingPackets packets = new TestingPackets(PacketLimits.DEFAULTS);
            packets.read(linkType, 0, java.util.Arrays.copyOf(join(before, IPV4), cut), before.length + IPV4.length);
            assertThat(packets.lines().size())
                    .as("%s, %s bytes of it", name, cut)
                    .isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 020000000001 020000000002 86dd",
        "0, 1e000000",
        "0, 18000000",
        "0, 0000000a",
        "229, ''",
        "9, 0057",
        "50, ff0357"
    })
    void carriesIpv6(int linkType, String header) {
        assertThat(TestingPackets.of(linkType, join(header, IPV6))).containsExactly(READ_6);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0806, NOT_IP",
        "1, 88cc, NOT_IP",
        "0, 07000000, NOT_IP",
        "9, c021, NOT_IP",
        "147, 45000000, UNKNOWN_LINK",
        "105, 0841, ENCRYPTED",
        "105, 8000, NOT_IP",
        "105, 4801, NOT_IP",
        "1, 8863 11 09 0000 0000, NOT_IP",
    })
    void whatIsNotIpIsCountedAsWhatItIs(int linkType, String header, PacketCount count) {
        byte[] frame =
                linkType == 1 ? ethernet(0x8100, join("0001", header, new byte[40])) : join(header, new byte[40]);
        TestingPackets packets = new TestingPackets(PacketLimits.DEFAULTS).read(linkType, 0, frame, frame.length);
        assertThat(packets.lines()).isEmpty();
        assertThat(packets.count(count)).isEqualTo(1);
    }

    @Test
    void paddingIsNoPayload() {
        assertThat(TestingPackets.of(1, join(ethernet(0x0800, IPV4), "0000000000")))
                .containsExactly(READ);
    }
}
