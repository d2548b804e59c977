package io.postern.gateway.recognise;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.cert.CertificateFacts;
import java.io.IOException;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;

class CertificatesTest {

    private static final KeyPair KEYS = io.postern.tls.Certificates.keys("EC", 256);

    private final Certificates certificates = new Certificates();

    @Test
    void oneThatComesAgainIsReadOnce() throws IOException {
        byte[] der = certificate("a.example");
        CertificateFacts first = certificates.read(der).orElseThrow();

        assertThat(certificates.read(der.clone())).containsSame(first);
        assertThat(first.commonName()).contains("a.example");
        assertThat(certificates.bytes()).isEqualTo(der.length);
    }

    /** Of the same length and one byte apart, as an impostor's would be. */
    @Test
    void anotherIsNotTakenForIt() throws IOException {
        certificates.read(certificate("a.example"));

        assertThat(certificates.read(certificate("b.example")).orElseThrow().commonName())
                .contains("b.example");
    }

    @Test
    void whatIsNoneIsReadOnceToo() {
        assertThat(certificates.read(new byte[] {1, 2, 3})).isEmpty();
        assertThat(certificates.read(new byte[] {1, 2, 3})).isEmpty();
        assertThat(certificates.bytes()).isEqualTo(3);
    }

    @Test
    void whatIsKeptHasABound() {
        certificates.read(new byte[8 * 1024 + 1]);
        assertThat(certificates.bytes()).isZero();
        for (int i = 0; i < 3_000; i++) {
            byte[] rubbish = new byte[8 * 1024];
            rubbish[0] = (byte) i;
            rubbish[1] = (byte) (i >> 8);
            certificates.read(rubbish);
        }
        assertThat(certificates.bytes()).isPositive().isLessThanOrEqualTo(4 * 1024 * 1024);
    }

    private static byte[] certificate(String name) throws IOException {
        return io.postern.tls.Certificates.of("CN=" + name, "CN=ca", KEYS.getPublic(), KEYS.getPrivate())
                .getEncoded();
    }
}
