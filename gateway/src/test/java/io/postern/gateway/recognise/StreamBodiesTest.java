package io.postern.gateway.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.Recognised;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamBodiesTest {

    private static final byte[] TEXT = new byte[400];
    private static final byte[] RANDOM = new byte[400];

    static {
        Arrays.fill(TEXT, (byte) 'a');
        new Random(1).nextBytes(RANDOM);
        RANDOM[0] = 0;
    }

    private static final class Flow implements Learner {
        private Recognised recognised = Recognised.certain(Protocol.HTTP2);

        @Override
        public Recognised recognised() {
            return recognised;
        }

        @Override
        public void learnt(Recognised more) {
            recognised = more;
        }

        @Override
        public void later(Runnable what) {
            what.run();
        }
    }

    private final Flow flow = new Flow();
    private final StreamBodies bodies = new StreamBodies(new PayloadWatch(flow, Side.CLIENT));

    @Test
    void bodiesThatComeMixedAreNotMixedUp() {
        some(1, TEXT, 0, 200);
        some(3, RANDOM, 0, 400);
        some(1, TEXT, 200, 400);
        bodies.ended(3);
        bodies.ended(1);

        assertThat(sent()).isEqualTo(new Payload(false, 400, 0));
        some(5, RANDOM, 0, 400);
        bodies.ended(5);
        assertThat(sent().bits()).isGreaterThan(7);
    }

    @Test
    void whatSaysThatItIsCompressedIsTakenForThat() {
        bodies.packed(7);
        some(7, RANDOM, 0, 400);
        bodies.ended(7);

        assertThat(sent().compressed()).isTrue();
    }

    /** A stream that lives for hours, as gRPC's do, does not keep others from being looked at. */
    @Test
    void aLongBodyOfWhichEnoughWasSeenGivesWay() {
        byte[] much = new byte[5_000];
        Arrays.fill(much, (byte) 'b');
        some(1, much, 0, much.length);
        some(3, RANDOM, 0, 400);
        bodies.ended(3);

        assertThat(sent().bits()).isGreaterThan(7);
    }

    @Test
    void aBodyThatIsCutOffIsNoMessage() {
        some(1, RANDOM, 0, 400);
        bodies.reset(1);
        assertThat(sent()).isEqualTo(Payload.NONE);

        some(3, TEXT, 0, 400);
        bodies.ended(3);
        assertThat(sent().bytes()).isEqualTo(400);
    }

    private void some(int stream, byte[] bytes, int from, int to) {
        bodies.some(stream, ByteBuffer.wrap(bytes), from, to);
    }

    private Payload sent() {
        return flow.recognised().spoken().sent();
    }
}
