package io.postern.gateway.inventory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * An app of a device as bytes; the key is {@code device NUL profile NUL app}, so that those of a device stand together.
 *
 * <pre>
 * version 1 | managed 1 | approved | version code 8 | signer | version name | installer | former signer | first seen 8
 *           | updated 8 | resigned 8 | told 8 | source | shared with n 4, package
 * </pre>
 */
final class InstalledBytes {

    private static final int VERSION = 2;
    private static final int MOST_SHARED = 1_024;

    private InstalledBytes() {}

    static byte[] key(AppKey key) {
        return String.join("\0", key.device(), key.profile(), key.app()).getBytes(UTF_8);
    }

    static byte[] write(InstalledApp app) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeBoolean(app.managed());
            out.writeUTF(app.approved().name());
            out.writeLong(app.build().version());
            out.writeUTF(app.build().signer());
            out.writeUTF(app.versionName());
            out.writeUTF(app.installer());
            out.writeUTF(app.formerSigner());
            out.writeLong(app.firstSeenMillis());
            out.writeLong(app.updatedMillis());
            out.writeLong(app.resignedMillis());
            out.writeLong(app.toldMillis());
            out.writeUTF(app.source());
            out.writeInt(app.sharedWith().size());
            for (String other : app.sharedWith()) {
                out.writeUTF(other);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if they are no bytes of {@link #write} */
    static InstalledApp read(byte[] key, byte[] value) {
        String[] names = new String(key, UTF_8).split("\0", -1);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            if (names.length != 3 || in.readByte() != VERSION) {
                throw new IllegalArgumentException("is not an entry of this gateway");
            }
            return new InstalledApp(
                    new AppKey(names[0], names[1], names[2]),
                    in.readBoolean(),
                    Truth.valueOf(in.readUTF()),
                    new Build(in.readLong(), in.readUTF()),
                    in.readUTF(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readUTF(),
                    shared(in));
        } catch (IOException e) {
            throw new IllegalArgumentException("is cut short", e);
        }
    }

    private static Set<String> shared(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_SHARED) {
            throw new IllegalArgumentException("is shared with " + count);
        }
        Set<String> shared = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            shared.add(in.readUTF());
        }
        return shared;
    }
}
