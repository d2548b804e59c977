package io.postern.tls.hello;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** ClientHellos for tests: recorded ones, and ones written by hand field by field. */
public final class Hellos {

    public static final ClientHelloParser PARSER = new ClientHelloParser(TlsSettings.DEFAULTS);

    /** One recorded record. */
    public static byte[] recorded(String name) {
        try (InputStream file = Hellos.class.getResourceAsStream(name + ".hex")) {
            if (file == null) {
                throw new IllegalArgumentException("no recorded hello " + name);
            }
            return hex(new String(file.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Whitespace and {@code |} between the digits are for the reader. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("[\\s|]", ""));
    }

    /** A message with two suites and these extensions, each {@code type | body} in hexadecimal. */
    static byte[] message(String... extensions) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String extension : extensions) {
            byte[] bytes = hex(extension);
            block.write(bytes, 0, 2);
            block.writeBytes(vector16(bytes, 2));
        }
        return handshake(
                join(hex("0303" + "11".repeat(32) + "00 | 0004 1301 c02f | 01 00"), vector16(block.toByteArray(), 0)));
    }

    static byte[] handshake(byte[] body) {
        return join(new byte[] {1, (byte) (body.length >> 16), (byte) (body.length >> 8), (byte) body.length}, body);
    }

    /** The message in records of at most {@code most} bytes. */
    static byte[] records(byte[] message, int most) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int from = 0; from < message.length; from += most) {
            int length = Math.min(most, message.length - from);
            records.writeBytes(new byte[] {0x16, 3, 1, (byte) (length >> 8), (byte) length});
            records.write(message, from, length);
        }
        return records.toByteArray();
    }

    static byte[] hello(String... extensions) {
        return records(message(extensions), 1 << 14);
    }

    static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }

    private static byte[] vector16(byte[] bytes, int from) {
        int length = bytes.length - from;
        ByteArrayOutputStream vector = new ByteArrayOutputStream();
        vector.write(length >> 8);
        vector.write(length);
        vector.write(bytes, from, length);
        return vector.toByteArray();
    }

    private Hellos() {}
}
