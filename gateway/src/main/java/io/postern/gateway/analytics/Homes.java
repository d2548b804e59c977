package io.postern.gateway.analytics;

import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.ByDevice;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.detect.Asked;
import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.state.Store;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Detection beside the flows: every device has one of some threads that is told of it, so detection needs no lock and no
 * flow waits for it.
 *
 * <pre>
 * flow's loop ──┐                     ┌── home ── findings
 * context ──────┼─ hash of the device ┼── home ── findings
 * who asks ─────┘                     └── home ── findings
 * </pre>
 *
 * When detection does not keep up, flows go on and it is not told of them: this is no gate.
 */
public final class Homes implements AutoCloseable {

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final List<Home> homes;
    private final Optional<DeviceStates> states;
    private volatile boolean started;

    /**
     * Makes homes that remember what the store has; they are not started yet.
     *
     * @param detections one for each home, and another when one has broken down; by a seed for what is hashed, which
     *     nobody outside knows and which outlives a restart
     * @param registrable the registrable domain of a name; empty if it has none
     * @param store where what is remembered of devices outlives a restart
     * @throws IOException when the store fails
     */
    public static Homes open(
            HomeSettings settings,
            LongFunction<? extends Detection> detections,
            Function<String, String> registrable,
            FindingSink sink,
            Store store,
            Clock clock,
            Meters meters)
            throws IOException {
        LongAdder unread = meters.count(
                "postern.analytic.states.unread", "Devices whose detection began anew, for its state did not read");
        LongAdder errors =
                meters.count("postern.analytic.states.errors", "Times what detection remembers could not be stored");
        DeviceStates states = new DeviceStates(store, settings, clock, unread, errors);
        LongAdder faults = meters.count("postern.analytic.faults", "Times detection failed on an event");
        long seed = DeviceStates.seed(store);
        List<Home> homes = new ArrayList<>();
        for (int i = 0; i < settings.homes(); i++) {
            Lookout lookout = new Lookout(() -> detections.apply(seed), registrable, settings.alive(), sink, faults);
            homes.add(new Home("home-" + i, settings, lookout, Optional.of(states), clock));
        }
        Homes all = new Homes(homes, Optional.of(states));
        states.load((device, state) -> all.of(device).lookout().read(device, state));
        all.measured(meters);
        return all;
    }

    private Homes(List<Home> homes, Optional<DeviceStates> states) {
        this.homes = List.copyOf(homes);
        this.states = states;
    }

    private void measured(Meters meters) {
        meters.table("detection-queue", () -> sum(Home::waiting), () -> sum(Home::dropped));
        meters.table(
                "detection-flows",
                () -> sum(home -> home.gauges().alive()),
                () -> sum(home -> home.gauges().pushedOut()));
        if (homes.get(0).lookout().detection() instanceof ByDevice each) {
            // Those names once and for all.
            for (String table : each.saturated().keySet()) {
                meters.table(
                        "detection-" + table,
                        () -> sum(home -> home.gauges().held().getOrDefault(table, 0L)),
                        () -> sum(home -> home.gauges().saturated().getOrDefault(table, 0L)));
            }
        }
        if (homes.get(0).lookout().detection() instanceof FiveAnalytics five) {
            meters.table("detection-all-keys", five.room()::held, five.room()::evicted);
        }
        meters.watch(
                "postern.analytic.lag.seconds",
                "From the end of a flow until detection was told of it, of the last one",
                () -> homes.stream()
                                .mapToLong(home -> home.gauges().lagMillis())
                                .max()
                                .orElse(0)
                        / 1_000.0);
    }

    private long sum(ToLongFunction<Home> of) {
        return homes.stream().mapToLong(of).sum();
    }

    /** From now on what is told waits its turn; until now whoever told did it. */
    public void start() {
        started = true;
        states.ifPresent(DeviceStates::start);
        homes.forEach(Home::start);
    }

    /**
     * Something is new of a flow that lives, or it has ended. Any thread, once this is started; never waits.
     *
     * @param toldExchanges of the line, from the first on, how many were told of before
     * @param questions that it asked since it was told of, if more is known of them than the line has
     * @return false when too much waits; then nobody is told
     */
    public boolean flow(FlowRecord line, int toldExchanges, List<FlowLine.Question> questions) {
        return of(line).flow(line, toldExchanges, questions);
    }

