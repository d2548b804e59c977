package io.postern.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagVerifierTest {

    private static final long NOW = 1_800_000_000;
    private static final TagKeyMaterial K1 = key("k1", 'a');
    private static final TagKeyMaterial K2 = key("k2", 'b');
    private final TagVerifier verifier = new TagVerifier("acme", List.of(K1, K2));

    @Test
    void aSignedTagNamesDeviceAndApp() {
        CompactTag tag = CompactTag.sign(K1, "acme", "LC01abcdef", "work", "com.acme.mail", NOW + 1);

        assertThat(tag.user()).isEqualTo("pst1.acme.LC01abcdef.work");
        assertThat(verifier.verify(tag))
                .isEqualTo(new Proof.Authentic(
                        "LC01abcdef",
                        "work",
                        "com.acme.mail",
                        Long.MIN_VALUE,
                        (NOW + 1) * 1000,
                        "k1",
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void everyConfiguredKeyVerifies() {
        assertThat(verifier.verify(CompactTag.sign(K2, "acme", "d", "work", "a.b", NOW + 1)))
                .isInstanceOf(Proof.Authentic.class);
    }

    @Test
    void theLongestLegalTagFitsSocks() {
        CompactTag tag = CompactTag.sign(
                K1, "a".repeat(32), "d".repeat(64), "p".repeat(16), "com." + "x".repeat(180), 253_402_300_799L);

        assertThat(tag.user().length()).isLessThanOrEqualTo(255);
        assertThat(tag.password().length()).isLessThanOrEqualTo(255);
    }

    @Test
    void everySingleChangedCharacterIsRejected() {
        CompactTag tag = CompactTag.sign(K1, "acme", "d1", "work", "com.acme.mail", NOW + 60);
        for (int i = 0; i < tag.password().length(); i++) {
            char other = tag.password().charAt(i) == 'A' ? 'B' : 'A';
            String changed =
                    tag.password().substring(0, i) + other + tag.password().substring(i + 1);
            assertThat(verifier.verify(new CompactTag(tag.user(), changed)))
                    .as(changed)
                    .isInstanceOf(Proof.Refused.class);
        }
        for (int i = 0; i < tag.user().length(); i++) {
            char other = tag.user().charAt(i) == 'A' ? 'B' : 'A';
            String changed = tag.user().substring(0, i) + other + tag.user().substring(i + 1);
            assertThat(verifier.verify(new CompactTag(changed, tag.password())))
                    .as(changed)
                    .isInstanceOf(Proof.Refused.class);
        }
    }

    @ParameterizedTest(name = "{0} {1} -> {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ""                    | ""                          | MALFORMED
            pst1.acme.d           | a.b~1900000000~k1~x         | MALFORMED
            pst2.acme.d.work      | a.b~1900000000~k1~x         | MALFORMED
            pst1.acme.d.work.x    | a.b~1900000000~k1~x         | MALFORMED
            pst1.acme.-.work      | a.b~1900000000~k1~x         | MALFORMED
            pst1.acme.d d.work    | a.b~1900000000~k1~x         | MALFORMED
            pst1.acme.d.work      | a b~1900000000~k1~x         | MALFORMED
            pst1.acme.d.work      | a.b~-1~k1~x                 | MALFORMED
            pst1.acme.d.work      | a.b~01900000000~k1~x        | MALFORMED
            pst1.acme.d.work      | a.b~9999999999999~k1~x      | MALFORMED
            pst1.acme.d.work      | a.b~1900000000~k1           | MALFORMED
            pst1.evil.d.work      | a.b~1900000000~k1~x         | WRONG_TENANT
            pst1.acme.d.work      | a.b~1900000000~k9~x         | UNKNOWN_KEY
            pst1.acme.d.work      | a.b~1900000000~k1~          | FORGED
            """)
    void saysWhyToTheOperator(String user, String password, Reason reason) {
        assertThat(verifier.verify(new CompactTag(user, password))).isEqualTo(new Proof.Refused(reason));
    }

    @Test
    void anotherSpellingOfTheSameMacIsNotTheTag() {
        CompactTag tag = CompactTag.sign(K1, "acme", "d", "work", "a.b", NOW + 60);

        assertThat(verifier.verify(new CompactTag(tag.user(), tag.password() + "=")))
                .isEqualTo(new Proof.Refused(Reason.FORGED));
    }

    @Test
    void neitherKeyNorTagPrintsItsSecret() {
        CompactTag tag = CompactTag.sign(K1, "acme", "d", "work", "a.b", NOW + 60);

        assertThat(K1.toString()).isEqualTo("tag key k1");
        assertThat(tag.toString()).doesNotContain(tag.password());
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new TagKeyMaterial("k", new byte[31])).hasMessageContaining("at least 32");
    }

    private static TagKeyMaterial key(String id, char fill) {
        return new TagKeyMaterial(id, String.valueOf(fill).repeat(32).getBytes(StandardCharsets.US_ASCII));
    }
}
