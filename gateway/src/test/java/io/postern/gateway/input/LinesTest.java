package io.postern.gateway.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void linesAreThoseOfTheTextHoweverItComes() throws IOException {
        String text = "one\n\ntwo\r\n" + "x".repeat(300_000) + "\nlast";
        for (int atOnce : new int[] {1, 7, 1 << 20}) {
            assertThat(read(text, atOnce))
                    .as("%d bytes at once", atOnce)
                    .containsExactly("one", "", "two", "x".repeat(300_000), "last");
        }
    }

    @Test
    void anEndOfLineAtTheEndIsNoLine() throws IOException {
        assertThat(read("a\n", 100)).containsExactly("a");
        assertThat(read("", 100)).isEmpty();
    }

    @Test
    void aLineWithoutEndIsNotHeld() throws IOException {
        long length = 40L * Lines.LONGEST;
        Lines lines = new Lines(new InputStream() {
            private long given;

            @Override
            public int read() {
                long at = given++;
                return at < length ? 'x' : at < length + 2 ? "\ny".charAt((int) (at - length)) : -1;
            }

            @Override
            public int read(byte[] to, int from, int count) {
                if (given < length - count) {
                    Arrays.fill(to, from, from + count, (byte) 'x');
                    given += count;
                    return count;
                }
                int one = read();
                if (one >= 0) {
                    to[from] = (byte) one;
                }
                return one < 0 ? -1 : 1;
            }
        });

        assertThat(lines.next()).isTrue();
        assertThat(lines.tooLong()).isTrue();
        assertThat(lines.bytes().length).isLessThanOrEqualTo(4 * Lines.LONGEST);
        assertThat(lines.next()).isTrue();
        assertThat(lines.tooLong()).isFalse();
        assertThat(lines.number()).isEqualTo(2);
        assertThat(new String(lines.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.US_ASCII))
                .isEqualTo("y");
        assertThat(lines.next()).isFalse();
    }

    private static List<String> read(String text, int atOnce) throws IOException {
        Lines lines = new Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public synchronized int read(byte[] to, int from, int count) {
                return super.read(to, from, Math.min(count, atOnce));
            }
        });
        List<String> found = new ArrayList<>();
        while (lines.next()) {
            found.add(new String(lines.bytes(), lines.from(), lines.to() - lines.from(), StandardCharsets.US_ASCII));
        }
        return found;
    }
}
