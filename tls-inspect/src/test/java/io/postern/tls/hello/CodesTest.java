package io.postern.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CodesTest {

    @Test
    void holdsWhatItWasGivenAndNobodyCanChangeIt() {
        int[] given = {3, 0xFFFF, 1};
        Codes codes = Codes.of(given);
        given[0] = 9;
        assertThat(codes).isEqualTo(Codes.of(3, 0xFFFF, 1)).hasSameHashCodeAs(Codes.of(3, 0xFFFF, 1));
        assertThat(codes.sorted()).isEqualTo(Codes.of(1, 3, 0xFFFF));
        assertThat(codes).isNotEqualTo(codes.sorted()).hasToString("0003,ffff,0001");
        assertThat(codes.contains(0xFFFF)).isTrue();
        assertThat(codes.contains(2)).isFalse();
        assertThat(Codes.NONE).hasToString("");
        assertThatThrownBy(() -> Codes.of(0x10000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Codes.of(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sixteenCodesAreGrease() {
        assertThat(IntStream.range(0, 0x10000).filter(Codes::grease).boxed())
                .containsExactly(
                        0x0A0A, 0x1A1A, 0x2A2A, 0x3A3A, 0x4A4A, 0x5A5A, 0x6A6A, 0x7A7A, 0x8A8A, 0x9A9A, 0xAAAA, 0xBABA,
                        0xCACA, 0xDADA, 0xEAEA, 0xFAFA);
    }
}
