package io.postern.tls.fingerprint;

import io.postern.tls.hello.ClientHello;
import io.postern.tls.hello.Codes;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * JA4, the client fingerprint of FoxIO's JA4.md (BSD 3-clause; the rest of the JA4+ family is under another licence and
 * is not here).
 *
 * <pre>
 * t13d1516h2_8daaf6152771_e5627efa2ab1
 * t                                      transport
 *  13                                    highest version
 *    d                                   d with a server_name extension, i without
 *     15                                 cipher suites, at most 99
 *       16                               extensions, at most 99
 *         h2                             first and last character of the first ALPN name
 *            8daaf6152771                SHA-256, first 6 bytes, of the sorted suites
 *                         e5627efa2ab1   the same of the sorted extensions but server_name and ALPN,
 *                                        then the signature algorithms in their order
 * </pre>
 *
 * <p>GREASE counts nowhere. Keeps a digest and a buffer; not thread-safe, one per thread.
 */
public final class Ja4 {

    /** How the hello travelled. */
    public enum Transport {
        TCP('t'),
        QUIC('q'),
        DTLS('d');

        private final char letter;

        Transport(char letter) {
            this.letter = letter;
        }
    }

    private static final int SERVER_NAME = 0x0000;
    private static final int ALPN = 0x0010;
    private static final String DIGITS = "0123456789abcdef";
    private static final String NOTHING = "000000000000";
    private static final int HASH_BYTES = 6;

    private final MessageDigest sha256;
    private final byte[] digest = new byte[32];
    private byte[] list = new byte[512];
    private int length;

    public Ja4() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    public String of(ClientHello hello, Transport transport) {
        StringBuilder text = new StringBuilder(36);
        head(text, hello, transport);
        suites(hello);
        hash(text.append('_'));
        extensions(hello);
        hash(text.append('_'));
        return text.toString();
    }

    /** The same unhashed, FoxIO's JA4_r: for people who ask why two fingerprints differ. */
    public String raw(ClientHello hello, Transport transport) {
        StringBuilder text = new StringBuilder(256);
        head(text, hello, transport);
        suites(hello);
        text.append('_').append(new String(list, 0, length, StandardCharsets.US_ASCII));
        extensions(hello);
        text.append('_').append(new String(list, 0, length, StandardCharsets.US_ASCII));
        return text.toString();
    }

    private static void head(StringBuilder text, ClientHello hello, Transport transport) {
        text.append(transport.letter).append(version(hello.highestVersionCode()));
        text.append(hello.extensions().contains(SERVER_NAME) ? 'd' : 'i');
        twoDigits(text, withoutGrease(hello.cipherSuites()));
        twoDigits(text, withoutGrease(hello.extensions()));
        alpn(text, hello);
    }

    private static String version(int version) {
        return switch (version) {
            case 0x0304 -> "13";
            case 0x0303 -> "12";
            case 0x0302 -> "11";
            case 0x0301 -> "10";
            case 0x0300 -> "s3";
            case 0x0002 -> "s2";
            case 0xFEFF -> "d1";
            case 0xFEFD -> "d2";
            case 0xFEFC -> "d3";
            default -> "00";
        };
    }

    private static int withoutGrease(Codes codes) {
        int count = 0;
        for (int i = 0; i < codes.size(); i++) {
            count += Codes.grease(codes.at(i)) ? 0 : 1;
        }
        return count;
    }

    private static void twoDigits(StringBuilder text, int count) {
        int shown = Math.min(count, 99);
        text.append((char) ('0' + shown / 10)).append((char) ('0' + shown % 10));
    }

    /** The characters themselves, or the outer two digits of the name in hexadecimal when either is no letter or digit. */
    private static void alpn(StringBuilder text, ClientHello hello) {
        if (hello.alpn().isEmpty()) {
            text.append("00");
            return;
        }
        String name = hello.alpn().get(0);
        char first = name.charAt(0);
        char last = name.charAt(name.length() - 1);
        if (alphanumeric(first) && alphanumeric(last)) {
            text.append(first).append(last);
        } else {
            text.append(DIGITS.charAt((first >> 4) & 0xF)).append(DIGITS.charAt(last & 0xF));
        }
    }

    private static boolean alphanumeric(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private void suites(ClientHello hello) {
        length = 0;
        append(hello.cipherSuites().sorted(), ',', false);
    }

    private void extensions(ClientHello hello) {
        length = 0;
        append(hello.extensions().sorted(), ',', true);
        append(hello.signatureAlgorithms(), '_', false);
    }

    /** Four digits each; {@code separator} goes before the first unless the list is empty, commas before the others. */
    private void append(Codes codes, char separator, boolean skipNamed) {
        room(5 * codes.size());
        char before = separator;
        for (int i = 0; i < codes.size(); i++) {
            int code = codes.at(i);
            if (Codes.grease(code) || (skipNamed && (code == SERVER_NAME || code == ALPN))) {
                continue;
            }
            if (length > 0) {
                list[length++] = (byte) before;
            }
            before = ',';
            list[length++] = (byte) DIGITS.charAt(code >> 12);
            list[length++] = (byte) DIGITS.charAt((code >> 8) & 0xF);
            list[length++] = (byte) DIGITS.charAt((code >> 4) & 0xF);
            list[length++] = (byte) DIGITS.charAt(code & 0xF);
        }
    }

    private void room(int more) {
        if (length + more > list.length) {
            byte[] grown = new byte[Math.max(2 * list.length, length + more)];
            System.arraycopy(list, 0, grown, 0, length);
            list = grown;
        }
    }

    private void hash(StringBuilder text) {
        if (length == 0) {
            text.append(NOTHING);
            return;
        }
        sha256.update(list, 0, length);
        try {
            sha256.digest(digest, 0, digest.length);
        } catch (DigestException tooSmall) {
            throw new IllegalStateException("SHA-256 has 32 bytes", tooSmall);
        }
        for (int i = 0; i < HASH_BYTES; i++) {
            text.append(DIGITS.charAt((digest[i] >> 4) & 0xF)).append(DIGITS.charAt(digest[i] & 0xF));
        }
    }
}
