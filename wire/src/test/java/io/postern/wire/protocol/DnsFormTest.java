package io.postern.wire.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsFormTest {

    private static final String NAME = "01 \"a\" 07 \"example\" 00";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234 0100 0001 0000 0000 0000" + NAME + "0001 0001",
                "1234 0120 0001 0000 0000 0001" + NAME + "001c 0001 00 0029 04d0 00000000 0000",
                "1234 0143 0001 0000 0000 0000" + NAME + "0001 0001",
                "1234 0100 0001 0001 0000 0000" + NAME + "0001 0001 c00c 0001 0001 00000000 0004 c0000201",
                "1234 8180 0001 0002 0000 0000" + NAME + "0001 0001"
                        + "c00c 0005 0001 0000003c 0002 c00e c00c 0001 0001 0000003c 0004 c0000201",
                "1234 8583 0001 0000 0001 0000" + NAME + "0001 0001 c00e 0006 0001 00000000 0000",
                "0000 8400 0000 0001 0000 0000" + NAME + "0001 8001 00000078 0004 c0000201",
                "0000 0000 0002 0000 0000 0000" + NAME + "000c 8001 c00c 0010 0001",
                "1234 2800 0001 0000 0001 0000" + NAME + "0006 0001 c00c 0001 00ff 00000000 0000",
                "1234 0100 0001 0000 0000 0000 3f"
                        + "\"~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\"" + "00 000a 0001"
            })
    void isSound(String message) {
        byte[] bytes = Hex.bytes(message);
        assertThat(sound(bytes)).isTrue();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(DnsForm.sound(ByteBuffer.wrap(bytes), 0, length))
                    .as("first %s", length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234 0100 0001 0000 0000 0000" + NAME + "0001 0001 00",
                "1234 0900 0001 0000 0000 0000" + NAME + "0001 0001",
                "1234 810f 0001 0000 0000 0000" + NAME + "0001 0001",
                "1234 0100 0000 0001 0000 0000" + NAME + "0001 0001 00000000 0000",
                "1234 0100 0001 0000 0000 0000" + NAME + "0001 0007",
                "1234 0100 0001 0000 0000 0000" + NAME + "0000 0001",
                "1234 8180 0001 0001 0000 0000" + NAME + "0001 0001 c0ff 0001 0001 00000000 0000",
                "1234 0100 0001 0000 0000 0000 c00c 0001 0001 000000",
                "1234 0100 0001 0000 0000 0000 40 \"a\" 00 0001 0001",
                "1234 0100 ffff ffff ffff ffff" + NAME + "0001 0001"
            })
    void isNot(String message) {
        assertThat(sound(Hex.bytes(message))).isFalse();
    }

    @Test
    void aQuestionAboutAHostIsEnough() {
        byte[] padded = Hex.bytes("1234 0100 0001 0000 0000 0000" + NAME + "0001 0001 0001c4000c01c000");
        assertThat(sound(padded)).isFalse();
        assertThat(asks(padded)).isTrue();
        assertThat(asks(Hex.bytes("1234 0100 0001 0000 0000 0000 01 \"a\" 00 0001 0001 00")))
                .isFalse();
        assertThat(asks(Hex.bytes("1234 0100 0001 0000 0000 0000 01 \"a\" 01 00 00 0001 0001")))
                .isFalse();
        assertThat(asks(Hex.bytes("1234 0100 0001 0000 0000 0000" + NAME + "0801 0001")))
                .isFalse();
    }

    @Test
    void whatIsDamagedIsKnownWhereThePortSaysSo() {
        byte[] damaged = Hex.bytes("1234 0100 0001 0000 0000 0000 01 \"a\" 47 \"example\" 00 0001 0001");
        assertThat(sound(damaged) || asks(damaged)).isFalse();
        assertThat(DnsForm.damaged(ByteBuffer.wrap(damaged), 0, damaged.length)).isTrue();
        damaged[7] = 1;
        assertThat(DnsForm.damaged(ByteBuffer.wrap(damaged), 0, damaged.length)).isFalse();
        damaged[2] = (byte) 0x81;
        assertThat(DnsForm.damaged(ByteBuffer.wrap(damaged), 0, damaged.length)).isTrue();
        damaged[5] = 2;
        assertThat(DnsForm.damaged(ByteBuffer.wrap(damaged), 0, damaged.length)).isFalse();
    }

    /** Behind a header that is as it should be, so that the names and records are tried too. */
    @Test
    void chanceIsNoDns() {
        Random random = new Random(10);
        byte[] header = Hex.bytes("1234 8180 0001 0001 0000 0000");
        int sound = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[17 + random.nextInt(200)];
            random.nextBytes(bytes);
            assertThat(sound(bytes) || asks(bytes)).isFalse();
            System.arraycopy(header, 0, bytes, 0, header.length);
            sound += sound(bytes) ? 1 : 0;
        }
        assertThat(sound).isZero();
    }

    private static boolean sound(byte[] message) {
        return DnsForm.sound(ByteBuffer.wrap(message), 0, message.length);
    }

    private static boolean asks(byte[] message) {
        return DnsForm.asks(ByteBuffer.wrap(message), 0, message.length);
    }
}
