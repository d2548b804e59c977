package io.postern.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.ListenSettings;
import io.postern.gateway.real.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a listener's certificate holds. */
class ListenerTlsTest {

    @TempDir
    Path dir;

    @Test
    void theFirstOfTheChainToExpireCounts() throws Exception {
        // Of one name, as if the one had signed the other.
        SelfSigned early =
                SelfSigned.mint(Files.createDirectory(dir.resolve("ca")), "gw.acme.test", Duration.ofHours(1));
        SelfSigned late = SelfSigned.mint(dir, "gw.acme.test", Duration.ofHours(9));
        Files.write(late.certificate(), Files.readAllBytes(early.certificate()), StandardOpenOption.APPEND);
        Instant expires = early.read().getNotAfter().toInstant();
        ListenerTls tls = tls(late);

        assertThat(tls.secondsLeft(expires.minusSeconds(60))).isEqualTo(60);
        assertThat(tls.secondsLeft(expires.plusSeconds(60))).isEqualTo(-60);
    }

    @Test
    void filesThatAreNoGoodChangeNothingAndRenewedOnesDo() throws Exception {
        SelfSigned first = SelfSigned.mint(dir, "first.acme.test", Duration.ofHours(1));
        SelfSigned second = SelfSigned.mint(dir, "second.acme.test", Duration.ofHours(9));
        Instant now = Instant.now();
        ListenerTls tls = tls(first);
        long left = tls.secondsLeft(now);

        Files.copy(second.certificate(), replaced(first.certificate()));
        assertThatThrownBy(tls::reload).isInstanceOf(IOException.class).hasMessageContaining("is not the key of");
        assertThat(tls.secondsLeft(now)).isEqualTo(left);

        Files.copy(second.key(), replaced(first.key()));
        assertThat(tls.reload()).isTrue();
        assertThat(tls.secondsLeft(second.read().getNotAfter().toInstant())).isZero();
    }

    private static Path replaced(Path file) throws IOException {
        Files.delete(file);
        return file;
    }

    private static ListenerTls tls(SelfSigned pair) throws IOException {
        ListenSettings.Tls settings = new ListenSettings.Tls(
                pair.certificate(), pair.key(), Optional.empty(), ListenSettings.ClientAuth.NONE);
        return new ListenerTls(settings, ListenerTls.NO_ALPN, Duration.ofSeconds(10));
    }
}
