package io.postern.gateway.records;

import io.postern.gateway.state.OwnFile;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that is set aside when it has grown to its size: {@code flows.ndjson} becomes {@code flows.ndjson.1},
 * that {@code .2}, and what would be one too many goes.
 *
 * <p>Opened when first written and again after each failure, so a folder that comes back or a disk that has room again
 * is all it takes to go on. A failed write leaves no half of a line behind. Made readable for the owner and the group
 * only. Forced to the disk when set aside and when closed. One thread appends; {@link #erase} is for any other.
 */
public final class RotatingFile implements AutoCloseable {

    private static final Pattern AGE = Pattern.compile("[.]([1-9][0-9]{0,8})");

    private final Path path;
    private final long maxSize;
    private final int keep;
    /** What is to take a file's place, until it does. */
    private final Path fresh;

    private @Nullable FileChannel open;

    /** When the file that is written was begun, where it has another in its place since; 0 if it has not. */
    private long begunMillis;

    private boolean erasing;

    /**
     * @param maxSize bytes; one write that is larger makes a larger file
     * @param keep files besides the current one
     */
    public RotatingFile(Path path, long maxSize, int keep) {
        this.path = path;
        this.maxSize = maxSize;
        this.keep = keep;
        this.fresh = path.resolveSibling(path.getFileName() + ".fresh");
    }

    /** Appends all of it or nothing; afterwards what was appended is with the system, not yet on the disk. */
    public synchronized void append(ByteBuffer lines) throws IOException {
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
    synchronized void look(Retention retention) throws IOException {
        if (!erasing) {
            // Of a process that was killed before it was whole.
            Files.deleteIfExists(fresh);
        }
        if (!retention.limited() || keep == 0) {
            return;
        }
        if (open != null && retention.nowMillis() - begun() >= retention.turnMillis(keep)) {
            close();
            setAside();
        }
        long oldest = retention.oldestMillis();
        for (Path file : all()) {
            if (!file.equals(path) && written(file) < oldest) {
                Files.delete(file);
            }
        }
        if (open == null && Files.exists(path) && written(path) < oldest) {
            Files.delete(path);
        }
    }

    private long begun() throws IOException {
        BasicFileAttributes of = Files.readAttributes(path, BasicFileAttributes.class);
        long made = Math.min(of.creationTime().toMillis(), of.lastModifiedTime().toMillis());
        return begunMillis == 0 ? made : Math.min(made, begunMillis);
    }

    /**
     * Takes the lines about a device out of all its files; what was appended before is on the disk without them when this returns. What is
     * appended meanwhile waits only while a file takes another's place.
     *
     * @return lines
     * @throws IOException where a file could not be read or written; that one is as it was, and those behind it
     */
    public long erase(DeviceLines device) throws IOException {
        erasing(true);
        try {
            Set<Object> done = new HashSet<>();
            long erased = 0;
            for (Optional<Source> next = next(done); next.isPresent(); next = next(done)) {
                try (FileChannel unused = next.get().file) {
                    erased += erase(next.get(), new Erasure(device), done);
                }
            }
            return erased;
        } catch (IOException e) {
            throw new IOException(path + " and those set aside: " + e.getMessage(), e);
        } finally {
            erasing(false);
        }
    }

    private synchronized void erasing(boolean now) {
        erasing = now;
    }

    /**
     * @param key tells it from others, whatever it is called by now
     * @param size in bytes, of whole lines: nobody appended just then
     */
    private record Source(FileChannel file, Object key, long size) {}

    private synchronized Optional<Source> next(Set<Object> done) throws IOException {
        for (Path file : all()) {
            if (!done.contains(key(file))) {
                FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                return Optional.of(new Source(in, key(file), in.size()));
            }
        }
        return Optional.empty();
    }

    /** That are there, the eldest first; also those of a time when more were kept. */
    private List<Path> all() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> age(String.valueOf(file.getFileName())))
                    .filter(age -> age >= 0)
                    .sorted(Comparator.reverseOrder())
                    .map(this::aged)
                    .toList();
        }
    }

    /** Of which age a file is by its name; negative where it is none of these. */
    private int age(String name) {
        String own = String.valueOf(path.getFileName());
        if (name.equals(own)) {
            return 0;
        }
        Matcher age = AGE.matcher(name.startsWith(own) ? name.substring(own.length()) : "");
        return age.matches() ? Integer.parseInt(age.group(1)) : -1;
    }

    private static Object key(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file : key;
    }

    private long erase(Source from, Erasure erasure, Set<Object> done) throws IOException {
        FileChannel in = from.file;
        long size = from.size;
        long found = erasure.count(in, 0, size);
        Files.deleteIfExists(fresh);
        try (FileChannel out =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), access())) {
            if (found > 0) {
                erasure.copy(in, 0, size, out);
                out.force(true);
            }
            synchronized (this) {
                Optional<Path> now = whereIs(from.key);
                done.add(from.key);
                long more = erasure.count(in, size, in.size());
                if (found + more == 0 || now.isEmpty()) {
                    return 0;
                }
                erasure.copy(in, found > 0 ? size : 0, in.size(), out);
                out.force(true);
                done.add(key(fresh));
                takePlace(now.get());
                return found + more;
            }
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private Optional<Path> whereIs(Object key) throws IOException {
        for (Path file : all()) {
            if (key(file).equals(key)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private void takePlace(Path old) throws IOException {
        Files.setLastModifiedTime(fresh, Files.getLastModifiedTime(old));
        OwnFile.belongAs(old, fresh);
        if (old.equals(path)) {
            begunMillis = begun();
            close();
        }
        OwnFile.put(fresh, old);
    }

    private static long written(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @Override
    public synchronized void close() throws IOException {
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
        begunMillis = 0;
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
        return age == 0 ? path : path.resolveSibling(path.getFileName() + "." + age);
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
