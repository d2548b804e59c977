package io.postern.gateway.real;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A program of the system, run as a user would run it, in a folder of its own. One that is not there is a failure, for
 * a test that is skipped shows nothing.
 */
final class Program {

    /** How an ended run went. */
    record Ended(int exit, String out, String err) {}

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    private static final String NOBODY = "nobody";
    private static final String NOGROUP = "nogroup";

    private final Path executable;
    private final Path dir;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> before = new ArrayList<>();

    /** @param dir where it runs and its output is kept */
    Program(Path executable, Path dir) {
        this.executable = executable;
        this.dir = dir;
    }

    /** Finds a program on the path. */
    static Program installed(String name, String debianPackage, Path dir) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder).resolve(name);
            if (!folder.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return new Program(candidate, dir);
            }
        }
        throw new AssertionError(
                name + " is not on the path, and -Preal needs it: apt-get install " + debianPackage + " (Debian)");
    }

    /**
     * A program and a package of Debian's, whatever else of that name is on the path.
     *
     * @param proof a file or folder that the package has
     */
    static Program ofDebian(String executable, String proof, Path dir) {
        for (String needed : List.of(executable, proof)) {
            if (Files.notExists(Path.of(needed))) {
                throw new AssertionError(needed + " is not there, and -Preal needs Debian's package that has it");
            }
        }
        return new Program(Path.of(executable), dir);
    }

    Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** As somebody who may little, where the tests are root's: there are servers that will not be, and none needs it. */
    Program unprivileged() {
        if (ROOT) {
            before.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOGROUP, "--clear-groups"));
        }
        return this;
    }

    /** Started by another command, which is given it and its arguments. */
    Program behind(List<String> command) {
        before.addAll(command);
        return this;
    }

    /** For a program that is {@link #unprivileged}: its own from now on. */
    static Path givenAway(Path file) throws IOException {
        if (ROOT) {
            UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
            PosixFileAttributeView owner = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            owner.setOwner(names.lookupPrincipalByName(NOBODY));
            owner.setGroup(names.lookupPrincipalByGroupName(NOGROUP));
        }
        return file;
    }

    /** Runs to the end, without input. */
    Ended run(String... arguments) {
        return run(List.of(arguments));
    }

    Ended run(List<String> arguments) {
        try (RunningProgram running = start(arguments)) {
            running.endInput();
            int exit = running.awaitExit(PATIENCE);
            return new Ended(exit, running.out(), running.err());
        }
    }

    RunningProgram start(String... arguments) {
        return start(List.of(arguments));
    }

    RunningProgram start(List<String> arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(executable.toString());
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile(dir, executable.getFileName().toString(), ".out");
            Path err = Files.createTempFile(dir, executable.getFileName().toString(), ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(dir.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            // The machine's own proxy is none of the test's business.
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
            builder.environment().putAll(environment);
            return new RunningProgram(String.join(" ", command), builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
