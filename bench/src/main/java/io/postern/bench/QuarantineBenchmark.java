package io.postern.bench;

import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.ResponseSettings;
import io.postern.gateway.quarantine.Quarantines;
import io.postern.gateway.rules.Contained;
import io.postern.gateway.rules.Contained.Containment;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whether somebody is in quarantine, as every judgement asks. Aim: tens of nanoseconds for a device that is not, however many
 * are.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QuarantineBenchmark {

    private static final ResponseSettings.Quarantine SETTINGS = new ResponseSettings.Quarantine(
            Duration.ofDays(1), Duration.ofDays(1), 1_000_000, 1_000_000, "Ask Bob.", List.of());

    @Param({"0", "100000"})
    public int contained;

    private final AppTag free = tag("LCfree");
    private final AppTag held = tag("LC0");
    private Contained quarantines = Contained.NOBODY;
    private Instant now = Instant.EPOCH;

    /** As rules do it, many at a time. */
    @Setup
    public void contain() throws IOException {
        Path file = Files.createTempDirectory("quarantine").resolve("store.mv");
        file.toFile().deleteOnExit();
        now = Clock.systemUTC().instant();
        Store store = EmbeddedStore.open(file);
        Quarantines all = Quarantines.open(SETTINGS, store, Clock.systemUTC(), result -> {});
        for (int i = 0; i < contained; i++) {
            AppTag tag = tag("LC" + i);
            all.hit(tag, "rule");
            while (i % 1_000 == 999 && all.of(tag, now).isEmpty()) {
                Thread.onSpinWait();
            }
        }
        quarantines = all;
    }

    @Benchmark
    public Optional<Containment> ofADeviceThatIsNot() {
        return quarantines.of(free, now);
    }

    @Benchmark
    public Optional<Containment> ofOneThatIs() {
        return quarantines.of(held, now);
    }

    private static AppTag tag(String device) {
        return new AppTag(device, "work", "com.acme.mail", DeviceAssurance.TAG_VERIFIED, AppAssurance.DEVICE_ASSERTED);
    }
}
