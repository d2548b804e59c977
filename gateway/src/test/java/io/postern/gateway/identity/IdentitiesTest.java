package io.postern.gateway.identity;

import static io.postern.gateway.identity.TestingTokens.bound;
import static io.postern.gateway.identity.TestingTokens.claims;
import static io.postern.gateway.identity.TestingTokens.ed25519;
import static io.postern.gateway.identity.TestingTokens.sign;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.wire.ip.HostText;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdentitiesTest {

    private static final long NOW = 1_800_000_000;
    private static final TagKeyMaterial K1 =
            new TagKeyMaterial("k1", "a".repeat(32).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private static final ClientCertificate OURS = new ClientCertificate("A".repeat(43), Optional.of("LC01"));
    private static final ClientCertificate OTHERS = new ClientCertificate("B".repeat(43), Optional.of("LC02"));
    private static final ClientCertificate NAMELESS = new ClientCertificate("C".repeat(43), Optional.empty());

    private final List<Reason> rejected = new ArrayList<>();
    private PublicJsonWebKey key;
    private Proofs proofs;
    private Identities identities;

    @BeforeEach
    void make() throws Exception {
        key = ed25519("e1");
        proofs = new Proofs(
                new TagVerifier("acme", List.of(K1)),
                Optional.of(new TokenVerifier(TestingTokens.ISSUER, TestingTokens.AUDIENCE, TestingTokens.set(key))));
        identities = with(new Identities.Terms(false, List.of("renew.acme.example")));
    }

    @Test
    void aTagIsTheDevicesWordForTheApp() {
        AppTag tag =
                shown(tag("LC01", "com.acme.mail", NOW + 1), Optional.empty()).orElseThrow();

        assertThat(tag)
                .isEqualTo(new AppTag(
                        "LC01", "work", "com.acme.mail", DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED));
    }

    @Test
    void theDeviceMaySpeakWithoutAnApp() {
        assertThat(shown(tag("LC01", "-", NOW + 1), Optional.empty())
                        .orElseThrow()
                        .appAssurance())
                .isEqualTo(AppAssurance.NONE);
    }

    @Test
    void aCertificateOfTheSameDeviceMakesATagWorthMore() {
        assertThat(shown(tag("LC01", "a.b", NOW + 1), Optional.of(OURS))
                        .orElseThrow()
                        .deviceAssurance())
                .isEqualTo(DeviceAssurance.MTLS_BOUND);
        assertThat(shown(tag("LC01", "a.b", NOW + 1), Optional.of(NAMELESS))
                        .orElseThrow()
                        .deviceAssurance())
                .isEqualTo(DeviceAssurance.TAG_VERIFIED);
    }

    @Test
    void aCertificateOfAnotherDeviceIsAConflict() {
        assertThat(shown(tag("LC01", "a.b", NOW + 1), Optional.of(OTHERS))).isEmpty();
        assertThat(rejected).containsExactly(Reason.CONFLICT);
    }

    @Test
    void aCertificateAloneIsADeviceWithoutAnApp() {
        assertThat(shown(Credentials.NONE, Optional.of(OURS)))
                .contains(new AppTag("LC01", "-", "-", DeviceAssurance.MTLS_BOUND, AppAssurance.NONE));
        assertThat(shown(Credentials.NONE, Optional.of(NAMELESS))).isEmpty();
        assertThat(shown(Credentials.MALFORMED, Optional.of(OURS))).isEmpty();
        assertThat(rejected).containsExactly(Reason.MISSING, Reason.MALFORMED);
    }

    @Test
    void aBoundTokenIsGoodWithItsCertificateOnly() throws Exception {
        Credentials token = token(bound(claims("LC01", "a.b", NOW + 1), OURS.thumbprint()));

        assertThat(shown(token, Optional.of(OURS)).orElseThrow().deviceAssurance())
                .isEqualTo(DeviceAssurance.MTLS_BOUND);
        assertThat(shown(token, Optional.empty())).isEmpty();
        assertThat(shown(token, Optional.of(NAMELESS))).isEmpty();
        assertThat(rejected).containsExactly(Reason.UNBOUND, Reason.UNBOUND);
    }

    @Test
    void pastItsTimeItOpensRenewalAndNothingElse() throws Exception {
        for (Credentials expired : List.of(tag("LC01", "a.b", NOW), token(claims("LC01", "a.b", NOW)))) {
            rejected.clear();
            assertThat(shown(expired, Optional.empty())).isEmpty();
            assertThat(identities.identify(expired, Optional.empty(), HostText.of("renew.acme.example"), 443))
                    .isPresent();
            assertThat(rejected).containsExactly(Reason.EXPIRED, Reason.EXPIRED);
        }
    }

    /** Nobody learns that a tag was authentic where there is nothing it could still open. */
    @Test
    void withoutARenewalSetNothingExpiredOpensAnything() {
        Credentials expired = tag("LC01", "a.b", NOW);

        assertThat(identities.openAnything(expired, Optional.empty())).isTrue();
        assertThat(rejected).isEmpty();
        assertThat(with(new Identities.Terms(false, List.of())).openAnything(expired, Optional.empty()))
                .isFalse();
        assertThat(rejected).containsExactly(Reason.EXPIRED);
    }

    /** As {@code GatewaySettings} has them, and however the client spells them. */
    @Test
    void renewalMayBeAnAddress() {
        Identities some = with(new Identities.Terms(false, List.of("[::1]:443", "[2001:db8::1]", "192.0.2.1:443")));
        Credentials expired = tag("LC01", "a.b", NOW);

        for (String host : List.of("::1", "0:0:0:0:0:0:0:1", "2001:db8::1", "2001:DB8:0::1", "192.0.2.1")) {
            assertThat(some.identify(expired, Optional.empty(), HostText.of(host), 443))
                    .as(host)
                    .isPresent();
        }
        assertThat(some.identify(expired, Optional.empty(), HostText.of("::1"), 8443))
                .isEmpty();
        assertThat(some.identify(expired, Optional.empty(), HostText.of("2001:db8::1"), 8443))
                .isPresent();
    }

    /** Within a minute the issuer's clock may be ahead. */
    @Test
    void beforeItsTimeItIsGoodForNothing() throws Exception {
        for (String claim : List.of("nbf", "iat")) {
            rejected.clear();
            JwtClaims soon = claims("LC01", "a.b", NOW + 600);
            soon.setClaim(claim, NOW + 60);
            JwtClaims later = claims("LC01", "a.b", NOW + 600);
            later.setClaim(claim, NOW + 61);

            assertThat(shown(token(soon), Optional.empty())).as(claim).isPresent();
            assertThat(shown(token(later), Optional.empty())).as(claim).isEmpty();
            assertThat(rejected).containsExactly(Reason.NOT_YET);
        }
    }

    @Test
    void aTagIsNoTokenAlthoughItIsRemembered() {
        CompactTag tag = CompactTag.sign(K1, "acme", "LC01", "work", "a.b", NOW + 1);
        assertThat(shown(new Credentials.Tag(tag), Optional.empty())).isPresent();

        assertThat(shown(new Credentials.Token(tag.user() + ":" + tag.password()), Optional.empty()))
                .isEmpty();
        assertThat(rejected).containsExactly(Reason.MALFORMED);
    }

    @Test
    void whatIsRevokedIsRefusedAlthoughItIsRemembered() throws Exception {
        JwtClaims claims = claims("LC03", "a.b", NOW + 60);
        claims.setJwtId("t-1");
        List<Credentials> all = List.of(tag("LC01", "a.b", NOW + 1), token(claims));
        for (Credentials one : all) {
            assertThat(shown(one, Optional.empty())).isPresent();
        }
        assertThat(proofs.remembered()).isEqualTo(2);

        for (String line : List.of("device LC01\ntoken t-1", "key k1\nkey e1")) {
            rejected.clear();
            identities.revoke(Revoked.parse("revoked", line).value().orElseThrow());
            for (Credentials one : all) {
                assertThat(shown(one, Optional.empty())).as(line).isEmpty();
            }
            assertThat(rejected).containsExactly(Reason.REVOKED, Reason.REVOKED);
        }
    }

    /** Who is known and not to be let in is not let in as somebody unknown. */
    @Test
    void theRevokedAreRefusedWhereTheUnattributedAreAdmitted() throws Exception {
        Identities admits = with(new Identities.Terms(true, List.of()));
        admits.revoke(Revoked.parse("revoked", "device LC03\ncertificate " + NAMELESS.hex())
                .value()
                .orElseThrow());
        HostText host = HostText.of("www.example.com");
        Credentials revoked = tag("LC03", "a.b", NOW + 1);
        Credentials conflicting = tag("LC01", "a.b", NOW + 1);
        Credentials unbound = token(bound(claims("LC01", "a.b", NOW + 1), OURS.thumbprint()));

        assertThat(admits.identify(revoked, Optional.empty(), host, 443)).isEmpty();
        assertThat(admits.openAnything(revoked, Optional.empty())).isFalse();
        assertThat(admits.identify(conflicting, Optional.of(OTHERS), host, 443)).isEmpty();
        assertThat(admits.identify(unbound, Optional.empty(), host, 443)).isEmpty();
        assertThat(admits.identify(Credentials.NONE, Optional.of(NAMELESS), host, 443))
                .isEmpty();
        assertThat(rejected)
                .containsExactly(Reason.REVOKED, Reason.REVOKED, Reason.CONFLICT, Reason.UNBOUND, Reason.REVOKED);

        assertThat(admits.identify(Credentials.NONE, Optional.empty(), host, 443)
                        .orElseThrow()
                        .tag())
                .isEqualTo(AppTag.UNATTRIBUTED);
        assertThat(admits.identify(Credentials.MALFORMED, Optional.empty(), host, 443)
                        .orElseThrow()
                        .tag())
                .isEqualTo(AppTag.INVALID);
    }

    @Test
    void aRevokedCertificateTakesItsTagAlong() {
        identities.revoke(
                Revoked.parse("revoked", "certificate " + OURS.hex()).value().orElseThrow());

        assertThat(shown(Credentials.NONE, Optional.of(OURS))).isEmpty();
        assertThat(shown(tag("LC01", "a.b", NOW + 1), Optional.of(OURS))).isEmpty();
        assertThat(shown(tag("LC01", "a.b", NOW + 1), Optional.empty())).isPresent();
    }

    @Test
    void newKeysEndWhatOldOnesVouchedFor() throws Exception {
        Credentials token = token(claims("LC01", "a.b", NOW + 1));
        assertThat(shown(token, Optional.empty())).isPresent();

        proofs.adopt(new TokenVerifier(TestingTokens.ISSUER, TestingTokens.AUDIENCE, TestingTokens.set(ed25519("e2"))));

        assertThat(shown(token, Optional.empty())).isEmpty();
        assertThat(rejected).containsExactly(Reason.UNKNOWN_KEY);
    }

    @Test
    void whatIsRefusedIsNotRemembered() {
        shown(new Credentials.Tag(new CompactTag("pst1.acme.LC01.work", "a.b~1900000000~k1~x")), Optional.empty());

        assertThat(proofs.remembered()).isZero();
    }

    @Test
    void aPathNamesTheRevokedByItsLastPart() {
        assertThat(Revoked.parse("revoked", "device enterprises/e/devices/LC05")
                        .value()
                        .orElseThrow()
                        .holds(new Revoked.Entry(Revoked.Kind.DEVICE, "LC05")))
                .isTrue();
    }

    @Test
    void everyBadLineOfTheRevokedIsTold() {
        assertThat(Revoked.parse("revoked", "device LC01\n# note\n\ndevise LC02\ndevice a b\ncertificate 12\n")
                        .problems())
                .extracting(Object::toString)
                .containsExactly(
                        "revoked:4:1: identity.revoked-file: begins with 'devise', must with device, key, token or"
                                + " certificate",
                        "revoked:5:1: identity.revoked-file: is not two words, what and which",
                        "revoked:6:1: identity.revoked-file: names '12', must match [0-9a-f]{64}");
    }

    private Identities with(Identities.Terms terms) {
        return new Identities(
                proofs,
                Revoked.NOTHING,
                new AddressBook(InnerAddresses.NONE),
                terms,
                Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC),
                rejected::add);
    }

    private Optional<AppTag> shown(Credentials credentials, Optional<ClientCertificate> certificate) {
        return identities
                .identify(credentials, certificate, HostText.of("www.example.com"), 443)
                .map(Identity::tag);
    }

    private static Credentials tag(String device, String app, long expiry) {
        return new Credentials.Tag(CompactTag.sign(K1, "acme", device, "work", app, expiry));
    }

    private Credentials token(JwtClaims claims) throws Exception {
        return new Credentials.Token(sign(key, claims));
    }
}
