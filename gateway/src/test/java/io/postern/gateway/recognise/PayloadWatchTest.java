package io.postern.gateway.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.InClear.Payload;
import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.Recognised;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PayloadWatchTest {

    private static final byte[] TEXT = new byte[500];
    private static final byte[] RANDOM = new byte[500];

    static {
        for (int i = 0; i < TEXT.length; i++) {
            TEXT[i] = (byte) ('a' + i % 20);
        }
        new Random(1).nextBytes(RANDOM);
        RANDOM[0] = 0;
    }

    /** Counts how often it learns. */
    private static final class Flow implements Learner {

        private Recognised recognised = Recognised.certain(Protocol.HTTP);
        private int learnt;

        @Override
        public Recognised recognised() {
            return recognised;
        }

        @Override
        public void learnt(Recognised more) {
            recognised = more;
            learnt++;
        }

        @Override
        public void later(Runnable what) {
            what.run();
        }

        Payload sent() {
            return recognised.spoken().sent();
        }
    }

    private final Flow flow = new Flow();
    private final PayloadWatch watch = new PayloadWatch(flow, Side.CLIENT);

    @Test
    void theMostRandomMessageIsTold() {
        message(TEXT, false);
        assertThat(flow.sent().bits()).isLessThan(5);
        message(RANDOM, false);
        assertThat(flow.sent().bits()).isGreaterThan(7);
        message(TEXT, false);

        assertThat(flow.sent().bits()).isGreaterThan(7);
        assertThat(flow.learnt).isEqualTo(2);
        assertThat(flow.recognised.spoken().received()).isEqualTo(Payload.NONE);
    }

    @Test
    void whatIsCompressedGivesWayToWhatIsNot() {
        message(RANDOM, true);
        assertThat(flow.sent().compressed()).isTrue();
        message(TEXT, false);

        assertThat(flow.sent().compressed()).isFalse();
    }

    @Test
    void theSameAgainAndAgainIsToldOnce() {
        for (int i = 0; i < 1_000; i++) {
            message(RANDOM, false);
        }
        assertThat(flow.learnt).isEqualTo(1);
    }

    @Test
    void afterTheFirstMessagesFewAreLookedAt() {
        int looked = 0;
        for (int i = 0; i < 160; i++) {
            watch.begins(false);
            looked += watch.wants() ? 1 : 0;
            watch.ends();
        }
        assertThat(looked).isEqualTo(PayloadWatch.FIRST + 160 / PayloadWatch.EVERY - 1);
    }

    @Test
    void aLongMessageIsToldOfBeforeItEndsAndAShortOneNotAtAll() {
        watch.begins(false);
        byte[] much = new byte[5_000];
        new Random(2).nextBytes(much);
        watch.some(ByteBuffer.wrap(much), 0, much.length);
        assertThat(watch.wants()).isFalse();
        assertThat(flow.sent().bytes()).isEqualTo(4_096);

        Flow other = new Flow();
        PayloadWatch few = new PayloadWatch(other, Side.CLIENT);
        few.begins(false);
        few.some(ByteBuffer.wrap(RANDOM), 0, 60);
        few.ends();
        assertThat(other.learnt).isZero();
    }

    /** What was begun and never ended is not counted with the next. */
    @Test
    void aMessageThatIsCutOffIsForgotten() {
        watch.begins(false);
        watch.some(ByteBuffer.wrap(RANDOM), 0, RANDOM.length);
        message(TEXT, false);

        assertThat(flow.sent().bytes()).isEqualTo(TEXT.length);
        assertThat(flow.sent().bits()).isLessThan(5);
    }

    private void message(byte[] bytes, boolean compressed) {
        watch.begins(compressed);
        watch.some(ByteBuffer.wrap(bytes), 0, bytes.length);
        watch.ends();
    }
}
