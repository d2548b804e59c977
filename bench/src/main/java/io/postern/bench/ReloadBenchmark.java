package io.postern.bench;

import io.postern.gateway.rules.Rules;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A reload of policy from its files to rules that can be asked, as the offload thread does it. Aim: within a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ReloadBenchmark {

    @Param("10000")
    public int rules;

    @Param("100000")
    public int exceptions;

    private final ExecutorService two = Executors.newFixedThreadPool(2);
    private @Nullable PolicyFolder folder;

    @Setup
    public void write() throws IOException {
        folder = new PolicyFolder(rules, exceptions);
    }

    @Benchmark
    public Rules reload() {
        return new Rules(written().read(Runnable::run));
    }

    /** The same with two threads that read files, as a gateway on four processors has. */
    @Benchmark
    public Rules reloadByTwo() {
        return new Rules(written().read(two));
    }

    /** A usual reload: one file of 5,000 exceptions has changed, the others are known. */
    @Benchmark
    public Rules reloadOneFile() throws IOException {
        return new Rules(written().readChanged());
    }

    @TearDown
    public void delete() throws IOException {
        two.shutdown();
        written().close();
    }

    private PolicyFolder written() {
        return Objects.requireNonNull(folder, "written in set-up");
    }
}
