package io.postern.gateway.cli;

import io.postern.gateway.Version;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

    private static final String HELP = "help";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        System.exit(commandLine(Clock.systemUTC(), args).execute(args));
    }

    /**
     * The command that is called, all of them where there is none of its name: what is not called need not be read, which is what
     * takes longest of a start.
     */
    static CommandLine commandLine(Clock clock, String... args) {
        Map<String, Supplier<Object>> commands = commands(clock);
        @Nullable Supplier<Object> called = args.length == 0 ? null : commands.get(args[0]);
        return commandLine(called == null || args[0].equals(HELP) ? commands.values() : List.of(called));
    }

    private static CommandLine commandLine(Collection<Supplier<Object>> commands) {
        CommandLine postern = new CommandLine(new Postern());
        commands.forEach(command -> postern.addSubcommand(command.get()));
        return postern.setExecutionExceptionHandler(Postern::failed);
    }

    /** Every command, one line each. */
    static Map<String, Supplier<Object>> commands(Clock clock) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        // A reference to a class as old as this one's format keeps JDK 25 from writing its cache of classes.
        commands.put(HELP, () -> new CommandLine.HelpCommand());
        commands.put("serve", () -> new Serve(clock));
        commands.put("demo", () -> new Demo(clock));
        commands.put("check", () -> new Check(clock));
        commands.put("replay", () -> new ReplayCommand(clock));
        commands.put("whatif", () -> new WhatIfCommand(clock));
        commands.put("simulate", Simulate::new);
        commands.put("evaluate", Evaluate::new);
        commands.put("enroll", () -> new Enroll(clock));
        commands.put("revoke", Revoke::new);
        commands.put("token", Token::new);
        commands.put("audit", Audit::new);
        commands.put("baseline", BaselineCommand::new);
        commands.put("inventory", InventoryCommand::new);
        commands.put("finding", FindingCommand::new);
        commands.put("quarantine", QuarantineCommand::new);
        commands.put("kill-switch", KillSwitchCommand::new);
        commands.put("resolve", ResolveCommand::new);
        commands.put("forget", ForgetCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("coverage", CoverageCommand::new);
        commands.put("evidence", EvidenceCommand::new);
        commands.put("shadow", ShadowCommand::new);
        commands.put("services", () -> new ServicesCommand(clock));
        commands.put("network", Network::new);
        return commands;
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
