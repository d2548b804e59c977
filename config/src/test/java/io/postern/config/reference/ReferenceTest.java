package io.postern.config.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.GatewaySettings;
import io.postern.config.SettingsReader;
import io.postern.config.document.Reading;
import io.postern.config.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final Path FILE = Path.of("src/main/resources/io/postern/config/postern.yaml");

    /** With {@code -Dpostern.regenerate} the committed documents are written instead of compared. */
    private static final boolean REGENERATE = System.getProperty("postern.regenerate") != null;

    @Test
    void committedDocumentsAreThoseOfTheSchemas() throws IOException {
        keeps(PAGE, ConfigurationPage.of(SettingsReader.shape(), PolicyReader.shape()));
        keeps(FILE, ReferenceFile.of(SettingsReader.shape()));
    }

    private static void keeps(Path document, String made) throws IOException {
        if (REGENERATE) {
            Files.createDirectories(document.toAbsolutePath().normalize().getParent());
            Files.writeString(document, made, UTF_8);
        }
        assertThat(document).content(UTF_8).isEqualTo(made);
    }

    @Test
    void theReferenceFileIsTheDefaultsWrittenOut(@TempDir Path folder) throws IOException {
        Path key = folder.resolve("var/keys/k1");
        Files.createDirectories(key.getParent());
        Files.writeString(key, "k".repeat(32), UTF_8);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path nothing = Files.writeString(folder.resolve("nothing.yaml"), "", UTF_8);
        Path reference =
                Files.writeString(folder.resolve("reference.yaml"), ReferenceFile.of(SettingsReader.shape()), UTF_8);

        Reading<GatewaySettings> read = SettingsReader.read(reference, Map.of());

        assertThat(read.problems()).isEmpty();
        assertThat(read.value())
                .isEqualTo(SettingsReader.read(nothing, Map.of()).value());
    }
}
