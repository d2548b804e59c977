package io.postern.gateway.context;

import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.records.DeviceLines;
import io.postern.gateway.state.Ageing;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
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
 * At most {@value #MOST_WAITING} requests wait. Once the disk has failed nothing is taken until it takes something again, which
 * is tried after a quarter of a second, and then each time after twice as long, half a minute at most. Whose events were refused
 * sends them again; they count as new then.
 */
final class Intake implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    static final int MOST_WAITING = 128;

    /** Written before a sync, so that the first of them need not wait for the last. */
    private static final int MOST_TOGETHER = 32;

    private static final long PRUNE_MILLIS = 60_000;

    private static final long LOOK_MILLIS = 200;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

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
    private volatile boolean failing;
    private volatile boolean ended;
    private Duration pause = FIRST_PAUSE;
    private long retryNanos;
    private long pruned;
    private final Ageing ageing;

    /** What became of a request's events. */
    record Taken(List<ContextEvent> stored, List<ContextEvent> duplicates) {}

    /** @param also done with it, on the thread that tells */
    private record Forgetting(DeviceLines device, Runnable also, CompletableFuture<Long> gone) {}

    /** What tells events apart. */
    private record Id(String source, String id) {}

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
     * @return empty when too much waits, or nothing is taken for now
     */
    Optional<CompletionStage<Taken>> take(List<ContextEvent> events) {
        if (stopping || failing) {
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
        if (stopping || failing || ended) {
            refuseForgetting();
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
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                one.gone.completeExceptionally(e);
                throw e;
            }
        }
    }

    /** Whether what is taken will be looked at. */
    boolean working() {
        return stopping || !ended;
    }

    /** Whether the disk has failed and nothing is taken until it takes something again. */
    boolean failing() {
        return failing;
    }

    private void run() {
        try {
            while (!stopping || !(failing || queue.isEmpty())) {
                turn();
            }
        } finally {
            ended = true;
            refuseAll();
        }
    }

    private void turn() {
        List<Waiting> together = new ArrayList<>(MOST_TOGETHER);
        try {
            Waiting first = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (first != null) {
                together.add(first);
                queue.drainTo(together, MOST_TOGETHER - 1);
            }
            if (failing) {
                refuse(together);
                refuseForgetting();
                retry();
            } else {
                store(together);
                if (queue.isEmpty()) {
                    forget();
                }
                prune();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it but by mistake; the store would not survive it either.
            LOG.warn("interrupted, goes on", e);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            fail(together, e);
        }
    }

    private void refuseAll() {
        List<Waiting> refused = new ArrayList<>();
        queue.drainTo(refused);
        refuse(refused);
        refuseForgetting();
    }

    private void refuseForgetting() {
        for (Forgetting one = forgetting.poll(); one != null; one = forgetting.poll()) {
            one.gone.completeExceptionally(new IOException("facts cannot be stored now"));
        }
    }

    private static void refuse(List<Waiting> refused) {
        refused.forEach(waiting -> waiting.taken.completeExceptionally(new IOException("nothing is taken")));
    }

    private void store(List<Waiting> together) throws IOException {
        if (together.isEmpty()) {
            return;
        }
        List<Taken> taken = new ArrayList<>(together.size());
        List<ContextEvent> fresh = new ArrayList<>();
        Set<Id> ids = new HashSet<>();
        for (Waiting waiting : together) {
            Taken one = sorted(waiting.events, ids);
            fresh.addAll(one.stored);
            taken.add(one);
        }
        if (!fresh.isEmpty()) {
            log.append(fresh, clock.millis());
            log.sync();
            pause = FIRST_PAUSE;
            // Only now: what was not stored is new when it is sent again.
            fresh.forEach(event -> seen(event).add(event.source(), event.id()));
            fresh.forEach(this::tell);
        }
        for (int i = 0; i < together.size(); i++) {
            together.get(i).taken.complete(taken.get(i));
        }
    }

    /** @param ids of those that are stored together, to which new ones are added */
    private Taken sorted(List<ContextEvent> events, Set<Id> ids) {
        List<ContextEvent> fresh = new ArrayList<>(events.size());
        List<ContextEvent> duplicates = new ArrayList<>(0);
        for (ContextEvent event : events) {
            if (seen(event).has(event.source(), event.id()) || !ids.add(new Id(event.source(), event.id()))) {
                duplicates.add(event);
            } else {
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
        boolean before = failing;
        failing = true;
        failures.run();
        retryNanos = System.nanoTime() + pause.toNanos();
        if (before) {
            LOG.warn("facts still cannot be stored, tried again in {}: {}", pause, e.toString());
        } else {
            LOG.error("facts cannot be stored, none is taken, tried again in {}", pause, e);
        }
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        together.forEach(waiting -> waiting.taken.completeExceptionally(e));
    }

    private void retry() throws IOException {
        if (System.nanoTime() - retryNanos >= 0) {
            log.recover();
            failing = false;
            LOG.info("facts can be stored again");
        }
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
