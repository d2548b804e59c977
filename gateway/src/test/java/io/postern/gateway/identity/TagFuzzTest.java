package io.postern.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Whatever is shown as a tag, only what could have been issued is one, and nothing is ever thrown. */
class TagFuzzTest {

    private static final String TENANT = "acme";
    private static final TagKeyMaterial KEY =
            new TagKeyMaterial("k1", "a secret of the tests, long enough.".getBytes(StandardCharsets.US_ASCII));
    private static final TagVerifier VERIFIER = new TagVerifier(TENANT, List.of(KEY));

    /** User and password, a line each. */
    @FuzzTest
    void readsAnything(byte[] bytes) {
        String[] lines = lines(bytes);
        expectIssued(new CompactTag(lines[0], lines[1]));
    }

    /** User, package, expiry and key id, a line each, signed as they are: a signature does not make a tag. */
    @FuzzTest
    void readsWhateverIsSigned(byte[] bytes) {
        String[] lines = lines(bytes);
        String mac = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(KEY.hmac(CompactTag.signed(lines[0], lines[1], lines[2], lines[3])));
        expectIssued(new CompactTag(lines[0], lines[1] + "~" + lines[2] + "~" + lines[3] + "~" + mac));
    }

    private static void expectIssued(CompactTag tag) {
        if (VERIFIER.verify(tag) instanceof Proof.Authentic proof) {
            assertThat(proof.expiryMillis() % 1000).isZero();
            CompactTag issued = CompactTag.sign(
                    KEY, TENANT, proof.device(), proof.profile(), proof.app(), proof.expiryMillis() / 1000);
            assertThat(tag.user()).isEqualTo(issued.user());
            assertThat(tag.password()).isEqualTo(issued.password());
        }
    }

    /** Four of them, empty where there are fewer. */
    private static String[] lines(byte[] bytes) {
        return (new String(bytes, StandardCharsets.ISO_8859_1) + "\n\n\n\n").split("\n", 5);
    }
}
