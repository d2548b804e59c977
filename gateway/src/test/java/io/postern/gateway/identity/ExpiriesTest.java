package io.postern.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.identity.Expiries.Remaining;
import io.postern.wire.ip.HostText;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.Test;

class ExpiriesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final TagKeyMaterial KEY =
            new TagKeyMaterial("k1", "a".repeat(32).getBytes(StandardCharsets.US_ASCII));

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final AtomicLong nanos = new AtomicLong();
    private final Proofs proofs = new Proofs(new TagVerifier("acme", List.of(KEY)), Optional.empty(), nanos::get);

    @Test
    void countsWhatIsLeftOfEveryTag() {
        Stream.of(-1, 1, 23, 25, 24 * 8, 24 * 8, 24 * 31).forEach(hours -> show("D" + hours, hours));

        assertThat(Stream.of(Remaining.values()).map(new Expiries(proofs, clock)::count))
                .containsExactly(1L, 2L, 1L, 1L, 1L);
    }

    @Test
    void whatWasRenewedIsNotAboutToExpire() {
        show("LC01", 1);
        show("LC01", 24 * 60);

        Expiries expiries = new Expiries(proofs, clock);
        assertThat(expiries.count(Remaining.DAY)).isZero();
        assertThat(expiries.count(Remaining.LONGER)).isEqualTo(1);
    }

    /** Gone from the fleet, or renewed while this gateway was not asked; nobody is to be called about it. */
    @Test
    void whatWasNotSeenForAWeekIsForgotten() {
        show("GONE", 1);
        pass(Duration.ofDays(4));
        show("LC01", 1);
        pass(Duration.ofDays(3));

        assertThat(new Expiries(proofs, clock).count(Remaining.DAY)).isEqualTo(1);
        show("LC01", 1);
        pass(Duration.ofDays(6));
        assertThat(new Expiries(proofs, clock).count(Remaining.DAY)).isEqualTo(1);
        pass(Duration.ofDays(1));
        assertThat(new Expiries(proofs, clock).count(Remaining.DAY)).isZero();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** It is short-lived by design, and always about to expire. */
    @Test
    void aTokenIsNoTag() throws Exception {
        PublicJsonWebKey key = TestingTokens.ed25519("e1");
        TokenVerifier verifier =
                new TokenVerifier(TestingTokens.ISSUER, TestingTokens.AUDIENCE, TestingTokens.set(key));
        Proofs both = new Proofs(new TagVerifier("acme", List.of(KEY)), Optional.of(verifier), nanos::get);
        Proof proof = both.of(new Credentials.Token(TestingTokens.sign(
                key, TestingTokens.claims("LC01", "a.b", NOW.plusSeconds(600).getEpochSecond()))));

        assertThat(proof).isInstanceOf(Proof.Authentic.class);
        assertThat(both.remembered()).isEqualTo(1);
        assertThat(Stream.of(Remaining.values()).map(new Expiries(both, clock)::count))
                .containsOnly(0L);
    }

    private void show(String device, int hours) {
        CompactTag tag = CompactTag.sign(
                KEY,
                "acme",
                device,
                "work",
                "a.b",
                NOW.plus(Duration.ofHours(hours)).getEpochSecond());
        new Identities(
                        proofs,
                        Revoked.NOTHING,
                        new AddressBook(InnerAddresses.NONE),
                        new Identities.Terms(false, List.of()),
                        clock,
                        reason -> {})
                .identify(new Credentials.Tag(tag), Optional.empty(), HostText.of("a.example"), 443);
    }
}
