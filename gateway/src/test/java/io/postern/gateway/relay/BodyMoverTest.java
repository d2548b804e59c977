package io.postern.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.postern.wire.Payloads;
import io.postern.wire.http.BodyFraming;
import io.postern.wire.http.Forwarding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyMoverTest {

    /** Each write costs some hundred bytes: chunks of one byte must not become a hundred thousand of them. */
    @Test
    void smallChunksGoOnTogether() {
        BodyMover mover =
                new BodyMover(BodyFraming.CHUNKED, BodyFraming.CHUNKED, new Forwarding("test"), Payloads.UNSEEN);
        List<ByteBuf> out = new ArrayList<>();
        ByteBuf in = Unpooled.copiedBuffer("1\r\nX\r\n".repeat(40_000), StandardCharsets.US_ASCII);
        assertThat(mover.move(in, out::add)).isEqualTo(BodyMover.Move.FINE);
        assertThat(out).hasSizeLessThan(10);
        assertThat(text(out)).isEqualTo("9c40\r\n" + "X".repeat(40_000) + "\r\n");
        in.release();
    }

    @Test
    void largeOnesGoOnAsTheyAreAndInOrder() {
        BodyMover mover =
                new BodyMover(BodyFraming.CHUNKED, BodyFraming.CHUNKED, new Forwarding("test"), Payloads.UNSEEN);
        List<ByteBuf> out = new ArrayList<>();
        String large = "y".repeat(10_000);
        ByteBuf in = Unpooled.copiedBuffer(
                "1\r\na\r\n1\r\nb\r\n2710\r\n" + large + "\r\n1\r\nc\r\n0\r\n\r\n", StandardCharsets.US_ASCII);
        assertThat(mover.move(in, out::add)).isEqualTo(BodyMover.Move.FINE);
        assertThat(mover.done()).isTrue();
        assertThat(text(out)).isEqualTo("2\r\nab\r\n2710\r\n" + large + "\r\n1\r\nc\r\n0\r\n\r\n");
        in.release();
    }

    private static String text(List<ByteBuf> all) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf some : all) {
            text.append(some.toString(StandardCharsets.US_ASCII));
            some.release();
        }
        return text.toString();
    }
}
