package io.postern.tls.cert;

import io.postern.tls.cert.CertificateFacts.SelfSigned;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;

/** Reads one certificate. Stateless; may be shared between threads. */
public final class CertificateReader {

    /** Names kept of subjectAltName. */
    public static final int MAX_NAMES = 32;

    /** Bytes of a certificate that is read at all: real ones have 400 to 8,000. */
    static final int LONGEST = 64 * 1024;

    private static final int LONGEST_TEXT = 255;

    /**
     * About 20 µs; up to 1 ms where issuer and subject are equal and the signature is verified: not for an event loop.
     *
     * @return empty when these bytes are no certificate
     */
    public Optional<CertificateFacts> read(byte[] der) {
        if (der.length > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(facts(new X509CertificateHolder(der), der));
        } catch (Exception | StackOverflowError broken) {
            // BouncyCastle decodes lazily and says what it dislikes with a dozen kinds of exception.
            return Optional.empty();
        }
    }

    private static CertificateFacts facts(X509CertificateHolder certificate, byte[] der)
            throws NoSuchAlgorithmException {
        List<String> names = new ArrayList<>();
        int namesInAll = names(certificate, names);
        SubjectKey key = SubjectKey.of(certificate.getSubjectPublicKeyInfo());
        return new CertificateFacts(
                commonName(certificate.getSubject()),
                names,
                namesInAll,
                issuer(certificate.getIssuer()),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                selfSigned(certificate, key),
                cut(certificate.getSerialNumber().abs().toString(16)),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der)),
                key.type(),
                key.bits());
    }

    private static SelfSigned selfSigned(X509CertificateHolder certificate, SubjectKey key) {
        if (!certificate.getSubject().equals(certificate.getIssuer())) {
            return SelfSigned.NO;
        }
        return OwnSignature.check(certificate, key);
    }

    private static int names(X509CertificateHolder certificate, List<String> kept) {
        Extension extension = certificate.getExtension(Extension.subjectAlternativeName);
        if (extension == null) {
            return 0;
        }
        GeneralName[] names =
                GeneralNames.getInstance(extension.getParsedValue()).getNames();
        int count = 0;
        for (GeneralName name : names) {
            String text = text(name);
            if (!text.isEmpty()) {
                count++;
                if (kept.size() < MAX_NAMES) {
                    kept.add(text);
                }
            }
        }
        return count;
    }

    /** Empty for a name of another kind than DNS or address. */
    private static String text(GeneralName name) {
        return switch (name.getTagNo()) {
            case GeneralName.dNSName -> cut(((ASN1String) name.getName()).getString());
            case GeneralName.iPAddress -> AddressName.text(((ASN1OctetString) name.getName()).getOctets());
            default -> "";
        };
    }

    private static String issuer(X500Name name) {
        String commonName = commonName(name);
        if (!commonName.isEmpty()) {
            return commonName;
        }
        String organisation = last(name, BCStyle.O);
        return organisation.isEmpty() ? cut(name.toString()) : organisation;
    }

    private static String commonName(X500Name name) {
        return last(name, BCStyle.CN);
    }

    private static String last(X500Name name, ASN1ObjectIdentifier type) {
        RDN[] found = name.getRDNs(type);
        if (found.length == 0) {
            return "";
        }
        ASN1Encodable value = found[found.length - 1].getFirst().getValue();
        return value instanceof ASN1String text ? cut(text.getString()) : "";
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }
}
