package io.postern.wire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever makes a head, by parsing or by hand: what could split or smuggle does not exist. */
class MessageRecordsTest {

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "a\0b", "\u0001", "\u007f", " a", "a\t", "\u0100", "\u010a"})
    void noFieldHoldsWhatWouldSplit(String value) {
        assertThatThrownBy(() -> new Field("A", value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r", "\u00e9", "a\0", "a(", "\u0141"})
    void noFieldNameOrMethodIsOtherThanAToken(String name) {
        assertThatThrownBy(() -> new Field(name, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestHead(name, "/", 1, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Forwarding(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/ HTTP/1.1", "/\r\n", "/\u00e9", "/\0"})
    void noTargetIsOtherThanVisible(String target) {
        assertThatThrownBy(() -> new RequestHead("GET", target, 1, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noStatusLineIsOtherThanOne() {
        assertThatThrownBy(() -> new ResponseHead(1, 200, "a\r\nb", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ResponseHead(1, 99, "", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ResponseHead(1, 600, "", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ResponseHead(2, 200, "", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestHead("GET", "/", 2, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noChunkIsEmptyByAccident() {
        assertThatThrownBy(() -> ChunkWriter.start(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BodyFraming(BodyFraming.Kind.LENGTH, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limitsHaveBounds() {
        assertThatThrownBy(() -> new HttpLimits(63, 256, 1, 2, 16))
                .hasMessage("request-line is 63, must be 64 to 1048576");
        assertThatThrownBy(() -> new HttpLimits(64, 255, 1, 2, 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HttpLimits(64, 256, 0, 2, 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HttpLimits(64, 256, 1, 1, 16)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HttpLimits(64, 256, 1, 2, 1_048_577)).isInstanceOf(IllegalArgumentException.class);
        assertThat(HttpLimits.DEFAULTS).isEqualTo(new HttpLimits(8_192, 65_536, 100, 8_192, 256));
    }
}
