package io.postern.gateway.records;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that is set aside when it has grown to its size: {@code flows.ndjson} becomes {@code flows.ndjson.1},
 * that {@code .2}, and what would be one too many goes.
 *
 * <p>Opened when first written and again after each failure, so a folder that comes back or a disk that has room again
 * is all it takes to go on. A failed write leaves no half of a line behind. Made readable for the owner and the group
 * only. Forced to the disk when set aside and when closed.
 */
public final class RotatingFile implements AutoCloseable {
    private final Path path;
    private final long maxSize;
    private final int keep;

    private @Nullable FileChannel open;

    /**
     * @param maxSize bytes; one write that is larger makes a larger file
     * @param keep files besides the current one
     */
    public RotatingFile(Path path, long maxSize, int keep) {
        this.path = path;
        this.maxSize = maxSize;
        this.keep = keep;
    }

    /** Appends all of it or nothing; afterwards what was appended is with the system, not yet on the disk. */
    public void append(ByteBuffer lines) throws IOException {
        FileChannel file = open != null ? open : reopen();
        if (file.size() > 0 && file.size() + lines.remaining() > maxSize) {
            close();
            setAside();
            file = reopen();
        }
        long before = file.size();
        try {
            while (lines.hasRemaining()) {
                file.write(lines);
            }
        } catch (IOException e) {
            abandon(file, before, e);
            throw e;
        }
    }

    /** Sets aside what has been written to for long enough, and lets go of files that nobody may or need read any more. */
    void look(Retention retention) throws IOException {
        if (!retention.limited() || keep == 0) {
            return;
        }
        if (open != null && retention.nowMillis() - begun() >= retention.turnMillis(keep)) {
            close();
            setAside();
        }
        long oldest = retention.oldestMillis();
        for (int age = keep; age > 0; age--) {
            if (Files.exists(aged(age)) && written(aged(age)) < oldest) {
                Files.delete(aged(age));
            }
        }
        if (open == null && Files.exists(path) && written(path) < oldest) {
            Files.delete(path);
        }
    }

    private long begun() throws IOException {
        BasicFileAttributes of = Files.readAttributes(path, BasicFileAttributes.class);
        return Math.min(of.creationTime().toMillis(), of.lastModifiedTime().toMillis());
    }

    private static long written(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @Override
    public void close() throws IOException {
        FileChannel file = open;
        if (file != null) {
            open = null;
            try (file) {
                file.force(true);
            }
        }
    }

    private FileChannel reopen() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel file = FileChannel.open(
                path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND), access());
        try {
            if (!endsWithLine(file.size())) {
                // A crash or a full disk left half a line: let it spoil no other.
                file.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
        } catch (IOException e) {
            abandon(file, file.size(), e);
            throw e;
        }
        open = file;
        return file;
    }

    private FileAttribute<?>[] access() {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
                }
                : new FileAttribute<?>[0];
    }

    private boolean endsWithLine(long size) throws IOException {
        if (size == 0) {
            return true;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return file.read(last, size - 1) == 1 && last.get(0) == '\n';
        }
    }

    private void setAside() throws IOException {
        if (keep == 0) {
            Files.deleteIfExists(path);
            return;
        }
        for (int age = keep - 1; age > 0; age--) {
            if (Files.exists(aged(age))) {
                Files.move(aged(age), aged(age + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, aged(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path aged(int age) {
        return path.resolveSibling(path.getFileName() + "." + age);
    }

    private void abandon(FileChannel file, long size, IOException cause) {
        open = null;
        try (file) {
            file.truncate(size);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
