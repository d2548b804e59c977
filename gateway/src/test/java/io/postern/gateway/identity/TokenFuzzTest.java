package io.postern.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is shown as a token or given as keys: a proof with every part in its grammar, a refusal, or an IOException. */
class TokenFuzzTest {

    /** RFC 8037 appendix A.1; its public half is in A.2. */
    private static final String KEY = """
            {"kty":"OKP","crv":"Ed25519","kid":"e1","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
             "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final PublicJsonWebKey SIGNER = signer();
    private static final TokenVerifier VERIFIER = verifier();

    @FuzzTest
    void readsAnything(byte[] bytes) {
        // Nothing here is signed by anybody's key but by chance.
        assertThat(VERIFIER.verify(new String(bytes, StandardCharsets.ISO_8859_1)))
                .isInstanceOf(Proof.Refused.class);
    }

    /** Header and claims, a line each, signed as they are: a signature does not make a token. */
    @FuzzTest
    void readsWhateverIsSigned(byte[] bytes) throws GeneralSecurityException {
        String[] lines = (new String(bytes, StandardCharsets.ISO_8859_1) + "\n").split("\n", 2);
        String signed = base64(lines[0].getBytes(StandardCharsets.ISO_8859_1)) + "."
                + base64(lines[1].getBytes(StandardCharsets.ISO_8859_1));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(SIGNER.getPrivateKey());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        if (VERIFIER.verify(signed + "." + base64(signature.sign())) instanceof Proof.Authentic proof) {
            JsonNode header = JSON.readTree(lines[0]);
            assertThat(header.at("/alg").asString()).isEqualTo("EdDSA");
            assertThat(proof.keyId())
                    .isEqualTo("e1")
                    .isEqualTo(header.at("/kid").asString());
            assertThat(proof.device()).matches(CompactTag.DEVICE);
            assertThat(proof.profile()).matches(CompactTag.PROFILE);
            assertThat(proof.app()).matches(CompactTag.APP);
            assertThat(proof.boundTo().orElse("x".repeat(43))).hasSize(43);
        }
    }

    @FuzzTest
    void readsAnythingAsKeys(byte[] bytes) {
        try {
            assertThat(new TokenVerifier("a", "b", new String(bytes, StandardCharsets.UTF_8)).verify("e30.e30.e30"))
                    .isInstanceOf(Proof.Refused.class);
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?s)(is|has|key) .*");
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static PublicJsonWebKey signer() {
        try {
            return PublicJsonWebKey.Factory.newPublicJwk(KEY);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TokenVerifier verifier() {
        try {
            String set = "{\"keys\":[" + SIGNER.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY) + "]}";
            return new TokenVerifier(TestingTokens.ISSUER, TestingTokens.AUDIENCE, set);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
