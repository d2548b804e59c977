package io.postern.gateway.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Files of the gateway itself: for its user only, and on the disk when a method returns. */
public final class OwnFile {

    private static final ReentrantLock HERE = new ReentrantLock();

    private OwnFile() {}

    /** The folder of a file, made if need be. */
    public static void folderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            folder(folder);
        }
    }

    /** A folder that its owner alone may enter, unless it is there. */
    public static void folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, access("rwx------"));
        }
    }

    /**
     * Makes a file, empty, unless it is there.
     *
     * @return whether it was made
     */
    public static boolean make(Path file) throws IOException {
        folderOf(file);
        try {
            Files.createFile(file, access("rw-------"));
            return true;
        } catch (FileAlreadyExistsException kept) {
            return false;
        }
    }

    /** Puts a whole file in the place of what is there; a crash of the machine leaves the one or the other. */
    public static void replace(Path file, byte[] content) throws IOException {
        folderOf(file);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(next, fresh, access("rw-------"))) {
            write(out, content);
        }
        belongAs(file, next);
        put(next, file);
    }

    /** Puts a file that is on the disk in the place of another, whose name it has when this returns. */
    public static void put(Path fresh, Path file) throws IOException {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.toAbsolutePath().getParent());
    }

    /**
     * As {@link #replace} without waiting for the disk, for many files that can be made again: nobody sees half of one, and a crash of
     * the machine may lose it.
     */
    public static void replaceSoon(Path file, byte[] content) throws IOException {
        folderOf(file);
        Path next = Files.createTempFile(file.toAbsolutePath().getParent(), ".new-", ".tmp", access("rw-------"));
        try {
            Files.write(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /**
     * Gives a file to whom the one it replaces belongs, or where there is none the folder it is in: root, changing a file
     * of the gateway's user, must not take it away.
     *
     * @throws IOException when it cannot be given; nothing should be replaced by it then
     */
    public static void belongAs(Path replaced, Path fresh) throws IOException {
        Path example = Files.exists(replaced)
                ? replaced
                : Optional.ofNullable(replaced.toAbsolutePath().getParent()).orElse(replaced);
        PosixFileAttributeView mine = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
        PosixFileAttributeView theirs = Files.getFileAttributeView(example, PosixFileAttributeView.class);
        if (mine == null || theirs == null) {
            return;
        }
        PosixFileAttributes is = mine.readAttributes();
        PosixFileAttributes must = theirs.readAttributes();
        try {
            if (!is.group().equals(must.group())) {
                mine.setGroup(must.group());
            }
            if (!is.owner().equals(must.owner())) {
                mine.setOwner(must.owner());
            }
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw new IOException(
                    replaced + " belongs to " + must.owner().getName() + ":"
                            + must.group().getName() + ", and this user cannot write it for them",
                    e);
        }
    }

    /** Puts other bytes in the place of the first so many; a crash of the machine leaves the one or the other. */
    public static void replaceBeginning(Path file, long bytes, byte[] by) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(next, fresh, access("rw-------"))) {
            write(out, by);
            for (long at = bytes; at < in.size(); ) {
                at += in.transferTo(at, in.size() - at, out);
            }
            out.force(true);
        }
        belongAs(file, next);
        put(next, file);
    }

    /** What may fail. */
    public interface Change<T> {
        T make() throws IOException;
    }

    /** Changes a file while nobody else who asks here does, in this process or another: no change is lost to another. */
    public static <T> T alone(Path file, Change<T> change) throws IOException {
        folderOf(file);
        Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
        // A lock on a file is the whole process's, so its threads need one among themselves.
        HERE.lock();
        try (FileChannel channel = FileChannel.open(lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
                FileLock held = channel.lock()) {
            if (!held.isValid()) {
                throw new IOException(lock + " cannot be held");
            }
            return change.make();
        } finally {
            HERE.unlock();
        }
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

    /** Of a new file or folder; nothing where there are no such permissions. */
    static FileAttribute<?>[] access(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
