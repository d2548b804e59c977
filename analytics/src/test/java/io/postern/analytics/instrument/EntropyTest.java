package io.postern.analytics.instrument;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntropyTest {

    @ParameterizedTest
    @ValueSource(ints = {64, 100, 128, 200, 256, 700, 1460, 3000, 16_384, 60_000})
    void randomBytesLookRandomAtEverySize(int size) {
        Random random = new Random(1);
        int random99 = 0;
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            random99 += Entropy.looksRandom(Entropy.of(bytes), size) ? 1 : 0;
        }
        assertThat(random99).isGreaterThanOrEqualTo(94);
    }

    @Test
    void textDoesNotLookRandom() {
        byte[] text =
                "GET /v1/accounts/17/messages?since=2026-11-21 HTTP/1.1 accept: application/json".getBytes(US_ASCII);
        assertThat(Entropy.looksRandom(Entropy.of(text), text.length)).isFalse();
    }

    @Test
    void aFewBytesSayNothing() {
        assertThat(Entropy.looksRandom(8, Entropy.LEAST_BYTES - 1)).isFalse();
        assertThat(Entropy.of(new byte[0])).isZero();
        assertThat(Entropy.of(new byte[500])).isZero();
    }
}
