package io.postern.tls.cert;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Nothing is thrown, and what is kept is bounded. */
class CertificateFuzzTest {

    private static final CertificateReader READER = new CertificateReader();

    @FuzzTest
    void readsAnything(byte[] bytes) {
        READER.read(bytes).ifPresent(facts -> {
            assertThat(facts.names()).hasSizeLessThanOrEqualTo(CertificateReader.MAX_NAMES);
            assertThat(facts.names()).allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(255));
            assertThat(facts.commonName()).hasSizeLessThanOrEqualTo(255);
            assertThat(facts.issuer()).hasSizeLessThanOrEqualTo(255);
        });
    }
}
