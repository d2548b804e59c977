package io.postern.bench;

import io.postern.analytics.context.ContextEvent;
import io.postern.config.Bind;
import io.postern.config.ContextSettings;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.facts.NativeEventWriter;
import io.postern.gateway.facts.NativeEvents;
import io.postern.gateway.facts.Told;
import io.postern.gateway.state.EmbeddedStore;
import io.postern.gateway.state.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One fact's way from NDJSON into the store, synced, and into its device's context; a thousand a request, of 500 devices. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FactsBenchmark {

    private static final int FACTS = 1_000;
    private static final int DEVICES = 500;

    private final NativeEvents reader = new NativeEvents(Optional.of("agent"));
    private final List<ContextEvent> events = new ArrayList<>(FACTS);
    private byte[] body = new byte[0];
    private Optional<Path> dir = Optional.empty();
    private Optional<Store> store = Optional.empty();
    private DeviceContexts contexts = new DeviceContexts(settings());
    private long request;

    private static ContextSettings settings() {
        return new ContextSettings(
                new Bind(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Duration.ofMinutes(2),
                Duration.ofDays(3),
                1 << 30,
                Duration.ofMinutes(15),
                Duration.ofHours(26),
                100_000,
                List.of(new ContextSettings.Source(
                        "agent",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("*"),
                        Set.of(),
                        1,
                        "work")));
    }

    @Setup
    public void open() throws IOException {
        Path fresh = Files.createTempDirectory("facts");
        dir = Optional.of(fresh);
        store = Optional.of(EmbeddedStore.open(fresh.resolve("store.mv")));
        contexts = new DeviceContexts(settings());
    }

    @TearDown
    public void close() throws IOException {
        store.ifPresent(Store::close);
        Files.deleteIfExists(dir.orElseThrow().resolve("store.mv"));
        Files.deleteIfExists(dir.orElseThrow());
    }

    @Benchmark
    @OperationsPerInvocation(FACTS)
    public int ingest() throws IOException {
        request++;
        write();
        events.clear();
        reader.body(body, (told, place) -> {
            if (told instanceof Told.Event event) {
                events.add(event.event());
            }
        });
        ByteArrayOutputStream block = new ByteArrayOutputStream(256 * FACTS);
        try (NativeEventWriter lines = new NativeEventWriter(block)) {
            events.forEach(lines::write);
        }
        Store open = store.orElseThrow();
        Store.Table table = open.table("facts");
        table.put(key(request), block.toByteArray());
        // As much on the disk as a gateway would keep, in the end.
        table.remove(key(request - 1_000));
        open.sync();
        events.forEach(contexts::tell);
        return events.size();
    }

    /** What a source would do: other ids and times each time. Costs a fraction of what is measured. */
    private void write() {
        StringBuilder text = new StringBuilder(256 * FACTS);
        String time = Instant.ofEpochMilli(1_791_533_723_456L + request * 1_000).toString();
        for (int i = 0; i < FACTS; i++) {
            text.append("{\"id\":\"")
                    .append(request)
                    .append('-')
                    .append(i)
                    .append("\",\"time\":\"")
                    .append(time)
                    .append("\",\"event\":\"device.app.lifecycle\",\"device\":{\"id\":\"d")
                    .append(i % DEVICES)
                    .append("\",\"profile\":\"work\"},\"app\":{\"package\":\"com.acme.mail\"},\"attributes\":")
                    .append("{\"android.app.state\":\"")
                    .append(request % 2 == 0 ? "background" : "foreground")
                    .append("\"},\"source\":{\"name\":\"agent\",\"latency\":\"realtime\"}}\n");
        }
        body = text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
