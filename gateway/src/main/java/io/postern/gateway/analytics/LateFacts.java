package io.postern.gateway.analytics;

import io.postern.analytics.Retold;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.context.ContextEvent;
import io.postern.gateway.meters.Meters;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets facts that come days late be of use: what is told of a time that detection no longer has at hand sends it through the
 * log of flows once more, for that device alone, with all that is known of it by now.
 *
 * <pre>
 * late fact → device waits → every ten minutes: flow log, 72 h → what is other by the fact → what detection remembers
 * </pre>
 *
 * A round reads for {@link #SPEND} or so: how many bytes that is, the newest files first, and how many devices it takes, is learnt
 * from the rounds before. On a thread of its own, which may wait for the disk.
 */
public final class LateFacts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LateFacts.class);

    /**
     * What is told of the time since then, detection judges by itself: of older check-ins it may have too few at hand, or
     * none after a restart.
     */
    private static final Duration AT_HAND = Duration.ofMinutes(15);

    static final Duration KEPT = Duration.ofDays(3);
    private static final Duration ROUND = Duration.ofMinutes(10);

    /** What a round may take. */
    static final Duration SPEND = Duration.ofSeconds(60);

    static final int MOST_WAITING = 10_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * How long a device waits.
     *
     * @param factMillis the earliest time that something was told late of
     * @param turn of two devices the lower one comes first
     */
    private record Since(long factMillis, long turn) {
        Since and(Since other) {
            return new Since(Math.min(factMillis, other.factMillis), Math.min(turn, other.turn));
        }
    }

    private final FlowLog log;
    private final Pace pace =
            new Pace(SPEND, Pace.mostDevices(Runtime.getRuntime().maxMemory()));
    private final Homes homes;
    private final Clock clock;
    private final LongAdder judged;
    private final LongAdder unreached;
    private final LongAdder turnedAway = new LongAdder();
    /** By device. */
    private final Map<String, Since> waiting = new ConcurrentHashMap<>();

    private final AtomicLong turns = new AtomicLong();
    /** Devices that were erased since this round began. */
    private final Set<String> forgotten = new HashSet<>();

    private final Thread thread = new Thread(this::run, "late-facts");
    private final Object turn = new Object();
    private boolean closing;
    private volatile long reachMillis;

    /**
     * @param log of flows; the files set aside have numbers behind
     * @param keep files besides that
     */
    public LateFacts(
            Path log, int keep, Homes homes, Function<String, String> registrable, Clock clock, Meters meters) {
        this(log, keep, homes, registrable, List::of, clock, meters);
    }

    /** @param names all that the log may call a device */
    public LateFacts(
            Path log,
            int keep,
            Homes homes,
            Function<String, String> registrable,
            Function<String, List<String>> names,
            Clock clock,
            Meters meters) {
        this.log = new FlowLog(log, keep, registrable, names);
        this.homes = homes;
        this.clock = clock;
        judged = meters.count("postern.analytic.rejudged", "Times a device's flows were judged anew for a late fact");
        unreached = meters.count(
                "postern.analytic.rejudged.short",
                "Those of them whose fact is of a time before the log of flows begins");
        meters.watch(
                "postern.analytic.log.reach.seconds",
                "How far back the log of flows can be judged anew, 72 hours at most",
                () -> reachMillis / 1_000.0);
        meters.table("late-facts", waiting::size, turnedAway::sum);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** A source has told, and {@link Homes#told} comes after this. Any thread; never waits. */
    public void told(ContextEvent fact) {
        long now = clock.millis();
        boolean late = fact.timeMillis() < now - AT_HAND.toMillis() && fact.timeMillis() >= now - KEPT.toMillis();
        if (!late || fact.said() instanceof ContextEvent.Heartbeat) {
            return;
        }
        String device = fact.device();
        boolean known = waiting.containsKey(device);
        if (known || (waiting.size() < MOST_WAITING && keepBefore(device))) {
            waits(device, fact.timeMillis());
        } else {
            turnedAway.increment();
        }
    }

    private void waits(String device, long factMillis) {
        waiting.merge(device, new Since(factMillis, turns.incrementAndGet()), Since::and);
    }

    private boolean keepBefore(String device) {
        return homes.judge(device, (detection, findings) -> {
            if (detection instanceof FiveAnalytics five) {
                five.keepBefore(device);
            }
        });
    }

    /** Nothing is judged anew for what was told of this device up to now, also by a round that goes on. */
    public void forget(String device) {
        synchronized (forgotten) {
            waiting.remove(device);
            forgotten.add(device);
        }
    }

    private boolean judge(String device, Retold again) {
        synchronized (forgotten) {
            return forgotten.contains(device)
                    || homes.judge(device, (detection, findings) -> {
                        if (detection instanceof FiveAnalytics five) {
                            // What is at hand first, so that no check-in counts twice. Nothing is over by it: that is
                            // its home's.
                            five.reached(0, findings);
                            five.settle(device, again, findings);
                        }
                    });
        }
    }

    private void run() {
        reach();
        while (pause()) {
            try {
                round();
            } catch (IOException e) {
                LOG.warn("late facts were not judged this time: {}", e.toString());
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.error("late facts of a round of devices are lost by a fault of ours", e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** @return false when there is nothing more to do */
    private boolean pause() {
        synchronized (turn) {
            long end = System.nanoTime() + ROUND.toNanos();
            try {
                for (long left = ROUND.toMillis(); !closing && left > 0; ) {
                    turn.wait(left);
                    left = (end - System.nanoTime()) / 1_000_000;
                }
            } catch (InterruptedException e) {
                return false;
            }
            return !closing;
        }
    }

    private void reach() {
        try {
            log.look(clock.millis() - KEPT.toMillis(), pace.bytes());
            reachMillis = reach(log.beginMillis());
        } catch (IOException | RuntimeException e) {
            LOG.warn("how far back the log of flows reaches could not be read: {}", e.toString());
        }
    }

    private long reach(long beginMillis) {
        return Math.max(0, Math.min(KEPT.toMillis(), clock.millis() - beginMillis));
    }

    /** Judges some of those that wait. */
    void round() throws IOException, InterruptedException {
        synchronized (forgotten) {
            forgotten.clear();
        }
        Map<String, Retold> again = new HashMap<>();
        Map<String, Long> since = new HashMap<>();
        for (String device : byTurns()) {
            if (again.size() >= pace.devices()) {
                break;
            }
            Since removed = waiting.remove(device);
            if (removed != null) {
                since.put(device, removed.factMillis);
                try {
                    asked(device).ifPresent(one -> again.put(device, one));
                } catch (ExecutionException | TimeoutException e) {
                    wait(device, since);
                }
            }
        }
        if (again.isEmpty()) {
            reach();
            return;
        }
        long began = System.nanoTime();
        try {
            log.look(clock.millis() - KEPT.toMillis(), pace.bytes());
            reachMillis = reach(log.beginMillis());
            log.tell(again);
        } catch (IOException e) {
            again.keySet().forEach(device -> wait(device, since));
            throw e;
        }
        pace.took(Duration.ofNanos(System.nanoTime() - began), log.bytes(), again.size());
        for (Map.Entry<String, Retold> each : again.entrySet()) {
            if (!judge(each.getKey(), each.getValue())) {
                wait(each.getKey(), since);
                continue;
            }
            judged.increment();
            if (log.isCut() && log.beginMillis() > since.getOrDefault(each.getKey(), Long.MAX_VALUE)) {
                unreached.increment();
            }
        }
    }

    /** Those first that have waited longest: however many are told of again and again, each has its turn. */
    private List<String> byTurns() {
        return waiting.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Since> each) -> each.getValue().turn))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Behind the others. */
    private void wait(String device, Map<String, Long> since) {
        synchronized (forgotten) {
            if (!forgotten.contains(device)) {
                waits(device, since.getOrDefault(device, clock.millis()));
            }
        }
    }

    private Optional<Retold> asked(String device) throws InterruptedException, ExecutionException, TimeoutException {
        return homes.ask(
                        device,
                        detection ->
                                detection instanceof FiveAnalytics five ? five.again(device) : Optional.<Retold>empty())
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Nothing more is judged when this returns. */
    @Override
    public void close() {
        synchronized (turn) {
            closing = true;
            turn.notifyAll();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
