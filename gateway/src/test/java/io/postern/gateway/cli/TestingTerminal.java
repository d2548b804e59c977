package io.postern.gateway.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import picocli.CommandLine;

/** Runs commands on a day of its own and keeps what they print. */
public final class TestingTerminal {

    static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    public int run(String... arguments) {
        CommandLine command = Postern.commandLine(Clock.fixed(NOW, ZoneOffset.UTC));
        return command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    public String out() {
        return out.toString();
    }

    public String err() {
        return err.toString();
    }
}
