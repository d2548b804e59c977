package io.postern.gateway.context;

import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.Ageing;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events to the disk and then into memory, on a thread of its own: what waits is written together and synced once.
 *
 * <pre>
 * waits → written → synced → told to everybody → acknowledged
 * </pre>
 *
 * At most {@value #MOST_WAITING} requests wait. Once the disk has failed nothing is taken any more until the gateway starts
 * anew.
 */
final class Intake implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    static final int MOST_WAITING = 128;

    /** Written before a sync, so that the first of them need not wait for the last. */
    private static final int MOST_TOGETHER = 32;

    private static final long PRUNE_MILLIS = 60_000;

    private final FactLog log;
    private final Clock clock;
    private final Consumer<ContextEvent> sink;
    private final Runnable failures;
    private final int sources;
    /** By the source's name. */
    private final Map<String, Seen> seen = new HashMap<>();

    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Queue<Forgetting> forgetting = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "context-store");
    private volatile boolean stopping;
    private volatile boolean broken;
    private volatile boolean ended;
    private long pruned;
    private final Ageing ageing;

    /** What became of a request's events. */
    record Taken(List<ContextEvent> stored, List<ContextEvent> duplicates) {}

    /** @param also done with it, on the thread that tells */
    private record Forgetting(DeviceLines device, Runnable also, CompletableFuture<Long> gone) {}

    private record Waiting(List<ContextEvent> events, CompletableFuture<Taken> taken) {}

    /**
     * @param sources that tell
     * @param sink told of every event once it is on the disk, and at the start of every one that is kept; never waits
     * @param failures told when something could not be stored
     * @throws IOException when what is kept cannot be read
     */
    Intake(FactLog log, int sources, Clock clock, Consumer<ContextEvent> sink, Runnable failures) throws IOException {
        this.log = log;
        this.sources = sources;
        this.clock = clock;
        this.sink = sink;
        this.failures = failures;
        int[] count = new int[1];
        log.replay(event -> {
            seen(event).add(event.source(), event.id());
            tell(event);
            count[0]++;
        });
        ageing = new Ageing(log.lastMillis() < 0 ? clock.millis() : log.lastMillis(), System.nanoTime());
        LOG.info("facts read again facts={} bytes={}", count[0], log.bytes());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Completes on another thread, when all are on the disk; with an {@link IOException} when they are not.
     *
     * @return empty when too much waits, or nothing is taken any more
     */
    Optional<CompletionStage<Taken>> take(List<ContextEvent> events) {
        if (stopping || broken) {
            return Optional.empty();
        }
        Waiting waiting = new Waiting(List.copyOf(events), new CompletableFuture<>());
        if (!queue.offer(waiting)) {
            return Optional.empty();
        }
        if (ended) {
            // It came behind the last look at what waits.
            refuseAll();
        }
        return Optional.of(waiting.taken);
    }

    /**
     * Removes the events about a device, those that were taken before among them.
     *
     * @param also done with it, on the thread that tells
     * @return how many, once that is on the disk
     */
    CompletableFuture<Long> forget(DeviceLines device, Runnable also) {
        Forgetting one = new Forgetting(device, also, new CompletableFuture<>());
        forgetting.add(one);
        if (stopping || broken || ended) {
            refuseAll();
        }
        return one.gone;
    }

    private void forget() throws IOException {
        for (Forgetting one = forgetting.poll(); one != null; one = forgetting.poll()) {
            try {
                one.also.run();
                long gone = log.forget(one.device);
                log.sync();
                one.gone.complete(gone);
            } catch (IOException e) {
                one.gone.completeExceptionally(e);
                throw e;
            }
        }
    }

    boolean working() {
        return !broken;
    }

    private void run() {
        List<Waiting> together = new ArrayList<>(MOST_TOGETHER);
        while (!broken && !(stopping && queue.isEmpty())) {
            try {
                Waiting first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    together.add(first);
                    queue.drainTo(together, MOST_TOGETHER - 1);
                    store(together);
                }
                together.clear();
                if (queue.isEmpty()) {
                    forget();
                }
                prune();
            } catch (InterruptedException e) {
                // Nobody interrupts it but by mistake; the store would not survive it either.
                LOG.warn("interrupted, goes on", e);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                fail(together, e);
            }
        }
        ended = true;
        refuseAll();
    }

    private void refuseAll() {
        List<Waiting> refused = new ArrayList<>();
        queue.drainTo(refused);
        refused.forEach(waiting -> waiting.taken.completeExceptionally(new IOException("stopped")));
        for (Forgetting one = forgetting.poll(); one != null; one = forgetting.poll()) {
            one.gone.completeExceptionally(new IOException("facts cannot be stored any more"));
        }
    }

    private void store(List<Waiting> together) throws IOException {
        List<Taken> taken = new ArrayList<>(together.size());
        List<ContextEvent> fresh = new ArrayList<>();
        for (Waiting waiting : together) {
            Taken one = sorted(waiting.events);
            fresh.addAll(one.stored);
            taken.add(one);
        }
        if (!fresh.isEmpty()) {
            log.append(fresh, clock.millis());
            log.sync();
            fresh.forEach(this::tell);
        }
        for (int i = 0; i < together.size(); i++) {
            together.get(i).taken.complete(taken.get(i));
        }
    }

    private Taken sorted(List<ContextEvent> events) {
        List<ContextEvent> fresh = new ArrayList<>(events.size());
        List<ContextEvent> duplicates = new ArrayList<>(0);
        for (ContextEvent event : events) {
            Seen before = seen(event);
            if (before.has(event.source(), event.id())) {
                duplicates.add(event);
            } else {
                before.add(event.source(), event.id());
                fresh.add(event);
            }
        }
        return new Taken(fresh, duplicates);
    }

    private Seen seen(ContextEvent event) {
        return seen.computeIfAbsent(Source.ofEvent(event), source -> new Seen(sources));
    }

    /** It is on the disk whatever becomes of it here. */
    private void tell(ContextEvent event) {
        try {
            sink.accept(event);
        } catch (RuntimeException e) {
            LOG.error("a fact was stored and could not be used", e);
        }
    }

    private void prune() throws IOException {
        long now = clock.millis();
        if (now - pruned >= PRUNE_MILLIS || now < pruned) {
            pruned = now;
            log.prune(ageing.millis(now, System.nanoTime()));
        }
    }

    private void fail(List<Waiting> together, Throwable e) {
        broken = true;
        failures.run();
        LOG.error("facts cannot be stored any more; none is taken until the gateway starts anew", e);
        together.forEach(waiting -> waiting.taken.completeExceptionally(e));
    }

    /** What waits is stored first. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
