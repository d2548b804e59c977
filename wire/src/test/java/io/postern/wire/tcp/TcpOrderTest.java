package io.postern.wire.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.packet.Packet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any cut, order and repetition of a stream's segments gives the same bytes. */
class TcpOrderTest {

    private static final int ROUNDS = 2_000;

    private record Segment(int from, int to) {}

    @Test
    void anyCutOrderAndRepetitionGivesTheSameBytes() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            String all = text(random);
            int start = random.nextInt();
            TestingStream stream = new TestingStream();
            stream.segment(start - 1, Packet.SYN, "");
            for (Segment segment : shuffled(random, all.length())) {
                int flags = segment.to == all.length() ? Packet.FIN : Packet.ACK;
                stream.segment(start + segment.from, flags, all.substring(segment.from, segment.to));
            }
            assertThat(stream.given()).as("seed %s", seed).isEqualTo(all + ".");
            assertThat(stream.held()).as("seed %s", seed).isZero();
        }
    }

    /** What is lost is told, whatever the bounds, and the bytes between gaps are those that were sent. */
    @Test
    void lossLeavesGapsOfTheRightLength() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            String all = text(random);
            TestingStream stream =
                    new TestingStream(new TcpLimits(random.nextInt(200), random.nextInt(8), 1), random.nextInt(100));
            stream.segment(-1, Packet.SYN, "");
            for (Segment segment : shuffled(random, all.length())) {
                if (random.nextInt(4) > 0) {
                    stream.segment(segment.from, Packet.ACK, all.substring(segment.from, segment.to));
                }
                stream.acknowledged(random.nextInt(all.length() + 1), 0);
            }
            stream.segment(all.length(), Packet.FIN, "");
            stream.close();
            assertThat(stream.held()).as("seed %s", seed).isZero();
            assertThat(stream.given()).as("seed %s", seed).endsWith(".");
            assertFits(stream.given(), all, "seed " + seed);
        }
    }

    private static void assertFits(String given, String all, String seed) {
        int at = 0;
        for (int i = 0; i < given.length() - 1; i++) {
            if (given.charAt(i) == '<') {
                int end = given.indexOf('>', i);
                at += Integer.parseInt(given.substring(i + 1, end));
                i = end;
            } else {
                assertThat(given.charAt(i)).as("%s, byte %s", seed, at).isEqualTo(all.charAt(at));
                at++;
            }
        }
        assertThat(at).as(seed).isEqualTo(all.length());
    }

    private static String text(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(300)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(26));
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Overlapping pieces that are all there together, some of them twice. */
    private static List<Segment> shuffled(Random random, int length) {
        List<Segment> segments = new ArrayList<>();
        int at = 0;
        while (at < length) {
            int to = Math.min(length, at + 1 + random.nextInt(40));
            segments.add(new Segment(Math.max(0, at - random.nextInt(20)), to));
            at = to;
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            segments.add(segments.get(random.nextInt(segments.size())));
        }
        Collections.shuffle(segments, random);
        return segments;
    }
}
