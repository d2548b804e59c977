package io.postern.gateway.real;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** The scripts and pages of these tests, which are resources. */
final class Scripts {

    private Scripts() {}

    /** Puts one of them, and whatever it imports, into a folder, and tells where it is. */
    static Path copy(Path dir, String name, String... imported) throws IOException {
        for (String other : imported) {
            copy(dir, other);
        }
        try (InputStream script = Objects.requireNonNull(Scripts.class.getResourceAsStream("/real/" + name), name)) {
            Path file = dir.resolve(name);
            Files.copy(script, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        }
    }
}
