package io.postern.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is called alone is called by the name it has among all. */
class PosternTest {

    @Test
    void everyCommandIsKnownByItsOwnName() {
        Clock clock = Clock.systemUTC();
        Postern.commands(clock)
                .forEach((name, command) -> assertThat(new CommandLine(command.get()).getCommandName())
                        .isEqualTo(name));
        assertThat(Postern.commandLine(clock).getSubcommands())
                .containsOnlyKeys(Postern.commands(clock).keySet());
    }

    @Test
    void aCommandAloneSaysOfItselfWhatItSaysAmongAll() {
        for (String name : Postern.commands(Clock.systemUTC()).keySet()) {
            assertThat(said(Postern.commandLine(Clock.systemUTC(), name), name, "--help"))
                    .isEqualTo(said(Postern.commandLine(Clock.systemUTC()), name, "--help"))
                    .contains("Usage: postern " + name);
        }
    }

    @Test
    void helpAndWhatNobodyKnowsIsToldOfAll() {
        assertThat(said(Postern.commandLine(Clock.systemUTC(), "help"), "help"))
                .contains("serve")
                .contains("network");
        assertThat(said(Postern.commandLine(Clock.systemUTC(), "serv"), "serv")).contains("Did you mean", "serve");
        assertThat(said(Postern.commandLine(Clock.systemUTC()))).contains("which command?", "network");
    }

    private static String said(CommandLine command, String... arguments) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text, true);
        command.setOut(out).setErr(out).execute(arguments);
        return text.toString();
    }
}
