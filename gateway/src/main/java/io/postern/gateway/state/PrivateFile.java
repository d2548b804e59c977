package io.postern.gateway.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file with secrets in it: its owner's alone, and never seen half written. */
public final class PrivateFile {

    private PrivateFile() {}

    /** Writes a file whole, in place of one that is there. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path folder = folderOf(file);
        Path fresh = Files.createTempFile(folder, ".new-", ".tmp", FirstStart.ownersOnly("rw-------"));
        try {
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Makes a folder that its owner alone may enter, unless it is there. */
    public static void folder(Path folder) throws IOException {
        FirstStart.folder(folder);
    }

    private static Path folderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        return folder;
    }
}
