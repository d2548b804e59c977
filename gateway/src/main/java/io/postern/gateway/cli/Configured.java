package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.SettingsReader;
import io.postern.config.document.Reading;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Settings of the file that {@code --config} names, or the embedded defaults with their state under {@code ./var}. */
final class Configured {

    private static final Path STATE = Path.of("var");

    private Configured() {}

    static Reading<GatewaySettings> settings(Optional<Path> config, Map<String, String> environment) {
        return config.map(file -> SettingsReader.read(file, environment))
                .orElseGet(() -> SettingsReader.defaults(STATE, environment));
    }

    static String name(Optional<Path> config) {
        return config.map(Path::toString).orElse("embedded defaults");
    }
}
