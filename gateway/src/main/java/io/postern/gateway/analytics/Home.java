package io.postern.gateway.analytics;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.ByDevice;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.gateway.detect.Asked;
import io.postern.gateway.detect.FlowLine.Question;
import io.postern.gateway.records.FlowRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of some devices' detection.
 *
 * <pre>
 * any thread → bounded queue → this thread → detection → findings
 * </pre>
 *
 * Whoever tells never waits: when the queue is full, what would have come goes by and is counted. What is remembered of
 * devices is handed out for storing every few minutes, a few devices between two turns of the queue.
 */
final class Home {

    private static final Logger LOG = LoggerFactory.getLogger(Home.class);

    private static final int BATCH = 256;

    /** A large one takes a millisecond. */
    private static final int SAVED_A_TURN = 4;

    private static final long IDLE_NANOS = Duration.ofMillis(20).toNanos();
    private static final long REACHED_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final long GAUGES_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LOGGED_NANOS = Duration.ofMinutes(1).toNanos();

    /** A line, and what else there is to say: exchanges were told of while the flow lived, or questions have answers. */
    private record More(FlowRecord line, int toldExchanges, List<Question> questions) {}

    private record Forgetting(String device, CompletableFuture<Boolean> done) {}

    private record Task(BiConsumer<Detection, Consumer<Finding>> what) {}

    /**
     * What others may read of this home, seconds old.
     *
     * @param lagMillis from the end of a flow until it was told of, of the last one
     */
    record Gauges(int alive, long pushedOut, Map<String, Long> held, Map<String, Long> saturated, long lagMillis) {
        static final Gauges NONE = new Gauges(0, 0, Map.of(), Map.of(), 0);
    }

    private final Lookout lookout;
    private final Optional<DeviceStates> states;
    private final long saveMillis;
    private final Clock clock;
    private final MpscAtomicArrayQueue<Object> queue;
    private final int roomForFlows;
    private final int roomForQuestions;
    private final MessagePassingQueue.Consumer<Object> take = this::take;
    private final Thread thread;
    private final LongAdder dropped = new LongAdder();
    private final Deque<String> saving = new ArrayDeque<>();
    private long nextReached;
    private long nextSave;
    private long nextGauges = System.nanoTime();
    private long nextLog = System.nanoTime();
    private long droppedBefore;
    private long lagMillis;
    private volatile Gauges gauges = Gauges.NONE;
    private volatile long until;
    private volatile boolean started;
    private volatile boolean stopping;

    /** What its detection is to be prepared with, until it is. */
    private final AtomicReference<@Nullable Consumer<Detection>> preparation = new AtomicReference<>();

    /** @param states where what is remembered is stored; absent: nowhere */
    Home(String name, HomeSettings settings, Lookout lookout, Optional<DeviceStates> states, Clock clock) {
        this.lookout = lookout;
        this.states = states;
        this.saveMillis = settings.save().toMillis();
        this.clock = clock;
        queue = new MpscAtomicArrayQueue<>(settings.queue());
        // The rest is for what is worth more than a flow, or asked for.
        roomForFlows = queue.capacity() - queue.capacity() / 8;
        // A flow is many questions long.
        roomForQuestions = queue.capacity() / 2;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        long now = clock.millis();
        nextReached = now;
        nextSave = now + saveMillis;
        thread.start();
        started = true;
    }

    /** See {@link Homes#flow}. */
    boolean flow(FlowRecord line, int toldExchanges, List<Question> questions) {
        Object what = toldExchanges == 0 && questions.isEmpty() ? line : new More(line, toldExchanges, questions);
        boolean taken = !stopping && queue.offerIfBelowThreshold(what, roomForFlows);
        if (!taken) {
            dropped.increment();
        }
        return taken;
    }

    /** See {@link Homes#asked}. */
    void asked(Asked what) {
        if (stopping || !queue.offerIfBelowThreshold(what, roomForQuestions)) {
            dropped.increment();
        }
    }

    /** Any thread. */
    void told(ContextEvent fact) {
        if (stopping || !queue.offer(fact)) {
            dropped.increment();
        }
    }

    /**
     * Has this done between two events, soon. Any thread.
     *
     * @return false when too much waits; then it is not done
     */
    boolean soon(BiConsumer<Detection, Consumer<Finding>> what) {
        boolean taken = !stopping && queue.offer(new Task(what));
        LockSupport.unpark(thread);
        return taken;
    }

