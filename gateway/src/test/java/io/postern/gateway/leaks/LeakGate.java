package io.postern.gateway.leaks;

import io.netty.util.ResourceLeakDetectorFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes every leak of a test JVM into the file the build names by the property {@code postern.leaks}, and the build
 * refuses to go on while there is one.
 *
 * <p>Loaded as a service before the first test, because a detector is made when the class it watches is first used. A
 * file and not a failing test: what leaks is often noticed only when another test has begun.
 */
public final class LeakGate implements TestExecutionListener {

    private static final String FILE = "postern.leaks";

    private final Path file;
    private final LeakWatch watch;

    /** Begins to listen. */
    public LeakGate() throws IOException {
        file = Path.of(System.getProperty(FILE, "target/leaks-here.txt"));
        Files.deleteIfExists(file);
        watch = new LeakWatch(this::write);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(watch);
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (!watch.look()) {
            write("the garbage collector did not collect: whether there are leaks is not known");
        }
    }

    private synchronized void write(String leak) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, List.of(leak), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
