package io.postern.wire.packet;

import static io.postern.wire.packet.TestingFrames.ethernet;
import static io.postern.wire.packet.TestingFrames.ipv4;
import static io.postern.wire.packet.TestingFrames.ipv6;
import static io.postern.wire.packet.TestingFrames.join;
import static io.postern.wire.packet.TestingFrames.tcp;
import static io.postern.wire.packet.TestingFrames.udp;

import io.postern.wire.capture.TestingCapture;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Captures with a few bytes changed, at places and to values that a seed says, are read like any. */
class MutationTest {

    private static final int ROUNDS = 20_000;
    private static final int PCAP = 0xA1B2C3D4;

    private final PacketFuzzTest promises = new PacketFuzzTest();

    @Test
    void changedCapturesAreRead() {
        byte[][] captures = {
            pcap(),
            pcapng(TestingCapture.little()),
            pcapng(TestingCapture.little().section())
        };
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] capture = captures[seed % captures.length].clone();
            for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
                capture[random.nextInt(capture.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(4) - 1);
            }
            int kept = random.nextInt(4) == 0 ? random.nextInt(capture.length) : capture.length;
            promises.readsAnythingAsACapture(Arrays.copyOf(capture, kept));
        }
    }

    private static byte[] pcap() {
        TestingCapture capture = TestingCapture.little().pcap(PCAP, 1);
        for (byte[] frame : frames()) {
            capture.record(1, 0, frame, frame.length);
        }
        return capture.bytes();
    }

    private static byte[] pcapng(TestingCapture capture) {
        TestingCapture none = capture.part();
        capture.section().describe(1, 0, none);
        for (byte[] frame : frames()) {
            capture.enhanced(0, 1, frame, frame.length, none);
        }
        return capture.bytes();
    }

    private static byte[][] frames() {
        byte[] segment = ipv4(6, tcp(1, 2, 3, 4, 0x18, join("616263")));
        byte[] datagram = udp(40_000, 53, new byte[32]);
        return new byte[][] {
            ethernet(0x0800, segment),
            ethernet(0x86DD, ipv6(17, datagram)),
            ethernet(0x8100, join("0001 0800", segment)),
            ethernet(0x8864, join("1100 0001 002d 0021", segment)),
            ethernet(0x0800, ipv4(17, udp(1, 2152, join("30ff 002b 00000001", segment)))),
            ethernet(0x0800, ipv4(17, udp(1, 4789, join("08000000 00000100", ethernet(0x0800, segment))))),
            ethernet(0x0800, ipv4(17, udp(1, 6081, join("0140 0800 00000100 00000000", segment)))),
            ethernet(0x0800, ipv4(47, join("3081 880b 002f 0001 00000001 00000002 ff03 0021", segment))),
            ethernet(0x0800, ipv4("192.0.2.1", "192.0.2.2", 17, 1, 0x2000, Arrays.copyOf(datagram, 16))),
            ethernet(0x0800, ipv4("192.0.2.1", "192.0.2.2", 17, 1, 2, Arrays.copyOfRange(datagram, 16, 40))),
            ethernet(0x86DD, ipv6(0, join("2c 00 000000000000 11 00 0001 00000001", Arrays.copyOf(datagram, 16)))),
        };
    }
}