    /** See {@link Homes#forget}. Any thread. */
    CompletableFuture<Boolean> forget(String device) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        if (stopping || !queue.offer(new Forgetting(device, done))) {
            done.completeExceptionally(new RejectedExecutionException("detection has too much to do, or has stopped"));
        }
        LockSupport.unpark(thread);
        return done;
    }

    /** See {@link Homes#each}. Any thread. */
    void prepare(Consumer<Detection> how) {
        preparation.set(how);
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopping || (!queue.isEmpty() && System.nanoTime() - until < 0)) {
            try {
                Consumer<Detection> how = preparation.getAndSet(null);
                if (how != null) {
                    lookout.prepare(how);
                }
                int done = queue.drain(take, BATCH);
                look(clock.millis());
                if (done == 0 && !stopping) {
                    LockSupport.parkNanos(this, IDLE_NANOS);
                }
            } catch (Throwable e) {
                // An Error too: a home that ends silently leaves its devices unwatched.
                lookout.failed(e);
            }
        }
        dropped.add(queue.size());
        saveAll();
        measure();
    }

    private void take(Object what) {
        if (what instanceof FlowRecord record) {
            lookout.record(record, 0, List.of());
            lagMillis = clock.millis() - record.endedAt().toEpochMilli();
        } else if (what instanceof More more) {
            lookout.record(more.line, more.toldExchanges, more.questions);
        } else if (what instanceof Asked asked) {
            lookout.asked(asked);
        } else if (what instanceof ContextEvent fact) {
            lookout.told(fact);
        } else if (what instanceof Task task) {
            lookout.judge(task.what);
        } else if (what instanceof Forgetting forgetting) {
            forget(forgetting);
        }
    }

    private void forget(Forgetting what) {
        saving.remove(what.device);
        try {
            lookout.forget(what.device);
            if (states.isEmpty()) {
                what.done.complete(false);
            } else if (!states.get().forget(what.device, what.done)) {
                what.done.completeExceptionally(new RejectedExecutionException("too much waits to be stored"));
            }
        } catch (RuntimeException e) {
            what.done.completeExceptionally(e);
        }
    }

    private void look(long now) {
        // Also when a clock was set back.
        if (now >= nextReached || now < nextReached - REACHED_MILLIS) {
            nextReached = now + REACHED_MILLIS;
            // Nothing is over because a clock was set.
            lookout.reached(states.map(DeviceStates::ageMillis).orElse(now));
        }
        states.ifPresent(to -> save(to, now));
        long nanos = System.nanoTime();
        if (nanos - nextGauges >= 0) {
            nextGauges = nanos + GAUGES_NANOS;
            measure();
            warn(nanos);
        }
    }

    private void measure() {
        Optional<ByDevice> known = lookout.detection() instanceof ByDevice each ? Optional.of(each) : Optional.empty();
        gauges = new Gauges(
                lookout.alive(),
                lookout.pushedOut(),
                known.map(ByDevice::held).orElse(Map.of()),
                known.map(ByDevice::saturated).orElse(Map.of()),
                lagMillis);
    }

    private void warn(long nanos) {
        long now = dropped.sum();
        if (now > droppedBefore && nanos - nextLog >= 0) {
            nextLog = nanos + LOGGED_NANOS;
            LOG.warn(
                    "detection does not keep up: flows go on, and were not told of home={} dropped={} waiting={}",
                    thread.getName(),
                    now - droppedBefore,
                    queue.size());
            droppedBefore = now;
        }
    }

    private void save(DeviceStates to, long now) {
        if (saving.isEmpty() && (now >= nextSave || now < nextSave - saveMillis)) {
            nextSave = now + saveMillis;
            saving.addAll(lookout.takeChanged());
        }
        for (int i = 0; i < SAVED_A_TURN && !saving.isEmpty() && to.hasRoom(); i++) {
            String device = saving.remove();
            Optional<byte[]> state = lookout.write(device);
            if (lookout.toStore(device, state) && !to.offer(device, state)) {
                saving.add(device);
            }
        }
    }

    /** As much as there is time for. */
    private void saveAll() {
        if (states.isEmpty()) {
            return;
        }
        saving.addAll(lookout.takeChanged());
        while (!saving.isEmpty() && put(states.get(), saving.element())) {
            saving.remove();
        }
        if (!saving.isEmpty()) {
            LOG.warn("what detection remembers lately was not stored devices={}", saving.size());
        }
    }

    private boolean put(DeviceStates to, String device) {
        Optional<byte[]> state = lookout.write(device);
        return !lookout.toStore(device, state) || to.put(device, state, until);
    }

    /** Before it starts, by the one thread that starts it. */
    Lookout lookout() {
        return lookout;
    }

    /** Whether the next flow would not be told of. */
    boolean crowded() {
        return queue.size() >= roomForFlows;
    }

    /** Whether detection of the device threw a short while ago, or has ended. */
    boolean failing(String device) {
        return (started && !stopping && !thread.isAlive()) || lookout.failures().of(device);
    }

    int waiting() {
        return queue.size();
    }

    /** Flows and facts that it was not told of, for want of room. */
    long dropped() {
        return dropped.sum();
    }

    Gauges gauges() {
        return gauges;
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** Nothing comes any more: what waits is told, and what is remembered is stored, until then. */
    void stop(long untilNanos) {
        until = untilNanos;
        stopping = true;
        LockSupport.unpark(thread);
    }

    void join(long millis) throws InterruptedException {
        thread.join(millis);
    }
}