    /** Somebody asked our own resolver. Any thread, once this is started; never waits, and leaves half of the room to flows. */
    public void asked(Asked what) {
        AppTag who = what.who();
        homes.get(index(
                        who.attributed()
                                ? who.device().hashCode()
                                : what.client().hashCode()))
                .asked(what);
    }

    /** A source has told. Any thread once it is started, before that one; never waits. */
    public void told(ContextEvent fact) {
        Home home = of(fact.device());
        if (started) {
            home.told(fact);
        } else {
            home.lookout().told(fact);
        }
    }

    /**
     * Has something done with the detection of every home, soon, in place of what was to be done before; at once before they
     * are started. It is done again with one that begins anew.
     */
    public void each(Consumer<Detection> what) {
        for (Home home : homes) {
            if (started) {
                home.prepare(what);
            } else {
                home.lookout().prepare(what);
            }
        }
    }

    /**
     * Has the detection of a device judge something, between two events; its findings go where all go.
     *
     * @return false when too much waits; then it is not done
     */
    boolean judge(String device, BiConsumer<Detection, Consumer<Finding>> what) {
        return of(device).soon(what);
    }

    /**
     * Nothing is remembered of a device, in memory and in the store, once this completes; what is told of it later begins anew.
     *
     * @return whether the store had any of it
     */
    public CompletableFuture<Boolean> forget(String device) {
        return of(device).forget(device);
    }

    /** Removes what the store has of a device where nothing is detected, and so nobody else does; whether there was any. */
    public static boolean forget(Store store, String device) throws IOException {
        return DeviceStates.remove(store.table(DeviceStates.TABLE), device);
    }

    /** Asks the detection of a device, between two events. The answer must not keep what it is given. */
    public <T> CompletableFuture<T> ask(String device, Function<Detection, T> question) {
        return ask(of(device), question);
    }

    /** Asks the detection of every home. */
    public <T> CompletableFuture<List<T>> askAll(Function<Detection, T> question) {
        CompletableFuture<List<T>> all = CompletableFuture.completedFuture(List.of());
        for (Home home : homes) {
            all = all.thenCombine(ask(home, question), (before, answer) -> {
                List<T> more = new ArrayList<>(before);
                more.add(answer);
                return more;
            });
        }
        return all;
    }

    private static <T> CompletableFuture<T> ask(Home home, Function<Detection, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = home.soon((detection, findings) -> {
            try {
                answer.complete(question.apply(detection));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        if (!taken) {
            answer.completeExceptionally(
                    new RejectedExecutionException("detection has too much to do, or has stopped"));
        }
        return answer;
    }

    /** Whether detection of a device has no room to hear of its next flow. Any thread; waits for nothing. */
    public boolean crowded(String device) {
        return of(device).crowded();
    }

    /** Whether detection of a device threw within the last minute, or has ended. Any thread; waits for nothing. */
    public boolean failing(String device) {
        return of(device).failing(device);
    }

    private Home of(FlowRecord line) {
        AppTag tag = line.tag();
        return homes.get(
                tag.attributed()
                        ? index(tag.device().hashCode())
                        : index(line.client().getAddress().hashCode()));
    }

    /** A device that is nobody's goes by its address, whoever speaks of it. */
    private Home of(String device) {
        return homes.get(index(
                HostText.of(device) instanceof HostText.Literal literal
                        ? literal.address().hashCode()
                        : device.hashCode()));
    }

    private int index(int hash) {
        return Math.floorMod(hash ^ hash >>> 16, homes.size());
    }

    /** Whether every home works. */
    public boolean alive() {
        return !started || homes.stream().allMatch(Home::alive);
    }

    /** What waits is told, and what is remembered is on the disk when this returns; within seconds. */
    @Override
    public void close() {
        long until = System.nanoTime() + CLOSE_WITHIN.toNanos();
        homes.forEach(home -> home.stop(until));
        try {
            for (Home home : homes) {
                home.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        states.ifPresent(DeviceStates::close);
    }
}
