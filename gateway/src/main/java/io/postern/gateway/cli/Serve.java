package io.postern.gateway.cli;

import io.postern.config.GatewaySettings;
import io.postern.config.SettingsReader;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.config.policy.PolicyReader;
import io.postern.gateway.Gateway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sun.misc.Signal;

/** {@code postern serve}: the gateway, until it is told to stop. */
@Command(name = "serve", description = "Runs the gateway. SIGHUP reads the policy again; SIGTERM drains and stops.")
final class Serve implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "postern.yaml; without it: embedded defaults, loopback only, keys and state under ./var")
    private @Nullable Path config;

    @Override
    public Integer call() throws Exception {
        Reading<GatewaySettings> reading = Settings.read(Optional.ofNullable(config));
        if (reading.value().isEmpty()) {
            reading.problems().forEach(System.err::println);
            return ExitCodes.BAD_CONFIGURATION;
        }
        reading.warnings().forEach(System.err::println);
        GatewaySettings settings = reading.value().get();
        Path base = Settings.base(Optional.ofNullable(config));
        Gateway gateway;
        try {
            gateway = Gateway.start(
                    settings, () -> PolicyReader.read(settings.policy().files(), base), Clock.systemUTC());
        } catch (IOException | IllegalStateException e) {
            System.err.println("postern: " + e.getMessage());
            return ExitCodes.FAILED;
        }
        CountDownLatch stop = new CountDownLatch(1);
        Signal.handle(new Signal("HUP"), signal -> gateway.reload());
        Signal.handle(new Signal("TERM"), signal -> stop.countDown());
        Signal.handle(new Signal("INT"), signal -> stop.countDown());
        stop.await();
        gateway.drain();
        return ExitCodes.OK;
    }
}
