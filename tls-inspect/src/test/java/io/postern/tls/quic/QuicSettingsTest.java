package io.postern.tls.quic;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuicSettingsTest {

    @ParameterizedTest
    @CsvSource({"511, 64, max-hello-bytes", "262145, 64, max-hello-bytes", "4096, 1, max-packets"})
    void saysWhatItMustBe(int helloBytes, int packets, String key) {
        assertThatThrownBy(() -> new QuicSettings(helloBytes, packets)).hasMessageStartingWith(key);
    }
}
