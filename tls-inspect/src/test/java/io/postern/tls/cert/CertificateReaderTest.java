package io.postern.tls.cert;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.tls.Certificates;
import io.postern.tls.cert.CertificateFacts.SelfSigned;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.X509CertificateHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateReaderTest {

    private static final CertificateReader READER = new CertificateReader();
    private static final KeyPair RSA = Certificates.keys("RSA", 2048);
    private static final KeyPair EC = Certificates.keys("EC", 256);

    @Test
    void readsEveryField() throws IOException {
        X509CertificateHolder certificate = Certificates.of(
                "O=Example,CN=www.example",
                "O=Tests,CN=Test CA",
                EC.getPublic(),
                RSA.getPrivate(),
                new GeneralName(GeneralName.dNSName, "www.example"),
                new GeneralName(GeneralName.rfc822Name, "a@www.example"),
                new GeneralName(GeneralName.iPAddress, "192.0.2.1"),
                new GeneralName(GeneralName.iPAddress, "2001:db8::1"));
        assertThat(READER.read(certificate.getEncoded()))
                .contains(new CertificateFacts(
                        "www.example",
                        List.of("www.example", "192.0.2.1", "2001:db8::1"),
                        3,
                        "Test CA",
                        Certificates.FROM,
                        Certificates.TO,
                        SelfSigned.NO,
                        "a",
                        sha256(certificate.getEncoded()),
                        "EC",
                        256));
    }

    @ParameterizedTest
    @CsvSource({
        "www.example, www.example, true",
        "www.example, WWW.example, true",
        "www.example, a.example, false",
        "www.example, example, false",
        "a.www.example, '*.www.example', true",
        "a.b.www.example, '*.www.example', false",
        "www.example, '*.www.example', false",
        "www.example, 'w*.example', false"
    })
    void itIsForItsNamesAndAStarIsOneLabel(String host, String name, boolean whether) {
        CertificateFacts alone = facts("", List.of(name), 1);
        assertThat(alone.covers(host)).isEqualTo(whether);
        assertThat(facts(name, List.of(), 0).covers(host)).as("by common name").isEqualTo(whether);
        assertThat(facts(host, List.of("other.example"), 1).covers(host))
                .as("by common name beside others")
                .isFalse();
        assertThat(alone.cut()).isFalse();
        assertThat(facts("", List.of(name), 40).cut()).isTrue();
    }

    private static CertificateFacts facts(String commonName, List<String> names, int inAll) {
        return new CertificateFacts(
                commonName,
                names,
                inAll,
                "Test CA",
                Certificates.FROM,
                Certificates.TO,
                SelfSigned.NO,
                "a",
                "00",
                "EC",
                256);
    }

    private static String sha256(byte[] der) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"RSA, 2048, RSA, 2048", "EC, 384, EC, 384", "Ed25519, 0, Ed25519, 256"})
    void selfSignedIsProvedByTheKey(String algorithm, int bits, String type, int size) throws IOException {
        KeyPair own = Certificates.keys(algorithm, bits);
        CertificateFacts facts = read(Certificates.of("CN=a", "CN=a", own.getPublic(), own.getPrivate()));
        assertThat(facts.selfSigned()).isEqualTo(SelfSigned.PROVED);
        assertThat(facts.keyType()).isEqualTo(type);
        assertThat(facts.keyBits()).isEqualTo(size);
    }

    @Test
    void equalNamesAreNoProof() throws IOException {
        KeyPair other = Certificates.keys("EC", 256);
        assertThat(read(Certificates.of("CN=a", "CN=a", EC.getPublic(), other.getPrivate()))
                        .selfSigned())
                .isEqualTo(SelfSigned.NO);
    }

    /** 8,192 bits cost sixteen times as much as 2,048: a peer shall not choose that for us. */
    @Test
    void aKeyOfAbsurdSizeIsNotComputed() throws IOException {
        BigInteger modulus = BigInteger.ONE.shiftLeft(8191).add(BigInteger.ONE);
        PublicKey huge = publicKey(modulus);
        CertificateFacts facts = read(Certificates.of("CN=a", "CN=a", huge, RSA.getPrivate()));
        assertThat(facts.selfSigned()).isEqualTo(SelfSigned.CLAIMED);
        assertThat(facts.keyBits()).isEqualTo(8192);
    }

    @Test
    void namesAreCountedAndTheFirstKept() throws IOException {
        GeneralName[] names = IntStream.range(0, 100)
                .mapToObj(i -> new GeneralName(GeneralName.dNSName, "n" + i + ".example"))
                .toArray(GeneralName[]::new);
        CertificateFacts facts = read(Certificates.of("CN=a", "O=b", EC.getPublic(), RSA.getPrivate(), names));
        assertThat(facts.names()).hasSize(CertificateReader.MAX_NAMES).startsWith("n0.example");
        assertThat(facts.namesInAll()).isEqualTo(100);
        assertThat(facts.issuer()).isEqualTo("b");
    }

    @Test
    void textsAreCut() throws IOException {
        GeneralName longest = new GeneralName(GeneralName.dNSName, "x".repeat(1000));
        CertificateFacts facts = read(Certificates.of("CN=a", "OU=b", EC.getPublic(), RSA.getPrivate(), longest));
        assertThat(facts.names().get(0)).hasSize(255);
        assertThat(facts.issuer()).isEqualTo("OU=b");
    }

    @Test
    void whatIsBrokenIsNone() throws IOException {
        byte[] der = Certificates.of("CN=a", "CN=a", EC.getPublic(), EC.getPrivate(), new GeneralName(2, "a.example"))
                .getEncoded();
        for (int shown = 0; shown < der.length; shown++) {
            assertThat(READER.read(Arrays.copyOf(der, shown))).isEmpty();
        }
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] mutant = der.clone();
            mutant[random.nextInt(der.length)] = (byte) random.nextInt(256);
            READER.read(mutant)
                    .ifPresent(facts -> assertThat(facts.names().size()).isLessThan(33));
        }
        assertThat(READER.read(new byte[CertificateReader.LONGEST + 1])).isEmpty();
    }

    private static CertificateFacts read(X509CertificateHolder certificate) throws IOException {
        return READER.read(certificate.getEncoded()).orElseThrow();
    }

    private static PublicKey publicKey(BigInteger modulus) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65537)));
        } catch (GeneralSecurityException ours) {
            throw new IllegalStateException(ours);
        }
    }
}
