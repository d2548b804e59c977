package io.postern.wire.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Which header fields a client sends, in which order: it tells clients apart that send the same User-Agent.
 *
 * <pre>
 * the first 12 hexadecimal digits of SHA-256("host,user-agent,accept")
 * </pre>
 *
 * <p>Names in lower case as they came, repeated ones repeated, joined by commas; HTTP/2's pseudo fields among them
 * ({@code :method}). At most {@value #MOST_NAMES} names, those behind are not counted. Values play no part.
 */
public final class HeaderOrder {

    public static final int MOST_NAMES = 64;

    private static final int LONGEST_NAME = 64;
    private static final int DIGITS = 12;

    private final StringBuilder names = new StringBuilder(128);
    private int count;

    /** @param name longer ones are cut at {@value #LONGEST_NAME} */
    public void add(String name) {
        if (count == MOST_NAMES) {
            return;
        }
        if (count++ > 0) {
            names.append(',');
        }
        names.append(name.substring(0, Math.min(LONGEST_NAME, name.length())).toLowerCase(Locale.ROOT));
    }

    /** Of the names so far. */
    public String hash() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(names.toString().getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(digest, 0, DIGITS / 2);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }
}
