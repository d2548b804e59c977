package io.postern.wire.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.capture.CaptureReader;
import io.postern.wire.capture.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Whatever comes is read, what is given lies inside of what was shown, and each frame is counted once. */
class PacketFuzzTest {

    private static final int[] LINK_TYPES = {
        0, 1, 9, 12, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163, 192, 204, 228, 239, 276
    };

    private int given;

    /** The first byte says the link type, the second how much was not kept. */
    @FuzzTest
    void readsAnythingAsAFrame(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        int linkType = LINK_TYPES[(bytes[0] & 0xFF) % LINK_TYPES.length];
        PacketReader reader = new PacketReader(PacketLimits.DEFAULTS, inside(2, bytes.length));
        given = 0;
        Frame frame = new Frame();
        int wireLength = bytes.length - 2 + (bytes[1] & 0xFF);
        for (int times = 0; times < 2; times++) {
            reader.frame(frame.set(ByteBuffer.wrap(bytes), 2, bytes.length, linkType, times, wireLength, null));
        }
        reader.end();
        assertThat(reader.count(PacketCount.TCP) + reader.count(PacketCount.UDP))
                .isEqualTo(given);
    }

    @FuzzTest
    void readsAnythingAsACapture(byte[] bytes) {
        PacketReader packets = new PacketReader(PacketLimits.DEFAULTS, inside(0, bytes.length));
        List<Integer> places = new ArrayList<>();
        CaptureReader reader = new CaptureReader(frame -> {
            assertThat(frame.from()).isBetween(0, frame.to());
            assertThat(frame.to()).isLessThanOrEqualTo(bytes.length);
            assertThat(frame.wireLength()).isGreaterThanOrEqualTo(frame.to() - frame.from());
            places.add(frame.from());
            packets.frame(frame);
        });
        int consumed = reader.read(ByteBuffer.wrap(bytes));
        packets.end();
        assertThat(consumed).isBetween(0, bytes.length);
        assertThat(reader.needs()).isBetween(1, CaptureReader.MOST);
        assertThat(places).isSorted();
        reader.end(bytes.length - consumed)
                .ifPresent(fault -> assertThat(fault.text()).startsWith("byte ").doesNotContain("\n"));
    }

    private PacketSink inside(int from, int to) {
        return new PacketSink() {
            @Override
            public void tcp(Packet packet) {
                check(packet);
            }

            @Override
            public void udp(Packet packet) {
                check(packet);
            }

            private void check(Packet packet) {
                given++;
                boolean shown = packet.bytes().capacity() == to;
                assertThat(packet.from()).isBetween(shown ? from : 0, packet.to());
                assertThat(packet.to()).isLessThanOrEqualTo(packet.bytes().capacity());
                assertThat(packet.wireLength()).isGreaterThanOrEqualTo(packet.length());
            }
        };
    }
}
