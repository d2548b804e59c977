package io.postern.gateway.cli;

import io.postern.gateway.Version;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code postern <command>}. */
@Command(
        name = "postern",
        description = "The gateway where managed devices' app traffic ends, is attributed, judged and relayed.",
        mixinStandardHelpOptions = true,
        versionProvider = Postern.VersionText.class)
public final class Postern implements Runnable {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int BAD_USAGE_OR_CONFIGURATION = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        System.exit(commandLine(Clock.systemUTC()).execute(args));
    }

    /** Every command, one line each. */
    static CommandLine commandLine(Clock clock) {
        return new CommandLine(new Postern())
                .addSubcommand(new CommandLine.HelpCommand())
                .addSubcommand(new Serve(clock))
                .addSubcommand(new Demo(clock))
                .addSubcommand(new Check(clock))
                .addSubcommand(new ReplayCommand(clock))
                .addSubcommand(new WhatIfCommand(clock))
                .addSubcommand(new Simulate())
                .addSubcommand(new Evaluate())
                .addSubcommand(new Enroll(clock))
                .addSubcommand(new Revoke())
                .addSubcommand(new Token())
                .addSubcommand(new Audit())
                .addSubcommand(new BaselineCommand())
                .addSubcommand(new InventoryCommand())
                .addSubcommand(new FindingCommand())
                .addSubcommand(new QuarantineCommand())
                .addSubcommand(new KillSwitchCommand())
                .addSubcommand(new ResolveCommand())
                .addSubcommand(new ForgetCommand())
                .addSubcommand(new ExplainCommand())
                .addSubcommand(new CoverageCommand())
                .addSubcommand(new EvidenceCommand())
                .addSubcommand(new ShadowCommand())
                .addSubcommand(new ServicesCommand(clock))
                .addSubcommand(new Network())
                .setExecutionExceptionHandler(Postern::failed);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** What a user cannot mend by reading a stack is told in one line; set POSTERN_TRACE to see the stack. */
    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult arguments) {
        command.getErr().println("postern: " + (e.getMessage() == null ? e : e.getMessage()));
        if (System.getenv("POSTERN_TRACE") != null) {
            e.printStackTrace(command.getErr());
        }
        return FAILED;
    }

    /** Asked for by {@code --version}. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"postern " + Version.text()};
        }
    }
}
