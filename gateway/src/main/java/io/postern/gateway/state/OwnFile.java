package io.postern.gateway.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files of the gateway itself: for its user only, and on the disk when a method returns. */
public final class OwnFile {

    private OwnFile() {}

    /** The folder of a file, made if need be. */
    public static void folderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder, access("rwx------"));
        }
    }

    /** Puts a whole file in the place of what is there; a crash leaves the one or the other. */
    public static void replace(Path file, byte[] content) throws IOException {
        folderOf(file);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(next, fresh, access("rw-------"))) {
            write(out, content);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.toAbsolutePath().getParent());
    }

    /**
     * Appends all of it or nothing.
     *
     * @param size that the file must have before; 0 makes it
     */
    public static void append(Path file, long size, byte[] content) throws IOException {
        folderOf(file);
        Set<StandardOpenOption> more =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        try (FileChannel out = FileChannel.open(file, more, access("rw-------"))) {
            if (out.size() != size) {
                throw new IOException(file + " has " + out.size() + " bytes, must have " + size);
            }
            try {
                write(out, content);
            } catch (IOException e) {
                out.truncate(size);
                throw e;
            }
        }
        if (size == 0) {
            sync(file.toAbsolutePath().getParent());
        }
    }

    private static void write(FileChannel out, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
        out.force(true);
    }

    /** A name is on the disk when its folder is; not every system lets a folder be opened. */
    private static void sync(@Nullable Path folder) throws IOException {
        if (folder != null
                && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    private static FileAttribute<?>[] access(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
