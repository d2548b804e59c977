package io.postern.tls.fingerprint;

import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.Codes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * JA3, as salesforce/ja3 defines it: {@code version,suites,extensions,groups,point formats} in decimal, with hyphens, in
 * the order sent, without GREASE; then MD5. For the sake of existing lists only: clients that shuffle their extensions
 * have a new one each time, see {@link Ja4}. Keeps its digest; not thread-safe, one per thread.
 */
public final class Ja3 {

    private final MessageDigest md5;

    public Ja3() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has MD5", missing);
        }
    }

    /** 32 lower-case hexadecimal digits. */
    public String hash(ClientHello hello) {
        byte[] digest = md5.digest(text(hello).getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest);
    }

    /** The text the hash is of. */
    public static String text(ClientHello hello) {
        StringBuilder text = new StringBuilder(256);
        text.append(hello.legacyVersion());
        append(text, hello.cipherSuites());
        append(text, hello.extensions());
        append(text, hello.groups());
        append(text, hello.pointFormats());
        return text.toString();
    }

    private static void append(StringBuilder text, Codes codes) {
        char separator = ',';
        for (int i = 0; i < codes.size(); i++) {
            if (!Codes.grease(codes.at(i))) {
                text.append(separator).append(codes.at(i));
                separator = '-';
            }
        }
        if (separator == ',') {
            text.append(',');
        }
    }
}
