package io.postern.gateway.cli;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.config.GatewaySettings;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyWatcher;
import io.postern.gateway.Gateway;
import io.postern.gateway.state.FirstStart;
import io.postern.gateway.state.PolicyStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: the gateway, until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Runs the gateway.",
            "SIGHUP reads policy, keys of tokens, revocations and certificates again;",
            "SIGTERM and SIGINT drain and stop, a second one stops at once."
        },
        mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings; without it the embedded defaults: loopback only, keys and state under ./var.")
    private Optional<Path> config = Optional.empty();

    private final Clock clock;

    Serve(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws Exception {
        Reading<GatewaySettings> reading = Configured.settings(config, System.getenv());
        PrintWriter err = spec.commandLine().getErr();
        reading.warnings().forEach(warning -> err.println("warning: " + warning));
        if (reading.value().isEmpty()) {
            reading.problems().forEach(err::println);
            Configured.policyFiles(config, System.getenv(), reading)
                    .map(where -> Configured.policy(where, clock))
                    .ifPresent(broken -> broken.problems().forEach(err::println));
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        GatewaySettings settings = reading.value().get();
        PolicyStore.prepare(settings.policy());
        Supplier<Reading<Policy>> policy =
                new PolicyWatcher(settings.policy().files(), settings.policy().base(), clock, helpers());
        Reading<Policy> first = policy.get();
        first.warnings().forEach(warning -> err.println("warning: " + warning));
        List<Problem> inFiles = Configured.problemsOfFiles(settings);
        if (first.value().isEmpty() || !inFiles.isEmpty()) {
            inFiles.forEach(err::println);
            first.problems().forEach(err::println);
            return Postern.BAD_USAGE_OR_CONFIGURATION;
        }
        if (config.isEmpty()) {
            FirstStart.prepare(settings);
        }
        run(() -> Gateway.start(settings, policy, clock));
        return Postern.OK;
    }

    /** Threads that read policy, half as many as there are processors: flows go on meanwhile. Gone when there is nothing to read. */
    private static Executor helpers() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor helpers = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("policy", true));
        helpers.allowCoreThreadTimeOut(true);
        return helpers;
    }

    /** Signals are ours before it says that it is ready: whoever reads that may send one at once. */
    private static void run(Callable<Gateway> start) throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CompletableFuture<Gateway> started = new CompletableFuture<>();
        Runnable end = () -> {
            if (stop.getCount() == 0) {
                Runtime.getRuntime().halt(Postern.FAILED);
            }
            stop.countDown();
        };
        Signals.on("HUP", () -> started.thenAccept(Gateway::reload));
        Signals.on("TERM", end);
        Signals.on("INT", end);
        Gateway gateway = start.call();
        started.complete(gateway);
        stop.await();
        gateway.drain();
    }
}
