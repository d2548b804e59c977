package io.postern.gateway.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.postern.analytics.flow.AppKey;
import io.postern.config.EvidenceSettings;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Recorder;
import io.postern.gateway.records.Transport;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
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

    private static final int QUEUE = 4096;
    /** That wait for the disk. */
    private static final long MOST_WAITING = 8L << 20;

    private static final long IDLE_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final String HOW =
            "Synthesised by a gateway: the payloads are the bytes that it relayed, without those that it"
                    + " consumed itself; the IP, TCP and UDP headers around them were made up, and so were SYN, ACK and FIN. Times are"
                    + " those of passing on.";

    private final EvidenceSettings.Capture settings;
    private final CaptureFolder folder;
    private final String application;
    private final Clock clock;
    private final LongAdder dropped;
    private final LongAdder written;
    private final UnaryOperator<String> called;
    private final Map<AppKey, Armed> armed = new ConcurrentHashMap<>();
    private final MpscAtomicArrayQueue<Piece> queue = new MpscAtomicArrayQueue<>(QUEUE);
    /** That are to be closed: what they are of is not kept any more. */
    private final Queue<Armed> forgotten = new ConcurrentLinkedQueue<>();

    private final AtomicLong waiting = new AtomicLong();
    private final Map<Armed, CaptureFile> open = new HashMap<>();
    private final Thread writer = new Thread(this::run, "captures");
    private volatile boolean closing;

    /** A finding whose app is captured. */
    private record Armed(
            String finding,
            long untilMillis,
            Path file,
            String comment,
            AtomicInteger flows,
            AtomicBoolean gone,
            CompletableFuture<Void> closed) {}

    /** Something to be written, on the writer's thread. */
    private record Piece(Armed armed, int bytes, Writing what) {}

    private interface Writing {
        void to(CaptureFile file) throws IOException;
    }

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
        this.application = application;
        this.clock = clock;
        this.dropped = dropped;
        this.written = written;
        this.folder.prune();
        writer.setDaemon(true);
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
                || armed.values().stream().anyMatch(one -> one.finding.equals(finding));
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
                .filter(one -> kept.stream().noneMatch(file -> file.finding().equals(one.finding)))
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
                && clock.millis() < one.untilMillis
                && one.flows.getAndDecrement() > 0) {
            flow.recordedBy(new FlowTape(one, flow, remote.get()));
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
        for (Armed one : over) {
            one.gone.set(true);
            forgotten.add(one);
        }
        LockSupport.unpark(writer);
        long gone = 0;
        for (Armed one : over) {
            try {
                one.closed.get(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("a capture is still being written finding=" + one.finding, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            gone += Files.deleteIfExists(one.file) ? 1 : 0;
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
        armed.values().removeIf(one -> now >= one.untilMillis);
    }

    private long nanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private void offer(Armed one, int bytes, Writing what) {
        if (waiting.addAndGet(bytes) > MOST_WAITING || closing || !queue.offer(new Piece(one, bytes, what))) {
            waiting.addAndGet(-bytes);
            dropped.increment();
        }
    }

    /** One flow as it is captured; on its loop, but for what it hands to the writer. */
    private final class FlowTape implements Recorder {

        private final Armed one;
        private final Segments outwards;
        private final Segments inwards;
        /** The writer's. */
        private int number = -1;

        private int sent = 1;
        private int received = 1;

        FlowTape(Armed one, LiveFlow flow, InetSocketAddress remote) {
            this.one = one;
            this.outwards = Segments.of(
                    flow.transport() == Transport.UDP,
                    flow.client().getAddress(),
                    flow.client().getPort(),
                    remote.getAddress(),
                    remote.getPort());
            this.inwards = outwards.back();
            String words = "device=" + called.apply(flow.tag().device()) + " profile="
                    + flow.tag().profile() + " app=" + flow.tag().app();
            String name = flow.id();
            long at = nanos();
            offer(one, 0, file -> {
                number = file.flow(name, words);
                if (!outwards.udp()) {
                    put(file, at, true, outwards.packet(Segments.SYN, 0, 0, new byte[0]), "flow=" + name + " " + words);
                    put(file, at, false, inwards.packet(Segments.SYN | Segments.ACK, 0, 1, new byte[0]), "");
                    put(file, at, true, outwards.packet(Segments.ACK, 1, 1, new byte[0]), "");
                }
            });
        }

        @Override
        public void moved(boolean out, ByteBuf bytes) {
            long at = nanos();
            if (at / 1_000_000 >= one.untilMillis) {
                return;
            }
            byte[] copy = ByteBufUtil.getBytes(bytes);
            int sequence = out ? sent : received;
            int acknowledged = out ? received : sent;
            offer(one, copy.length, file -> packets(file, at, out, copy, sequence, acknowledged));
            if (out) {
                sent += copy.length;
            } else {
                received += copy.length;
            }
        }

        private void packets(CaptureFile file, long at, boolean out, byte[] bytes, int sequence, int acknowledged)
                throws IOException {
            Segments way = out ? outwards : inwards;
            // A datagram is one packet, whose length fits what it came in.
            int step = way.udp() ? bytes.length : Segments.MOST;
            for (int from = 0; from < bytes.length; from += step) {
                byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + step));
                put(file, at, out, way.packet(Segments.PSH | Segments.ACK, sequence + from, acknowledged, part), "");
            }
        }

        @Override
        public void ended() {
            long at = nanos();
            int mine = sent;
            int theirs = received;
            if (!outwards.udp()) {
                int fin = Segments.FIN | Segments.ACK;
                offer(one, 0, file -> {
                    put(file, at, true, outwards.packet(fin, mine, theirs, new byte[0]), "");
                    put(file, at, false, inwards.packet(fin, theirs, mine + 1, new byte[0]), "");
                });
            }
        }

        private void put(CaptureFile file, long at, boolean out, byte[] packet, String comment) throws IOException {
            if (number >= 0 && file.packet(number, at, out, packet, comment)) {
                written.add(packet.length);
            }
        }
    }

    private void run() {
        while (!closing || !queue.isEmpty()) {
            Piece piece = queue.poll();
            closeGone();
            if (piece == null) {
                closeOver();
                LockSupport.parkNanos(this, IDLE_NANOS);
            } else {
                waiting.addAndGet(-piece.bytes);
                write(piece);
            }
        }
        open.values().forEach(Captures::close);
    }

    private void write(Piece piece) {
        try {
            CaptureFile file = open.get(piece.armed);
            if (piece.armed.gone.get()) {
                return;
            }
            // What is over was closed, and stays as it is.
            if (file == null && clock.millis() >= piece.armed.untilMillis) {
                return;
            }
            if (file == null) {
                file = new CaptureFile(piece.armed.file, settings.bytes(), piece.armed.comment, application);
                open.put(piece.armed, file);
            }
            piece.what.to(file);
        } catch (IOException | RuntimeException e) {
            dropped.increment();
            LOG.warn("a capture cannot be written finding={}: {}", piece.armed.finding, e.toString());
        }
    }

    /** The writer's. */
    private void closeGone() {
        for (Armed one = forgotten.poll(); one != null; one = forgotten.poll()) {
            CaptureFile file = open.remove(one);
            if (file != null) {
                close(file);
            }
            one.closed.complete(null);
        }
    }

    /** The writer's: of what may not go on nobody needs the file any more. */
    private void closeOver() {
        long now = clock.millis();
        open.entrySet().removeIf(each -> {
            boolean over = now >= each.getKey().untilMillis;
            if (over) {
                close(each.getValue());
            }
            return over;
        });
    }

    private static void close(CaptureFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("a capture may not be whole: {}", e.toString());
        }
    }

    /** Writes what waits, for a while. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSE_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
