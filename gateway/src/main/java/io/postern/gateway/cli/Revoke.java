package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.gateway.identity.Revoked;
import io.postern.gateway.identity.Revoked.Entry;
import io.postern.gateway.identity.Revoked.Kind;
import io.postern.gateway.identity.RevokedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code revoke}: more lines in the list of the revoked, which a running gateway reads within a second. */
@Command(
        name = "revoke",
        description = {
            "Adds to identity.revoked-file; running gateways with this file take it over within a second and end the live flows of who is revoked.",
            "All or nothing: what is revoked already, or is not what it should be, changes nothing."
        },
        mixinStandardHelpOptions = true)
final class Revoke implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--device",
            arity = "1..*",
            paramLabel = "ID",
            description = "Devices, in every profile and with every app; of an AMAPI name its last part.")
    private List<String> devices = List.of();

    @Option(
            names = "--key",
            arity = "1..*",
            paramLabel = "ID",
            description = "Keys: every tag and token they vouch for.")
    private List<String> keys = List.of();

    @Option(names = "--token", arity = "1..*", paramLabel = "JTI", description = "Single JWTs, by their jti.")
    private List<String> tokens = List.of();

    @Option(
            names = "--certificate",
            arity = "1..*",
            paramLabel = "SHA256",
            description = "Client certificates, by the hex SHA-256 of their DER; colons allowed.")
    private List<String> certificates = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "One line of comment above them.")
    private Optional<String> reason = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings that name the file; without it the embedded defaults: ./var/revoked.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Reading<GatewaySettings> reading = Configured.settings(config, System.getenv());
        List<String> faults = new ArrayList<>(
                reading.problems().stream().map(Problem::toString).toList());
        List<Entry> entries = new ArrayList<>();
        devices.forEach(id -> entries.add(new Entry(Kind.DEVICE, id)));
        keys.forEach(id -> entries.add(new Entry(Kind.KEY, id)));
        tokens.forEach(id -> entries.add(new Entry(Kind.TOKEN, id)));
        certificates.forEach(id -> entries.add(new Entry(Kind.CERTIFICATE, id)));
        if (entries.isEmpty()) {
            faults.add("--device, --key, --token, --certificate: are all missing, must be one at least");
        }
        entries.forEach(entry ->
                entry.fault().ifPresent(fault -> faults.add("--" + entry.kind().label() + ": " + fault)));
        if (reason.filter(text -> text.chars().anyMatch(Character::isISOControl))
                .isPresent()) {
            faults.add("--reason: has control characters, must be one line");
        }
        Optional<Path> file =
                reading.value().map(settings -> settings.identity().revokedFile());
        if (!faults.isEmpty() || file.isEmpty()) {
            return refuse(faults);
        }
        Reading<Revoked> after = RevokedFile.add(file.get(), entries, reason);
        if (after.value().isEmpty()) {
            return refuse(after.problems().stream().map(Problem::toString).toList());
        }
        tell(file.get(), entries.size(), after.value().get().size());
        return Postern.OK;
    }

    private int refuse(List<String> faults) {
        faults.forEach(spec.commandLine().getErr()::println);
        return Postern.BAD_USAGE_OR_CONFIGURATION;
    }

    private void tell(Path file, int added, int total) {
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? JsonMapper.shared().writeValueAsString(new Summary(file.toString(), added, total))
                                : file + ": revoked " + added + ", " + total + " in all");
    }

    /** As {@code --json} prints it. */
    record Summary(String file, int added, int total) {}
}
