package io.postern.config;

import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.config.document.Setting;
import io.postern.config.document.Shape;
import io.postern.config.document.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads {@code postern.yaml}: environment over file over default. Every problem is told at once, each with its place.
 *
 * <p>Defaults stand in one place, {@code postern.schema.json}.
 */
public final class SettingsReader {

    private static final Shape SHAPE = Shape.of(SettingsReader.class, "postern.schema.json");
    private static final String DEFAULTS = "defaults";

    private SettingsReader() {}

    /** Reads a file and the environment of this process; relative paths start from the file's folder. */
    public static Reading<GatewaySettings> read(Path file) {
        return read(file, System.getenv());
    }

    /** As {@link #read(Path)}, with an environment of its own. */
    public static Reading<GatewaySettings> read(Path file, Map<String, String> environment) {
        Problems problems = new Problems();
        Problems warnings = new Problems();
        Optional<GatewaySettings> settings = bytes(file, problems)
                .flatMap(bytes -> Yaml.read(file.toString(), bytes, problems))
                .map(document -> new Environment(SHAPE, environment).over(document))
                .flatMap(document -> SHAPE.settle(document, problems))
                .map(document -> bind(document, folder(file), true, problems, warnings));
        return settings.isPresent() && problems.none()
                ? Reading.of(settings.get(), warnings)
                : Reading.refused(problems, warnings);
    }

    /**
     * Where a file says its policy is, also when other settings are wrong; empty when it does not say so in the right
     * shape.
     */
    public static Optional<GatewaySettings.PolicyFiles> policyFiles(Path file, Map<String, String> environment) {
        Problems untold = new Problems();
        return bytes(file, untold)
                .flatMap(bytes -> Yaml.read(file.toString(), bytes, untold))
                .map(document -> new Environment(SHAPE, environment).over(document))
                .flatMap(document -> SHAPE.settle(document, untold))
                .map(document -> new SettingsBinder(document, folder(file), untold).policy());
    }

    /**
     * The embedded defaults, for a gateway without a file: loopback only, state in the given folder, one tag key at
     * {@code keys/k1} below it. No file is looked at; the key may still have to be made.
     */
    public static GatewaySettings defaults(Path stateDir) {
        return defaults(stateDir, Map.of()).value().orElseThrow();
    }

    /** As {@link #defaults(Path)}, under the overrides of an environment, which may be wrong. */
    public static Reading<GatewaySettings> defaults(Path stateDir, Map<String, String> environment) {
        Problems problems = new Problems();
        Problems warnings = new Problems();
        Setting document = Yaml.read(DEFAULTS, new byte[0], problems)
                .orElseThrow()
                .with(
                        List.of("state", "dir"),
                        Position.of(DEFAULTS),
                        JsonNodeFactory.instance.stringNode(stateDir.toString()));
        Optional<GatewaySettings> settings = SHAPE.settle(new Environment(SHAPE, environment).over(document), problems)
                .map(settled -> bind(settled, Path.of(""), false, problems, warnings));
        return settings.isPresent() && problems.none()
                ? Reading.of(settings.get(), warnings)
                : Reading.refused(problems, warnings);
    }

    /** What the file must look like; also the source of the reference documents. */
    public static Shape shape() {
        return SHAPE;
    }

    private static GatewaySettings bind(
            Setting document, Path base, boolean lookAtFiles, Problems problems, Problems warnings) {
        GatewaySettings settings = new SettingsBinder(document, base, problems).settings();
        new SettingsChecks(settings, document, problems, warnings).all();
        if (lookAtFiles) {
            new FileChecks(settings, document, problems).all();
        }
        return settings;
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }

    private static Optional<byte[]> bytes(Path file, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            // One byte beyond the cap is enough to be refused for it.
            return Optional.of(in.readNBytes(Yaml.MAX_BYTES + 1));
        } catch (NoSuchFileException e) {
            problems.add(Position.of(file.toString()), "", "does not exist");
        } catch (IOException e) {
            problems.add(Position.of(file.toString()), "", "cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }
}
