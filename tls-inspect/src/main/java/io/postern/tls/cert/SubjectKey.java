package io.postern.tls.cert;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A certificate's key as far as it is described.
 *
 * @param bits 0 if unknown
 * @param computable whether a signature by it is verified here: a key that costs the reader more than a usual one is not
 */
record SubjectKey(String type, int bits, boolean computable) {

    private static final int LONGEST_RSA = 4096;
    private static final int LONGEST_EXPONENT = 32;
    private static final int LONGEST_CURVE = 521;
    private static final int ED25519_BITS = 256;
    private static final int ED448_BITS = 456;

    static SubjectKey of(SubjectPublicKeyInfo info) {
        ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return rsa(info);
        }
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return curve(info);
        }
        if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return new SubjectKey("Ed25519", ED25519_BITS, true);
        }
        if (algorithm.equals(EdECObjectIdentifiers.id_Ed448)) {
            return new SubjectKey("Ed448", ED448_BITS, true);
        }
        boolean dsa = algorithm.equals(X9ObjectIdentifiers.id_dsa);
        return new SubjectKey(dsa ? "DSA" : algorithm.getId(), 0, false);
    }

    private static SubjectKey rsa(SubjectPublicKeyInfo info) {
        try {
            RSAPublicKey key = RSAPublicKey.getInstance(info.parsePublicKey());
            BigInteger modulus = key.getModulus();
            int bits = modulus.bitLength();
            boolean usual = bits <= LONGEST_RSA && key.getPublicExponent().bitLength() <= LONGEST_EXPONENT;
            return new SubjectKey("RSA", bits, usual && modulus.signum() > 0);
        } catch (Exception broken) {
            return new SubjectKey("RSA", 0, false);
        }
    }

    /** Curves written out in full, which TLS forbids (RFC 8422 section 5.1.1), are no known ones. */
    private static SubjectKey curve(SubjectPublicKeyInfo info) {
        if (!(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier name)) {
            return new SubjectKey("EC", 0, false);
        }
        X9ECParameters known = ECNamedCurveTable.getByOID(name);
        int bits = known == null ? 0 : known.getCurve().getFieldSize();
        return new SubjectKey("EC", bits, bits > 0 && bits <= LONGEST_CURVE);
    }
}
