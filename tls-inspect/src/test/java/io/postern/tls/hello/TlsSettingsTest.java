package io.postern.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TlsSettingsTest {

    @Test
    void nothingOutOfBoundsExists() {
        assertThatThrownBy(() -> new TlsSettings(511, 1)).hasMessage("max-hello-bytes is 511, must be 512 to 262144");
        assertThatThrownBy(() -> new TlsSettings(262_145, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TlsSettings(512, 0)).hasMessage("max-records is 0, must be 1 to 16384");
        assertThatThrownBy(() -> new TlsSettings(512, 16_385)).isInstanceOf(IllegalArgumentException.class);
        assertThat(TlsSettings.DEFAULTS.maxHeldBytes()).isEqualTo(64 * 1024 + 5 * 1024);
    }
}
