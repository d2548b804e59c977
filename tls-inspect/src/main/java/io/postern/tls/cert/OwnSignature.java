package io.postern.tls.cert;

import io.postern.tls.cert.CertificateFacts.SelfSigned;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/** Whether a certificate verifies by its own key. */
final class OwnSignature {

    static SelfSigned check(X509CertificateHolder certificate, SubjectKey key) {
        if (!key.computable()) {
            return SelfSigned.CLAIMED;
        }
        try {
            byte[] encoded = certificate.getSubjectPublicKeyInfo().getEncoded();
            PublicKey own = KeyFactory.getInstance(key.type()).generatePublic(new X509EncodedKeySpec(encoded));
            boolean proved = certificate.isSignatureValid(new JcaContentVerifierProviderBuilder().build(own));
            return proved ? SelfSigned.PROVED : SelfSigned.NO;
        } catch (Exception notComputed) {
            // MD5 may be off in this JDK, a curve no longer there, the key malformed.
            return SelfSigned.CLAIMED;
        }
    }

    private OwnSignature() {}
}
