package io.postern.wire.radius;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.postern.wire.Parse;
import java.nio.ByteBuffer;

/** Whatever comes is answered, and what is read lies inside it. */
class RadiusFuzzTest {

    @FuzzTest
    void readsAnything(byte[] bytes) {
        Parse<RadiusPacket> parse = new RadiusParser().parse(ByteBuffer.wrap(bytes));
        assertThat(parse).isNotInstanceOf(Parse.NeedMore.class);
        if (parse instanceof Parse.Done<RadiusPacket> done) {
            assertThat(done.consumed()).isEqualTo(done.value().length()).isLessThanOrEqualTo(bytes.length);
            assertThat(done.value().attributes()).allSatisfy(attribute -> {
                assertThat(attribute.at() + attribute.value().length())
                        .isLessThanOrEqualTo(done.value().length());
                assertThat(attribute.bytes()).hasSize(attribute.value().length());
            });
        }
    }
}
