package io.postern.gateway.real;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** A program that runs, its output so far, and its input. Closing it ends it, whatever it is doing. */
final class RunningProgram implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String command;
    private final Process process;
    private final Path out;
    private final Path err;

    RunningProgram(String command, Process process, Path out, Path err) {
        this.command = command;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    String out() {
        return text(out);
    }

    String err() {
        return text(err);
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits until its output or its errors hold what is looked for. */
    MatchResult awaitOutput(Pattern wanted) {
        try {
            return await().atMost(PATIENCE)
                    .until(
                            () -> {
                                boolean over = !process.isAlive();
                                Matcher found = wanted.matcher(out() + "\n" + err());
                                if (!found.find() && over) {
                                    throw new AssertionError(story("ended without saying " + wanted));
                                }
                                return found.reset();
                            },
                            Matcher::find)
                    .toMatchResult();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(story("did not say " + wanted), e);
        }
    }

    void type(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(story("takes no input"), e);
        }
    }

    void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end, as an operator or a supervisor does: SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** @param name without SIG; Java itself can only end a process */
    void signal(String name) {
        Program.Ended told = new Program(Path.of("/bin/sh"), out.resolveSibling("."))
                .run("-c", "kill -s " + name + " " + process.pid());
        if (told.exit() != 0) {
            throw new AssertionError(story(told.err()));
        }
    }

    int awaitExit() {
        return awaitExit(PATIENCE);
    }

    int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(story("did not end within " + patience));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit();
    }

    /** What a reader of a failure needs to know. */
    String story(String what) {
        return command + "\n" + what + "\n--- output\n" + out() + "\n--- errors\n" + err();
    }

    private static String text(Path file) {
        try {
            // Not readString: what a program writes need not be text.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
