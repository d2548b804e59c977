package io.postern.gateway.cli;

import io.postern.config.AdminRole;
import io.postern.config.GatewaySettings;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.gateway.access.AdminToken;
import io.postern.gateway.access.AdminTokens;
import io.postern.gateway.access.TokensFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code token add|list|revoke}: who may use the admin API. A running gateway notices within a second. */
@Command(
        name = "token",
        description = "Adds, lists and revokes tokens of the admin API.",
        mixinStandardHelpOptions = true)
final class Token implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "add, list or revoke?");
    }

    @Command(
            name = "add",
            description = "Appends a token to the tokens file and prints it; it is not to be had again.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "NAME", description = "What the audit log will call its holder.") String name,
            @Option(names = "--role", required = true, paramLabel = "ROLE", description = "viewer, operator or admin.")
                    String role,
            @Option(names = "--config", paramLabel = "FILE", description = CONFIG) Optional<Path> config)
            throws IOException {
        Optional<AdminRole> known = AdminRole.of(role);
        if (known.isEmpty()) {
            return refuse("--role: '" + role + "' is not known, must be viewer, operator or admin");
        }
        if (!AdminToken.NAME.matcher(name).matches()) {
            return refuse("NAME: '" + name + "' is not a name, must be 1–32 of A-Z a-z 0-9 _ -");
        }
        Optional<GatewaySettings.Admin> settings = settings(config);
        if (settings.isEmpty()) {
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        String token = AdminToken.fresh();
        // The first start would find a file and make no token of its own.
        TokensFile.prepare(settings.get());
        new TokensFile(settings.get().tokens()).add(AdminToken.of(name, known.get(), token));
        out().println(token);
        return Postern.OK;
    }

    @Command(name = "list", description = "Prints names and roles.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--config", paramLabel = "FILE", description = CONFIG) Optional<Path> config,
            @Option(names = "--json", description = "Prints a JSON array.") boolean json) {
        Optional<GatewaySettings.Admin> settings = settings(config);
        if (settings.isEmpty()) {
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        Path file = settings.get().tokens();
        Reading<AdminTokens> reading =
                Files.exists(file) ? new TokensFile(file).read() : AdminTokens.parse(file.toString(), "");
        if (reading.value().isEmpty()) {
            return refuse(reading.problems());
        }
        List<Row> rows = reading.value().get().all().stream()
                .map(token -> new Row(token.name(), token.role().label()))
                .toList();
        if (json) {
            out().println(JsonMapper.shared().writeValueAsString(rows));
        } else {
            Table table = new Table("NAME", "ROLE");
            rows.forEach(row -> table.row(row.name, row.role));
            table.print(out());
        }
        return Postern.OK;
    }

    @Command(name = "revoke", description = "Removes a token from the tokens file.", mixinStandardHelpOptions = true)
    int revoke(
            @Parameters(paramLabel = "NAME", description = "Whose.") String name,
            @Option(names = "--config", paramLabel = "FILE", description = CONFIG) Optional<Path> config)
            throws IOException {
        Optional<GatewaySettings.Admin> settings = settings(config);
        if (settings.isEmpty()) {
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        new TokensFile(settings.get().tokens()).remove(name);
        return Postern.OK;
    }

    private static final String CONFIG = "The settings; without it the embedded defaults, state under ./var.";

    /** As {@code --json} prints it. */
    record Row(String name, String role) {}

    /**
     * Of the file, as far as it says where tokens are: a tokens file that does not exist yet is a problem to a gateway,
     * and this command is the cure.
     */
    private Optional<GatewaySettings.Admin> settings(Optional<Path> config) {
        Reading<GatewaySettings> reading = Configured.settings(config, System.getenv());
        if (reading.value().isEmpty()) {
            refuse(reading.problems());
        }
        return reading.value().map(GatewaySettings::admin);
    }

    private int refuse(List<Problem> problems) {
        problems.forEach(spec.commandLine().getErr()::println);
        return Postern.BAD_USAGE_OR_CONFIGURATION;
    }

    private int refuse(String problem) {
        spec.commandLine().getErr().println(problem);
        return Postern.BAD_USAGE_OR_CONFIGURATION;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
