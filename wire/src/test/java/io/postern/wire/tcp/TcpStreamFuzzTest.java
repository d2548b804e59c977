package io.postern.wire.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.packet.Packet;
import java.nio.ByteBuffer;

/**
 * Whatever segments come, bounds hold, what waits is freed in the end, and bytes are at the place where they were sent.
 * Each segment is five bytes: place 16, length 8, flags 8, acknowledgement 8.
 */
class TcpStreamFuzzTest {

    private static final int SENT = 1 << 16;
    private static final int ROOM = 4_096;

    @FuzzTest
    void putsAnythingInOrder(byte[] bytes) {
        TestingStream stream = new TestingStream(new TcpLimits(ROOM, 16, 4), ROOM);
        stream.segment(-1, Packet.SYN, "");
        int end = SENT;
        for (ByteBuffer segments = ByteBuffer.wrap(bytes); segments.remaining() >= 5; ) {
            int place = segments.getShort() & 0xFFFF;
            int length = Math.min(segments.get() & 0xFF, Math.max(0, end - place));
            int flags = segments.get() & 0xFF;
            int acknowledged = segments.get() & 0xFF;
            stream.segment(place, flags & ~Packet.SYN, sent(place, length), flags >> 5);
            stream.acknowledged(place + acknowledged, 0);
            assertThat(stream.held()).isBetween(0, ROOM);
        }
        stream.close();
        assertThat(stream.held()).isZero();
        int at = 0;
        String given = stream.given();
        for (int i = 0; i < given.length() && given.charAt(i) != '.'; i++) {
            if (given.charAt(i) == '<') {
                int close = given.indexOf('>', i);
                int gap = Integer.parseInt(given.substring(i + 1, close));
                assertThat(gap).isPositive();
                at += gap;
                i = close;
            } else {
                assertThat(given.charAt(i)).as("byte %s", at).isEqualTo(letter(at));
                at++;
            }
        }
    }

    private static String sent(int place, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int at = place; at < place + length; at++) {
            text.append(letter(at));
        }
        return text.toString();
    }

    private static char letter(int at) {
        return (char) ('a' + at % 26);
    }
}
