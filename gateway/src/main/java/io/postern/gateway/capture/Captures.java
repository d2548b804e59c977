package io.postern.gateway.capture;

import io.postern.analytics.flow.AppKey;
import io.postern.config.EvidenceSettings;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures what apps that have a finding send and receive from then on.
 *
 * <pre>
 * finding → armed → the app's next flows → bounded queue → one thread → a pcapng for the finding → deleted when its time is over
 * </pre>
 *
 * Event loops copy bytes and go on; what the queue has no room for is dropped and counted, and leaves a gap in the numbers of
 * TCP. Not after the day that the settings name. Thread-safe.
 */
public final class Captures implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Captures.class);

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final String HOW =
            "Synthesised by a gateway: the payloads are the bytes that it relayed, without those that it"
                    + " consumed itself; the IP, TCP and UDP headers around them were made up, and so were SYN, ACK and FIN. Times are"
                    + " those of passing on.";

    private final EvidenceSettings.Capture settings;
    private final CaptureFolder folder;
    private final CaptureWriter writer;
    private final Clock clock;
    private final LongAdder written;
    private final UnaryOperator<String> called;
    private final Map<AppKey, Armed> armed = new ConcurrentHashMap<>();

    /**
     * @param dropped counts what found the queue full
     * @param written counts bytes
     * @param called what devices are called
     * @throws IOException when the folder cannot be made
     */
    public Captures(
            EvidenceSettings.Capture settings,
            Path folder,
            String application,
            Clock clock,
            LongAdder dropped,
            LongAdder written,
            UnaryOperator<String> called)
            throws IOException {
        this.called = called;
        OwnFile.folder(folder);
        this.settings = settings;
        this.folder = new CaptureFolder(folder, settings.kept(), clock);
        this.writer = new CaptureWriter(settings.bytes(), application, clock, dropped);
        this.clock = clock;
        this.written = written;
        this.folder.prune();
        writer.start();
    }

    public CaptureFolder folder() {
        return folder;
    }

    /** A finding was opened: the app's next flows are captured, unless there are as many captures as may be. Reads the folder. */
    public synchronized void found(String finding, AppKey app) {
        boolean over = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).isAfter(settings.until());
        List<CaptureFolder.Capture> kept = folder.list();
        boolean known = kept.stream().anyMatch(one -> one.finding().equals(finding))
                || armed.values().stream().anyMatch(one -> one.finding().equals(finding));
        forget();
        if (over || known || armed.containsKey(app) || kept.size() + unwritten(kept) >= settings.captures()) {
            return;
        }
        Instant now = clock.instant();
        String comment = HOW + "\nfinding=" + finding + "\npurpose=" + settings.purpose() + "\napprover="
                + settings.approver() + "\nuntil=" + settings.until();
        armed.put(
                app,
                new Armed(
                        finding,
                        now.plus(settings.within()).toEpochMilli(),
                        folder.file(finding, now),
                        comment,
                        new AtomicInteger(settings.flows()),
                        new AtomicBoolean(),
                        new CompletableFuture<>()));
        LOG.info("capture begun finding={} within={}", finding, settings.within());
    }

    private long unwritten(List<CaptureFolder.Capture> kept) {
        return armed.values().stream()
                .filter(one -> kept.stream().noneMatch(file -> file.finding().equals(one.finding())))
                .count();
    }

    /** Apps whose next flows are captured. */
    public int armed() {
        return armed.size();
    }

    /** A flow's upstream is reached; on its loop. */
    public void reached(LiveFlow flow) {
        if (armed.isEmpty()) {
            return;
        }
        Armed one = armed.get(AppKey.of(flow.tag()));
        Optional<InetSocketAddress> remote = flow.remote();
        if (one != null
                && remote.isPresent()
                && remote.get().getAddress() != null
                && clock.millis() < one.untilMillis()
                && one.flows().getAndDecrement() > 0) {
            flow.recordedBy(
                    new FlowTape(one, flow, called.apply(flow.tag().device()), remote.get(), writer, clock, written));
        }
    }

    /**
     * Deletes captures of a device's apps, and makes no more for its findings. Waits for the disk.
     *
     * @param names that it has, or had
     * @return files
     * @throws IOException when not all of them could be
     */
    public long forget(String device, Set<String> names) throws IOException {
        List<Armed> over = new ArrayList<>();
        synchronized (this) {
            armed.entrySet().removeIf(each -> each.getKey().device().equals(device) && over.add(each.getValue()));
        }
        writer.letGo(over);
        long gone = 0;
        for (Armed one : over) {
            try {
                one.closed().get(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("a capture is still being written finding=" + one.finding(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            gone += Files.deleteIfExists(one.file()) ? 1 : 0;
        }
        return gone + folder.forget(names);
    }

    /** Deletes what was kept long enough, and forgets what is over. Not for an event loop. */
    public void look() {
        forget();
        folder.prune();
    }

    private void forget() {
        long now = clock.millis();
        armed.values().removeIf(one -> now >= one.untilMillis());
    }

    /** Writes what waits, for a while. */
    @Override
    public void close() {
        writer.close(CLOSE_WITHIN);
    }
}
