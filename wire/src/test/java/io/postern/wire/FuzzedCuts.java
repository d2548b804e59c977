package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;

/** At every cut of fuzzed bytes a parser is undecided or already says what it says of the whole. */
public final class FuzzedCuts {

    public static <T> void agree(Parser<T> parser, byte[] bytes, Parse<T> whole) {
        for (int shown = 0; shown <= bytes.length; shown++) {
            Parse<T> early = parser.parse(ByteBuffer.wrap(bytes, 0, shown));
            if (early instanceof Parse.NeedMore<T> more) {
                assertThat(more.total()).isGreaterThan(shown);
            } else {
                assertThat(early).as("first %s bytes", shown).isEqualTo(whole);
            }
        }
    }

    private FuzzedCuts() {}
}
