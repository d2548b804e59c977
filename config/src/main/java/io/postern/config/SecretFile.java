package io.postern.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Optional;

/** A secret kept in a file: its bytes less one trailing newline (LF or CR LF). */
public final class SecretFile {

    /** Fewer cannot carry the strength of HMAC-SHA256. */
    public static final int MIN_BYTES = 32;

    public static final int MAX_BYTES = 64 * 1024;

    private SecretFile() {}

    /**
     * The secret.
     *
     * @throws IOException when the file cannot be read or its content is not {@value #MIN_BYTES} to {@value #MAX_BYTES}
     *     bytes long
     */
    public static byte[] read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 3);
        }
        byte[] secret = Arrays.copyOf(bytes, bytes.length - newline(bytes));
        if (secret.length < MIN_BYTES || secret.length > MAX_BYTES) {
            throw new IOException(
                    file + " has " + (secret.length > MAX_BYTES ? "more than " + MAX_BYTES : secret.length)
                            + " bytes, must have " + MIN_BYTES + " to " + MAX_BYTES);
        }
        return secret;
    }

    /** Whether everybody on this machine may read the file; never where the file system has no such notion. */
    public static boolean worldReadable(Path file) throws IOException {
        return Optional.ofNullable(Files.getFileAttributeView(file, PosixFileAttributeView.class))
                        .isPresent()
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }

    private static int newline(byte[] bytes) {
        int length = bytes.length;
        if (length == 0 || bytes[length - 1] != '\n') {
            return 0;
        }
        return length > 1 && bytes[length - 2] == '\r' ? 2 : 1;
    }
}
