package io.postern.gateway.identity;

import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.gateway.identity.Revoked.Entry;
import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Adds to the list of the revoked under gateways that read it. A gateway sees the old list or the new one: a line cut in
 * the middle could name another device. Writers wait for each other, by a lock on a file beside it, so none is lost.
 */
public final class RevokedFile {

    private RevokedFile() {}

    /**
     * Adds all of them, or none.
     *
     * @param reason a comment above them
     * @return the list after it; refused when it holds one of them already or does not read
     */
    public static Reading<Revoked> add(Path file, List<Entry> entries, Optional<String> reason) throws IOException {
        Path real = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        return OwnFile.alone(real, () -> added(file, real, entries, reason));
    }

    private static Reading<Revoked> added(Path file, Path real, List<Entry> entries, Optional<String> reason)
            throws IOException {
        String before = text(real);
        Reading<Revoked> reading = Revoked.parse(file.toString(), before);
        if (reading.value().isEmpty()) {
            return reading;
        }
        Problems twice = new Problems();
        Set<Entry> fresh = new HashSet<>();
        for (Entry entry : entries) {
            if (reading.value().get().holds(entry) || !fresh.add(entry)) {
                twice.add(Position.of(file.toString()), Revoked.PATH, "holds '" + entry.line() + "' already");
            }
        }
        if (!twice.none()) {
            return Reading.refused(twice, new Problems());
        }
        StringBuilder after = new StringBuilder(before);
        if (!before.isEmpty() && !before.endsWith("\n")) {
            after.append('\n');
        }
        reason.ifPresent(text -> after.append("# ").append(text).append('\n'));
        entries.forEach(entry -> after.append(entry.line()).append('\n'));
        Reading<Revoked> whole = Revoked.parse(file.toString(), after.toString());
        if (whole.value().isPresent()) {
            replace(real, after.toString());
        }
        return whole;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException fresh) {
            return "";
        }
    }

    /** Whoever may read it now may read it afterwards. */
    private static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            OwnFile.make(fresh);
            Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
            Optional<PosixFileAttributeView> before =
                    Optional.ofNullable(Files.getFileAttributeView(file, PosixFileAttributeView.class));
            if (before.isPresent() && Files.exists(file)) {
                Files.setPosixFilePermissions(
                        fresh, before.get().readAttributes().permissions());
            }
            OwnFile.belongAs(file, fresh);
            try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
