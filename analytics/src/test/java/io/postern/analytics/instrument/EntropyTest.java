package io.postern.analytics.instrument;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({
        "abcdefghijklmnopqrstuvwxyz234567, 24",
        "abcdefghijklmnopqrstuvwxyz234567, 40",
        "abcdefghijklmnopqrstuvwxyz234567, 200",
        "0123456789abcdef, 32",
        "0123456789abcdef, 120",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-, 60",
    })
    void randomLettersAreAsRandomAsTheirAlphabetAllows(String alphabet, int letters) {
        Random random = new Random(2);
        double sum = 0;
        for (int i = 0; i < 200; i++) {
            StringBuilder name = new StringBuilder();
            for (int j = 0; j < letters; j++) {
                name.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            sum += Entropy.ofLetters(name.insert(letters / 2, '.').toString() + ".a.example", letters + 1);
        }
        assertThat(sum / 200).isBetween(0.98, 1.02);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "static-content.images.frontend.production.eu-central",
                "tile-cache-number-seven.maps.region-west.service",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            })
    void namesOfWordsAreNot(String name) {
        assertThat(Entropy.ofLetters(name, name.length())).isLessThan(0.95);
    }

    @Test
    void aShortNameSaysNothing() {
        assertThat(Entropy.ofLetters("q7x2k9.a.example", 6)).isZero();
        assertThat(Entropy.ofLetters("", 0)).isZero();
    }

    @Test
    void aFewBytesSayNothing() {
        assertThat(Entropy.looksRandom(8, Entropy.LEAST_BYTES - 1)).isFalse();
        assertThat(Entropy.of(new byte[0])).isZero();
        assertThat(Entropy.of(new byte[500])).isZero();
    }
}
