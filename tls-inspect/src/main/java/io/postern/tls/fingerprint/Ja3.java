package io.postern.tls.fingerprint;

import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.Codes;
import io.postern.tls.hello.ServerHello;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * JA3, as salesforce/ja3 defines it: {@code version,suites,extensions,groups,point formats} in decimal, with hyphens, in
 * the order sent, without GREASE; then MD5. For the sake of existing lists only: clients that shuffle their extensions
 * have a new one each time, see {@link Ja4}. Keeps a digest and buffers; not thread-safe, one per thread.
 */
public final class Ja3 {

    private final MessageDigest md5;
    private final StringBuilder text = new StringBuilder(512);
    private byte[] ascii = new byte[512];

    public Ja3() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has MD5", missing);
        }
    }

    /** 32 lower-case hexadecimal digits. */
    public String hash(ClientHello hello) {
        text.setLength(0);
        write(text, hello);
        return hash();
    }

    /** JA3S, the server's answer the same way; it depends on what the client offered. */
    public String hash(ServerHello hello) {
        text.setLength(0);
        write(text, hello);
        return hash();
    }

    /** The text the hash is of. */
    public static String text(ClientHello hello) {
        StringBuilder text = new StringBuilder(256);
        write(text, hello);
        return text.toString();
    }

    /** {@code version,suite,extensions}. */
    public static String text(ServerHello hello) {
        StringBuilder text = new StringBuilder(64);
        write(text, hello);
        return text.toString();
    }

    private static void write(StringBuilder text, ClientHello hello) {
        text.append(hello.legacyVersion());
        append(text, hello.cipherSuites());
        append(text, hello.extensions());
        append(text, hello.groups());
        append(text, hello.pointFormats());
    }

    private static void write(StringBuilder text, ServerHello hello) {
        text.append(hello.legacyVersion()).append(',').append(hello.cipherSuite());
        append(text, hello.extensions());
    }

    private String hash() {
        int length = text.length();
        if (length > ascii.length) {
            ascii = new byte[2 * length];
        }
        for (int i = 0; i < length; i++) {
            ascii[i] = (byte) text.charAt(i);
        }
        md5.update(ascii, 0, length);
        return HexFormat.of().formatHex(md5.digest());
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
