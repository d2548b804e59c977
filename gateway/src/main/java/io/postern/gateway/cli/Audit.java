package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.document.Reading;
import io.postern.gateway.audit.AuditChain;
import io.postern.gateway.state.StateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code audit verify}: whether the audit log is whole. */
@Command(name = "audit", description = "Checks the audit log.", mixinStandardHelpOptions = true)
final class Audit implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "verify?");
    }

    @Command(
            name = "verify",
            description = "Follows the chain of hashes from the first entry to the last; exit 1 where it is broken.",
            mixinStandardHelpOptions = true)
    int verify(
            @Option(
                            names = "--config",
                            paramLabel = "FILE",
                            description = "The settings; without it the embedded defaults, state under ./var.")
                    Optional<Path> config)
            throws IOException {
        Reading<GatewaySettings> reading = Configured.settings(config, System.getenv());
        if (reading.value().isEmpty()) {
            reading.problems().forEach(spec.commandLine().getErr()::println);
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        Path file = StateFiles.audit(reading.value().get());
        AuditChain chain = AuditChain.verify(file);
        spec.commandLine()
                .getOut()
                .println(file + ": "
                        + chain.broken().map(where -> "broken: " + where).orElse("whole")
                        + ", entries: " + chain.entries()
                        + (chain.gone() > 0 ? ", those to number " + chain.gone() + " went by their age" : ""));
        return chain.broken().isPresent() ? Postern.FAILED : Postern.OK;
    }
}
