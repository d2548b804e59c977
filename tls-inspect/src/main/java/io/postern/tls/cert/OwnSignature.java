package io.postern.tls.cert;

import io.postern.tls.cert.CertificateFacts.SelfSigned;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/** Whether a certificate verifies by its own key. */
final class OwnSignature {

    static SelfSigned check(X509CertificateHolder certificate, SubjectKey key) {
        if (!key.computable()) {
            return SelfSigned.CLAIMED;
        }
        try {
            boolean own = certificate.isSignatureValid(
                    new JcaContentVerifierProviderBuilder().build(certificate.getSubjectPublicKeyInfo()));
            return own ? SelfSigned.PROVED : SelfSigned.NO;
        } catch (Exception notComputed) {
            // MD5 may be off in this JDK, a curve no longer there, the key malformed.
            return SelfSigned.CLAIMED;
        }
    }

    private OwnSignature() {}
}
