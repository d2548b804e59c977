package io.postern.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.AdminRole;
import io.postern.config.GatewaySettings.ClientCertificate;
import io.postern.gateway.access.Access.Outcome;
import io.postern.gateway.real.SelfSigned;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {

    private static final long REFILL = Duration.ofMillis(Failures.REFILL_MILLIS).toNanos();

    private final InetAddress here = InetAddress.getLoopbackAddress();
    private final String token = AdminToken.fresh();
    private final List<Outcome> told = new ArrayList<>();
    private final Access access = new Access(
            AdminTokens.parse(
                            "t", AdminToken.of("ops", AdminRole.OPERATOR, token).line())
                    .value()
                    .orElseThrow(),
            List.of(),
            new Failures(),
            told::add);

    @Test
    void takesOneBearerTokenInAnyCase() {
        assertThat(attempt(0, "Bearer " + token)).isEqualTo(Outcome.TOKEN);
        assertThat(attempt(0, "bEARER   " + token + " ")).isEqualTo(Outcome.TOKEN);
        assertThat(attempt(0, token)).isEqualTo(Outcome.UNKNOWN);
        assertThat(attempt(0, "Bearer " + token, "Bearer " + token)).isEqualTo(Outcome.UNKNOWN);
        assertThat(attempt(0)).isEqualTo(Outcome.MISSING);
        assertThat(told)
                .containsExactly(Outcome.TOKEN, Outcome.TOKEN, Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.MISSING);
    }

    /** At every moment, also where nanoTime has wrapped. */
    @Test
    void aSourceThatIsWrongTooOftenIsNotHeardForAWhile() {
        for (long start : new long[] {0, -5, Long.MAX_VALUE - REFILL}) {
            Failures failures = new Failures();
            for (int i = 0; i < Failures.BURST; i++) {
                assertThat(failures.tooMany(here, start)).isFalse();
                failures.count(here, start);
            }
            assertThat(failures.tooMany(here, start)).isTrue();
            assertThat(failures.tooMany(here, start + REFILL - 1)).isTrue();
            assertThat(failures.tooMany(here, start + REFILL)).as("one more").isFalse();
            failures.count(here, start + REFILL);
            assertThat(failures.tooMany(here, start + REFILL)).isTrue();
        }
    }

    /** An IPv6 host chooses among 2^64 addresses as it likes. */
    @Test
    void neighboursOfASixtyFourAreOneSource() throws Exception {
        Failures failures = new Failures();
        for (int i = 0; i < Failures.BURST; i++) {
            failures.count(InetAddress.getByName("2001:db8::" + i), 0);
        }
        assertThat(failures.tooMany(InetAddress.getByName("2001:db8::ffff:1"), 0))
                .isTrue();
        assertThat(failures.tooMany(InetAddress.getByName("2001:db8:0:1::1"), 0))
                .isFalse();
    }

    @Test
    void whatATooEagerSourceShowsIsNotLookedAt() {
        for (int i = 0; i < Failures.BURST; i++) {
            assertThat(attempt(0, "Bearer guess")).isEqualTo(Outcome.UNKNOWN);
        }
        assertThat(attempt(0, "Bearer " + token)).isEqualTo(Outcome.TOO_MANY);
        assertThat(attempt(0)).as("nothing was guessed").isEqualTo(Outcome.MISSING);
        assertThat(attempt(REFILL, "Bearer " + token)).isEqualTo(Outcome.TOKEN);
    }

    @Test
    void aCertificateFitsWithEverythingTheSettingsName(@TempDir Path dir) throws Exception {
        X509Certificate shown = SelfSigned.mint(dir, "ops.acme.example").read();

        assertThat(holder(shown, "CN=OPS.acme.example", "dns:ops.acme.example")).isPresent();
        assertThat(holder(shown, null, "dns:ops.acme.example")).isPresent();
        assertThat(holder(shown, "cn=ops.acme.example", null)).isPresent();
        assertThat(holder(shown, "CN=ops.acme.example", "dns:acme.example")).isEmpty();
        assertThat(holder(shown, "CN=ops.acme.example,O=Acme", null)).isEmpty();
        assertThat(holder(shown, null, "uri:ops.acme.example")).isEmpty();
    }

    private static Optional<Actor> holder(X509Certificate shown, @Nullable String subject, @Nullable String san) {
        return new CertificateHolders(List.of(new ClientCertificate(
                        "ops", AdminRole.VIEWER, Optional.ofNullable(subject), Optional.ofNullable(san))))
                .actor(shown);
    }

    private Outcome attempt(long nanos, String... authorization) {
        return access.attempt(here, List.of(authorization), Optional.empty(), nanos)
                .outcome();
    }
}
