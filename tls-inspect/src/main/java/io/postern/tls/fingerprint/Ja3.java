package io.postern.tls.fingerprint;

import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.Codes;
import io.postern.tls.hello.ServerHello;
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
        return hash(text(hello));
    }

    /** JA3S, the server's answer the same way; it depends on what the client offered. */
    public String hash(ServerHello hello) {
        return hash(text(hello));
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

    /** {@code version,suite,extensions}. */
    public static String text(ServerHello hello) {
        StringBuilder text = new StringBuilder(64);
        text.append(hello.legacyVersion()).append(',').append(hello.cipherSuite());
        append(text, hello.extensions());
        return text.toString();
    }

    private String hash(String text) {
        return HexFormat.of().formatHex(md5.digest(text.getBytes(StandardCharsets.US_ASCII)));
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
