package io.postern.gateway.quarantine;

import io.postern.gateway.quarantine.Quarantine.End;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A {@link Quarantine} as bytes; big-endian, text in modified UTF-8, empty where there is none.
 *
 * <pre>
 * version 1 | id | device | profile | app | actor | automatic 1 | reason | since 8 | until 8 | hits 8
 *           | ended 1, and if so: at 8 | actor | reason
 * </pre>
 */
final class QuarantineBytes {

    private static final int VERSION = 1;

    private QuarantineBytes() {}

    static byte[] write(Quarantine one) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(one.id());
            out.writeUTF(one.scope().device());
            out.writeUTF(one.scope().profile().orElse(""));
            out.writeUTF(one.scope().app().orElse(""));
            out.writeUTF(one.actor());
            out.writeBoolean(one.automatic());
            out.writeUTF(one.reason());
            out.writeLong(one.sinceMillis());
            out.writeLong(one.untilMillis());
            out.writeLong(one.hits());
            out.writeBoolean(one.end().isPresent());
            if (one.end().isPresent()) {
                End end = one.end().get();
                out.writeLong(end.millis());
                out.writeUTF(end.actor());
                out.writeUTF(end.reason());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException when it is none */
    static Quarantine read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("is of version " + version);
            }
            String id = in.readUTF();
            Scope scope = new Scope(in.readUTF(), some(in.readUTF()), some(in.readUTF()));
            return new Quarantine(
                    id,
                    scope,
                    in.readUTF(),
                    in.readBoolean(),
                    in.readUTF(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readBoolean()
                            ? Optional.of(new End(in.readLong(), in.readUTF(), in.readUTF()))
                            : Optional.empty());
        } catch (IOException e) {
            throw new IllegalArgumentException("is cut short", e);
        }
    }

    private static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
