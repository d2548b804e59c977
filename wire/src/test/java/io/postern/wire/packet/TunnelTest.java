package io.postern.wire.packet;

import static io.postern.wire.packet.TestingFrames.ethernet;
import static io.postern.wire.packet.TestingFrames.ipv4;
import static io.postern.wire.packet.TestingFrames.ipv6;
import static io.postern.wire.packet.TestingFrames.join;
import static io.postern.wire.packet.TestingFrames.u16;
import static io.postern.wire.packet.TestingFrames.udp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelTest {

    private static final int RAW = 101;
    private static final byte[] INNER = ipv4("10.0.0.1", "10.0.0.2", 17, 0, 0, udp(1_000, 2_000, join("616263")));
    private static final byte[] INNER_6 = ipv6(17, udp(1_000, 2_000, join("616263")));
    private static final String READ = "udp 10.0.0.1 1000 10.0.0.2 2000 616263";
    private static final String READ_6 = "udp 2001:db8:0:0:0:0:0:1 1000 2001:db8:0:0:0:0:0:7 2000 616263";
    private static final byte[] FRAME = ethernet(0x0800, INNER);

    @ParameterizedTest
    @CsvSource({
        "GRE, 47, 0000 0800",
        "GRE with all, 47, b000 0800 00000000 00000001 00000002",
        "GRE VLAN, 47, 0000 8100 0001 0800",
        "GRE bridged, 47, 0000 6558 020000000001 020000000002 0800",
        "PPTP, 47, 3081 880b 0023 0001 00000001 00000002 ff03 0021",
        "ERSPAN 1, 47, 0000 88be 020000000001 020000000002 0800",
        "ERSPAN 2, 47, 1000 88be 00000001 0000000000000000 020000000001 020000000002 0800",
        "ERSPAN 3, 47, 1000 22eb 00000001 000000000000000000000000 020000000001 020000000002 0800",
        "ERSPAN 3 platform, 47, 1000 22eb 00000001 000000000000000000000001 0000000000000000 020000000001 020000000002 0800",
        "WCCP 1, 47, 0000 883e",
        "WCCP 2, 47, 0000 883e 00000000",
        "IP, 4, ''",
        "MPLS, 137, 000131ff",
        "Ethernet, 97, 3000 020000000001 020000000002 0800",
    })
    void isTakenOffIp(String name, int protocol, String header) {
        assertThat(TestingPackets.of(RAW, ipv4(protocol, join(header, INNER))))
                .as(name)
                .containsExactly(READ);
        assertThat(TestingPackets.of(RAW, ipv6(protocol, join(header, INNER))))
                .as(name)
                .containsExactly(READ);
    }

    @Test
    void eitherFamilyCarriesTheOther() {
        assertThat(TestingPackets.of(RAW, ipv4(41, INNER_6))).containsExactly(READ_6);
        assertThat(TestingPackets.of(RAW, ipv4(47, join("0000 86dd", INNER_6)))).containsExactly(READ_6);
    }

    /** On their own port and on any other. */
    @ParameterizedTest
    @CsvSource({
        "GTP-U, 2152, 30 ff 001f 00000001",
        "GTP-U extended, 2152, 34 ff 0027 00000001 0000 00 85 01 100900",
        "VXLAN, 4789, 08000000 00000100 020000000001 020000000002 0800",
        "VXLAN VLAN, 4789, 08000000 00000100 020000000001 020000000002 8100 0001 0800",
        "VXLAN group, 4789, 88000001 00000100 020000000001 020000000002 0800",
        "VXLAN generic, 4790, 0c000001 00000100",
        "VXLAN generic frame, 4790, 0c000003 00000100 020000000001 020000000002 0800",
        "GENEVE, 6081, 0000 6558 00000100 020000000001 020000000002 0800",
        "GENEVE options, 6081, 0240 0800 00000100 0000000100000000",
        "GRE, 4754, 0000 0800",
        "GRE key, 4754, 2000 0800 00000001",
    })
    void isTakenOffUdpByWhatItIs(String name, int port, String header) {
        byte[] payload = join(header, INNER);
        for (int on : new int[] {port, 40_001}) {
            assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, on, payload))))
                    .as(name)
                    .containsExactly(READ);
        }
    }

    @Test
    void teredoIsKnownByItsPortOrItsAddresses() {
        byte[] teredo = INNER_6.clone();
        teredo[10] = 0;
        teredo[11] = 0;
        String read = READ_6.replaceFirst("2001:db8", "2001:0");
        assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, 40_001, teredo))))
                .containsExactly(read);
        assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, 3544, INNER_6)))).containsExactly(READ_6);
        byte[] signed = join("0001 0000 0000000000000000 00", "0000 000000000000", INNER_6);
        assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, 3544, signed)))).containsExactly(READ_6);
        assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, 40_001, INNER_6)))
                        .get(0))
                .startsWith("udp 192.0.2.1");
    }

    @Test
    void capwapIsReadEitherWayRound() {
        String addresses = "0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800";
        for (String control : List.of("0801", "0108")) {
            byte[] payload = join("00 100320 00000000", control, addresses, INNER);
            assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, 5247, payload))))
                    .containsExactly(READ);
        }
        byte[] keepAlive = join("00 100308 00000000", new byte[40]);
        assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, 5247, keepAlive)))
                        .get(0))
                .startsWith("udp 192.0.2.1");
    }

    /** A tunnel's port proves nothing: what has no IP packet of the right length inside is a datagram. */
    @ParameterizedTest
    @CsvSource({
        "2152, 30 ff 0020 00000001",
        "2152, 30 01 001f 00000001",
        "4789, 08000000 00000101 020000000001 020000000002 0800",
        "4789, 08000000 00000100 020000000001 020000000002 0806",
        "6081, 0000 6558 00000101 020000000001 020000000002 0800",
        "4754, 4000 0800",
        "5247, 00 080320 00000000",
        "3544, 00",
    })
    void anotherUseOfItsPortIsADatagram(int port, String header) {
        byte[] payload = join(header, INNER);
        String expected = "udp 192.0.2.1 40000 198.51.100.7 " + port + " "
                + HexFormat.of().formatHex(payload);
        assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, port, payload)))).containsExactly(expected);
        byte[] shorter = join(header, INNER, "00 00000000 00000000 00000000 00000000 00000000 00000000");
        assertThat(TestingPackets.of(RAW, ipv4(17, udp(40_000, port, shorter))).get(0))
                .startsWith("udp 192.0.2.1");
    }

    @Test
    void tunnelsInTunnelsEnd() {
        byte[] vxlan = join("08000000 00000100", FRAME);
        byte[] geneve = join("0000 0800 00000100", ipv4(17, udp(1, 4789, vxlan)));
        assertThat(TestingPackets.of(RAW, ipv4(17, udp(1, 6081, geneve)))).containsExactly(READ);

        byte[] packet = INNER;
        for (int outer : Collections.nCopies(8, 4)) {
            packet = ipv4(outer, packet);
        }
        TestingPackets packets = new TestingPackets(PacketLimits.DEFAULTS).read(RAW, 0, packet, packet.length);
        assertThat(packets.lines()).isEmpty();
        assertThat(packets.count(PacketCount.TOO_DEEP)).isEqualTo(1);
    }

    @Test
    void whatTheCaptureDidNotKeepOfATunnelIsMissingInside() {
        byte[] payload = join("30 ff", u16(INNER.length + 100), "00000001", longer());
        byte[] packet = ipv4(17, udp(1, 2152, payload));
        byte[] kept = java.util.Arrays.copyOf(packet, packet.length - 100);
        TestingPackets packets = new TestingPackets(PacketLimits.DEFAULTS).read(RAW, 0, kept, packet.length);
        assertThat(packets.lines()).containsExactly(READ + " of 103");
    }

    private static byte[] longer() {
        return ipv4("10.0.0.1", "10.0.0.2", 17, 0, 0, udp(1_000, 2_000, join("616263", new byte[100])));
    }
}
