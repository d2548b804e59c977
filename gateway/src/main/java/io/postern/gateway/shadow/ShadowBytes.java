package io.postern.gateway.shadow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.sketch.Distinct;
import io.postern.config.policy.Policy.Mode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * A row of the shadow as bytes, some 300; the key is {@code kind NUL who NUL rule NUL note NUL action NUL mode}.
 *
 * <pre>
 * version 1 | flows 8 | first 8 | last 8 | distinct others
 * </pre>
 */
final class ShadowBytes {

    private static final int VERSION = 1;
    private static final int PARTS = 6;

    private ShadowBytes() {}

    /** @param others distinct ones of the other kind */
    record Stored(long flows, long firstMillis, long lastMillis, Distinct others) {}

    /** @param kind of who the key is about */
    static byte[] key(String kind, ShadowCounts.Key key) {
        return String.join(
                        "\0",
                        kind,
                        key.who(),
                        key.rule(),
                        key.note(),
                        key.action().name(),
                        key.mode().name())
                .getBytes(UTF_8);
    }

    /** What keys of a kind begin with; of somebody's rows, with who it is. */
    static byte[] prefix(String... parts) {
        return (String.join("\0", parts) + "\0").getBytes(UTF_8);
    }

    static boolean begins(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    static String kind(byte[] key) {
        return parts(key)[0];
    }

    /** @throws IllegalArgumentException if it is no {@link #key} */
    static ShadowCounts.Key readKey(byte[] key) {
        String[] parts = parts(key);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("is not a row of this gateway");
        }
        return new ShadowCounts.Key(parts[2], parts[3], Action.valueOf(parts[4]), Mode.valueOf(parts[5]), parts[1]);
    }

    private static String[] parts(byte[] key) {
        return new String(key, UTF_8).split("\0", -1);
    }

    static byte[] write(Stored row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(row.flows());
            out.writeLong(row.firstMillis());
            out.writeLong(row.lastMillis());
            row.others().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if they are no bytes of {@link #write} */
    static Stored read(byte[] value) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("is not a row of this gateway");
            }
            Stored row = new Stored(in.readLong(), in.readLong(), in.readLong(), Distinct.readFrom(in));
            if (row.flows() <= 0 || in.available() > 0) {
                throw new IllegalArgumentException("is not a row of this gateway");
            }
            return row;
        } catch (IOException e) {
            throw new IllegalArgumentException("is cut short: " + e.getMessage(), e);
        }
    }
}
