package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.GatewaySettings.PolicyFiles;
import io.postern.config.ListenSettings;
import io.postern.config.SettingsReader;
import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyReader;
import io.postern.config.services.ServiceClasses;
import io.postern.gateway.access.TokensFile;
import io.postern.gateway.identity.IdentityFiles;
import io.postern.gateway.ingress.ListenerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** What is wrong with the files that settings name, beyond being there: those their own readers understand. */
    static List<Problem> problemsOfFiles(GatewaySettings settings) {
        List<Problem> problems = new ArrayList<>(IdentityFiles.problems(settings.identity()));
        for (int i = 0; i < settings.listeners().size(); i++) {
            String path = "listeners[" + i + "].tls";
            settings.listeners().get(i).tls().flatMap(tls -> problem(tls, path)).ifPresent(problems::add);
        }
        settings.admin().tls().flatMap(tls -> problem(tls, "admin.tls")).ifPresent(problems::add);
        problems.addAll(TokensFile.problems(settings.admin()));
        settings.services().file().flatMap(Configured::problemOfServices).ifPresent(problems::add);
        return problems;
    }

    private static Optional<Problem> problemOfServices(Path file) {
        try {
            ServiceClasses.read(file);
            return Optional.empty();
        } catch (IOException e) {
            String what = e.getMessage() == null ? "cannot be read" : e.getMessage();
            return Optional.of(Problem.of(Position.of(file.toString()), "services.file", what));
        }
    }

    /** The list that the settings name, or the shipped one. */
    static ServiceClasses services(GatewaySettings settings) throws IOException {
        Optional<Path> file = settings.services().file();
        return file.isPresent() ? ServiceClasses.read(file.get()) : ServiceClasses.shipped();
    }

    private static Optional<Problem> problem(ListenSettings.Tls tls, String path) {
        try {
            new ListenerTls(tls, ListenerTls.NO_ALPN, Duration.ZERO);
            return Optional.empty();
        } catch (IOException e) {
            String what = e.getMessage() == null ? "cannot be read" : e.getMessage();
            return Optional.of(Problem.of(Position.of(tls.certificate().toString()), path, what));
        }
    }

    /** Where the policy is, also where other settings are wrong, if the file says it at all. */
    static Optional<PolicyFiles> policyFiles(
            Optional<Path> config, Map<String, String> environment, Reading<GatewaySettings> settings) {
        return config.isPresent()
                ? SettingsReader.policyFiles(config.get(), environment)
                : settings.value().map(GatewaySettings::policy);
    }

    /** What is read there; the gateway's own policy may still have to be made. */
    static Reading<Policy> policy(PolicyFiles where, Clock clock) {
        boolean none = managed(where).filter(Files::notExists).isPresent();
        return PolicyReader.read(none ? List.of() : where.files(), where.base(), clock);
    }

    /** Where the gateway's own policy stands; empty when files are its source. */
    static Optional<Path> managed(PolicyFiles where) {
        return where.managed() ? Optional.of(where.base().resolve(where.files().get(0))) : Optional.empty();
    }

    static String name(Optional<Path> config) {
        return config.map(Path::toString).orElse("embedded defaults");
    }
}
