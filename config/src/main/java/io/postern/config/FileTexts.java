package io.postern.config;

import io.postern.config.ListenSettings.ClientAuth;
import io.postern.config.ListenSettings.Tls;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths of the settings file, and TLS, which is files for the most part; what is no path is told and stands for the base. */
final class FileTexts {

    private static final String STATE_DIR = "{state.dir}";

    private final Path base;
    private final Setting stateDir;
    private final Problems problems;

    /** @param base where relative paths begin */
    FileTexts(Path base, Setting stateDir, Problems problems) {
        this.base = base;
        this.stateDir = stateDir;
        this.problems = problems;
    }

    Path stateDir() {
        return statePath(stateDir);
    }

    /** One that may name the state's folder. */
    Path statePath(Setting setting) {
        return path(setting, setting.text().replace(STATE_DIR, stateDir.text()));
    }

    Path path(Setting setting) {
        return path(setting, setting.text());
    }

    private Path path(Setting setting, String text) {
        try {
            return base.resolve(text).normalize();
        } catch (InvalidPathException e) {
            problems.at(setting, "is not a path: " + e.getReason());
            return base;
        }
    }

    Tls tls(Setting tls) {
        return new Tls(
                path(tls.member("certificate")),
                path(tls.member("key")),
                tls.find("client-ca").map(this::path),
                SettingsBinder.constant(ClientAuth.class, tls.member("client-auth")));
    }
}
