package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ByteCursorTest {

    @Test
    void readsBigEndianWhateverTheBuffersOrder() {
        ByteBuffer bytes = hex("ff 0102 030405").order(ByteOrder.LITTLE_ENDIAN);
        ByteCursor cursor = ByteCursor.over(bytes);
        assertThat(cursor.u8()).isEqualTo(0xFF);
        assertThat(cursor.u16()).isEqualTo(0x0102);
        assertThat(cursor.u24()).isEqualTo(0x030405);
        assertThat(cursor.isEmpty()).isTrue();
        assertThat(cursor.ranShort()).isFalse();
        assertThat(bytes.position()).isZero();
    }

    @Test
    void aVectorEndsWhereItsLengthSays() {
        ByteCursor cursor = ByteCursor.over(hex("02 aabb 0001 cc dd"));
        ByteCursor first = cursor.vector8();
        ByteCursor second = cursor.vector16();
        assertThat(first.u16()).isEqualTo(0xAABB);
        assertThat(first.u8()).isZero();
        assertThat(first.ranShort()).isTrue();
        assertThat(second.remaining()).isEqualTo(1);
        assertThat(cursor.u8()).isEqualTo(0xDD);
        assertThat(cursor.ranShort()).isFalse();
    }

    @Test
    void aVectorLongerThanItsOwnerIsEmptyAndTheOwnerShort() {
        ByteCursor cursor = ByteCursor.over(hex("05 aabb"));
        assertThat(cursor.vector8().isEmpty()).isTrue();
        assertThat(cursor.ranShort()).isTrue();
    }

    @Test
    void onceShortNothingIsReadAnyMore() {
        ByteCursor cursor = ByteCursor.over(hex("aabb"));
        assertThat(cursor.u24()).isZero();
        assertThat(cursor.u8()).isZero();
        assertThat(cursor.remaining()).isZero();
        assertThat(cursor.latin1()).isEmpty();
    }

    @Test
    void textIsOneCharPerByteAndMayBeCut() {
        assertThat(ByteCursor.over(hex("41ff42")).latin1()).isEqualTo("A\u00ffB");
        ByteCursor cut = ByteCursor.over(hex("414243"));
        assertThat(cut.latin1(2)).isEqualTo("AB");
        assertThat(cut.isEmpty()).isTrue();
        ByteBuffer direct = ByteBuffer.allocateDirect(3).put(hex("414243")).flip();
        assertThat(ByteCursor.over(direct, 1, 2).latin1()).isEqualTo("BC");
    }

    @Test
    void negativeLengthsAreShortToo() {
        ByteCursor cursor = ByteCursor.over(hex("aa"));
        cursor.skip(-1);
        assertThat(cursor.ranShort()).isTrue();
    }

    @Test
    void cannotBeginOutsideTheBuffer() {
        assertThatThrownBy(() -> ByteCursor.over(hex("aabb"), 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> ByteCursor.over(hex("aabb"), -1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits.replace(" ", "")));
    }
}
