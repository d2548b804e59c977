package io.postern.gateway.ingress;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A chain of certificates and the key of its leaf, from PEM files. That the two belong together is tried: TLS libraries
 * find out with the first client.
 *
 * @param chain leaf first
 */
record PemPair(List<X509Certificate> chain, PrivateKey key) {

    /** @throws IOException when a file cannot be read, holds something else, or they are not a pair */
    static PemPair read(Path certificate, Path key) throws IOException {
        PemPair pair = new PemPair(chain(certificate), key(key));
        if (!pair.fits()) {
            throw new IOException(key + " is not the key of " + certificate);
        }
        return pair;
    }

    /** When the first of the chain does: no client takes the others then. */
    Instant expires() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static List<X509Certificate> chain(Path file) throws IOException {
        try {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw new IOException(file + " holds no certificate, must be PEM");
            }
            return chain;
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificate, must be PEM: " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.US_ASCII);
                PEMParser pem = new PEMParser(text)) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            // Keys on elliptic curves may have their parameters before them.
            for (Object found = pem.readObject(); found != null; found = pem.readObject()) {
                if (found instanceof PrivateKeyInfo key) {
                    return converter.getPrivateKey(key);
                }
                if (found instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
            }
        } catch (PEMException e) {
            throw new IOException(file + " holds no private key that reads: " + e.getMessage(), e);
        }
        throw new IOException(file + " holds no private key, must be PEM without a password");
    }

    /** Whether what the key signs the certificate verifies. */
    private boolean fits() throws IOException {
        PublicKey leaf = chain.get(0).getPublicKey();
        byte[] anything = {1};
        try {
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> key.getAlgorithm();
                    });
            signature.initSign(key);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(leaf);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // Of another kind, or another size, than the certificate's.
            return false;
        }
    }
}
