package io.postern.gateway.identity;

import static io.postern.gateway.identity.TestingTokens.claims;
import static io.postern.gateway.identity.TestingTokens.ed25519;
import static io.postern.gateway.identity.TestingTokens.p256;
import static io.postern.gateway.identity.TestingTokens.set;
import static io.postern.gateway.identity.TestingTokens.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.KeyOperations;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jwk.Use;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {

    private static final long EXPIRY = 1_800_000_000;

    private static PublicJsonWebKey ed;
    private static PublicJsonWebKey ec;
    private static TokenVerifier verifier;

    @BeforeAll
    static void keys() throws Exception {
        ed = ed25519("e1");
        ec = p256("p1");
        verifier = new TokenVerifier(TestingTokens.ISSUER, TestingTokens.AUDIENCE, set(ed, ec));
    }

    @Test
    void bothAlgorithmsNameDeviceAndApp() throws JoseException {
        for (PublicJsonWebKey key : new PublicJsonWebKey[] {ed, ec}) {
            JwtClaims claims = claims("LC01", "com.acme.mail", EXPIRY);
            claims.setJwtId("t-1");
            assertThat(verifier.verify(sign(key, claims)))
                    .isEqualTo(new Proof.Authentic(
                            "LC01",
                            "work",
                            "com.acme.mail",
                            Long.MIN_VALUE,
                            EXPIRY * 1000,
                            key.getKeyId(),
                            Optional.of("t-1"),
                            Optional.empty()));
        }
    }

    @Test
    void anArrayIsThePackagesOfOneUid() throws JoseException {
        for (var apps : Map.of(List.of("com.b", "com.a"), "com.a+com.b", List.of("com.b"), "com.b")
                .entrySet()) {
            JwtClaims claims = claims("LC01", "-", EXPIRY);
            claims.setStringListClaim("app", apps.getKey());
            assertThat(verifier.verify(sign(ed, claims)))
                    .isInstanceOfSatisfying(
                            Proof.Authentic.class,
                            proof -> assertThat(proof.app()).isEqualTo(apps.getValue()));
        }
        for (Object apps : List.of(List.of(), List.of("com.a", "com.a"), List.of("com.a", "-"), List.of("com.a", 1))) {
            JwtClaims claims = claims("LC01", "-", EXPIRY);
            claims.setClaim("app", apps);
            assertThat(verifier.verify(sign(ed, claims))).isEqualTo(new Proof.Refused(Reason.MALFORMED));
        }
    }

    @Test
    void aPathNamesTheDeviceByItsLastPart() throws JoseException {
        assertThat(verifier.verify(sign(ed, claims("enterprises/e/devices/LC05", "a.b", EXPIRY))))
                .isInstanceOfSatisfying(
                        Proof.Authentic.class,
                        proof -> assertThat(proof.device()).isEqualTo("LC05"));
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of(Reason.WRONG_TENANT, change(claims -> claims.setIssuer("https://evil.example"))),
                Arguments.of(Reason.WRONG_TENANT, change(claims -> claims.setAudience("another"))),
                Arguments.of(Reason.WRONG_TENANT, change(claims -> claims.unsetClaim("aud"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.unsetClaim("exp"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setStringClaim("exp", "tomorrow"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setClaim("exp", 9_000_000_000_000_000_000L))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setClaim("exp", -1))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setClaim("nbf", Long.MAX_VALUE))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setClaim("iat", "today"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setStringClaim("dev", "-"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.unsetClaim("dev"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setStringClaim("dev", "a b"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setClaim("dev", 1))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.unsetClaim("prof"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setStringClaim("app", "no package"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setJwtId("x".repeat(129)))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setStringClaim("cnf", "text"))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setClaim("cnf", Map.of("jkt", "x")))),
                Arguments.of(Reason.MALFORMED, change(claims -> claims.setClaim("cnf", Map.of("x5t#S256", "short")))));
    }

    private static Consumer<JwtClaims> change(Consumer<JwtClaims> how) {
        return how;
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("bad")
    void saysWhyToTheOperator(Reason reason, Consumer<JwtClaims> change) throws JoseException {
        JwtClaims claims = claims("LC01", "a.b", EXPIRY);
        change.accept(claims);
        assertThat(verifier.verify(sign(ed, claims))).isEqualTo(new Proof.Refused(reason));
    }

    @Test
    void anotherKeyOfTheSameNameForges() throws JoseException {
        assertThat(verifier.verify(sign(ed25519("e1"), claims("LC01", "a.b", EXPIRY))))
                .isEqualTo(new Proof.Refused(Reason.FORGED));
    }

    @Test
    void aKeyOutsideTheSetIsUnknown() throws JoseException {
        assertThat(verifier.verify(sign(ed25519("e9"), claims("LC01", "a.b", EXPIRY))))
                .isEqualTo(new Proof.Refused(Reason.UNKNOWN_KEY));
    }

    /** The oldest trick: sign with the public key as if it were a shared secret (RFC 8725 section 2.1). */
    @Test
    void thePublicKeyIsNoSharedSecret() throws JoseException {
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        token.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        token.setKeyIdHeaderValue("p1");
        token.setKey(new HmacKey(ec.getPublicKey().getEncoded()));
        token.setPayload(claims("LC01", "a.b", EXPIRY).toJson());

        assertThat(verifier.verify(token.getCompactSerialization())).isInstanceOf(Proof.Refused.class);
    }

    @Test
    void noSignatureIsNone() {
        String header = base64("{\"alg\":\"none\",\"kid\":\"e1\"}");
        String body = base64(claims("LC01", "a.b", EXPIRY).toJson());

        assertThat(verifier.verify(header + "." + body + ".")).isInstanceOf(Proof.Refused.class);
    }

    @Test
    void everySingleChangedCharacterIsRefused() throws JoseException {
        String token = sign(ed, claims("LC01", "a.b", EXPIRY));
        for (int i = 0; i < token.length(); i++) {
            String changed = token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1);
            assertThat(verifier.verify(changed)).as(changed).isInstanceOf(Proof.Refused.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "a.b.c.d.e", "\u0000.\u0000.\u0000"})
    void whatIsNoTokenIsMalformed(String text) {
        assertThat(verifier.verify(text)).isEqualTo(new Proof.Refused(Reason.MALFORMED));
    }

    /** What is no text where text belongs is the peer's fault too, and no exception of ours. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":1,\"kid\":\"e1\"}",
                "{\"alg\":\"EdDSA\",\"kid\":1}",
                "{\"alg\":\"EdDSA\",\"kid\":\"e1\",\"crit\":[\"x\"]}",
                "{\"alg\":\"EdDSA\",\"kid\":\"e1\",\"b64\":false,\"crit\":[\"b64\"]}",
                "{\"alg\":\"ES256\",\"kid\":\"e1\"}",
                "{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"kid\":\"e1\"}",
                "[]"
            })
    void anOddHeaderIsRefused(String header) {
        String token =
                base64(header) + "." + base64(claims("LC01", "a.b", EXPIRY).toJson()) + "." + base64("x");

        assertThat(verifier.verify(token)).isInstanceOf(Proof.Refused.class);
        assertThat(verifier.verify(token + "." + base64("y") + "." + base64("z")))
                .isInstanceOf(Proof.Refused.class);
    }

    @Test
    void anotherSpellingOfTheSameBytesIsNotTheToken() throws JoseException {
        String token = sign(ed, claims("LC01", "a.b", EXPIRY));
        assertThat(verifier.verify(token)).isInstanceOf(Proof.Authentic.class);

        // The last character of 64 bytes carries two bits, and four that mean nothing.
        char last = token.charAt(token.length() - 1);
        String same = token.substring(0, token.length() - 1) + (char) (last + 1);
        for (String changed : List.of(token + "=", token + "==", same, token.replaceFirst("\\.", "=."), token + "\n")) {
            assertThat(verifier.verify(changed)).as(changed).isEqualTo(new Proof.Refused(Reason.MALFORMED));
        }
    }

    @Test
    void aTokenIsNotReadBeyondItsLongest() throws JoseException {
        JwtClaims claims = claims("LC01", "a.b", EXPIRY);
        claims.setStringClaim("x", "x".repeat(TokenVerifier.MAX_LENGTH));
        assertThat(verifier.verify(sign(ed, claims))).isEqualTo(new Proof.Refused(Reason.MALFORMED));
    }

    @Test
    void aSetIsRefusedForWhatNoTokenShouldBeVerifiedWith() throws Exception {
        refused("not json", "is not a JWK set");
        refused("{\"keys\":[]}", "has no key for us");
        refused(set(foreign()), "has no key for us");
        refused(set(p256("a"), p256("a")), "two keys with kid a");
        refused("{\"keys\":[" + ed.toJson(OutputControlLevel.INCLUDE_PRIVATE) + "]}", "key e1 is private");
    }

    /** RFC 7517 section 5: an issuer that adds a key for others must not cost us ours. */
    @Test
    void keysForOthersArePassedOver() throws Exception {
        String keys = set(foreign());
        String all = keys.substring(0, keys.lastIndexOf(']')) + ",{\"kty\":\"new\",\"kid\":\"n\"},{},"
                + ed.toJson(OutputControlLevel.PUBLIC_ONLY) + "]}";
        TokenVerifier mixed = new TokenVerifier(TestingTokens.ISSUER, TestingTokens.AUDIENCE, all);

        assertThat(mixed.verify(sign(ed, claims("LC01", "a.b", EXPIRY)))).isInstanceOf(Proof.Authentic.class);
        PublicJsonWebKey encrypts = foreign()[2];
        assertThat(mixed.verify(sign(encrypts, claims("LC01", "a.b", EXPIRY))))
                .isEqualTo(new Proof.Refused(Reason.UNKNOWN_KEY));
    }

    private static PublicJsonWebKey[] foreign() throws JoseException {
        PublicJsonWebKey rsa = RsaJwkGenerator.generateJwk(2048);
        rsa.setKeyId("r1");
        PublicJsonWebKey nameless = p256("x");
        nameless.setKeyId(null);
        PublicJsonWebKey encrypts = p256("c1");
        encrypts.setUse(Use.ENCRYPTION);
        PublicJsonWebKey wider = EcJwkGenerator.generateJwk(EllipticCurves.P384);
        wider.setKeyId("w1");
        PublicJsonWebKey signsOnly = ed25519("s1");
        signsOnly.setKeyOps(List.of(KeyOperations.SIGN));
        PublicJsonWebKey agrees = ed25519("a1");
        agrees.setAlgorithm("ECDH-ES");
        return new PublicJsonWebKey[] {rsa, nameless, encrypts, wider, signsOnly, agrees};
    }

    private static void refused(String set, String why) {
        assertThatThrownBy(() -> new TokenVerifier("i", "a", set))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
