package io.postern.gateway.analytics;

import io.postern.analytics.DeviceState;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.FlowEvent;
import io.postern.gateway.detect.FlowFacts;
import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.detect.FlowReader;
import io.postern.gateway.detect.SeenBefore;
import io.postern.gateway.detect.Telling;
import io.postern.gateway.input.Lines;
import io.postern.gateway.meters.Meters;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets facts that come days late be of use: what is told of a time that detection no longer has at hand sends it through the
 * log of flows once more, for that device alone, with all that is known of it by now.
 *
 * <pre>
 * late fact → device waits → every ten minutes: flow log, 72 h → a state of its own → joined to what detection remembers
 * </pre>
 *
 * A round takes {@value #MOST_OF_ROUND} devices and reads {@link #MOST_BYTES} at most, the newest files first. On a thread of its
 * own, which may wait for the disk.
 */
public final class LateFacts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LateFacts.class);

    /**
     * What is told of the time since then, detection judges by itself: of older check-ins it may have too few at hand, or
     * none after a restart.
     */
    private static final Duration AT_HAND = Duration.ofMinutes(15);

    private static final Duration KEPT = Duration.ofDays(3);
    private static final Duration ROUND = Duration.ofMinutes(10);

    static final int MOST_OF_ROUND = 64;
    static final int MOST_WAITING = 10_000;

    /** Some 10 seconds of reading. */
    static final long MOST_BYTES = 2L << 30;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A line tells of an hour at most. */
    private static final Duration REACH = Duration.ofHours(1);

    /** States of devices that are told of flows once more. */
    private record Again(Map<String, DeviceState> states) implements Detection {

        @Override
        public void observe(FlowEvent event, Consumer<Finding> findings) {
            DeviceState state = states.get(event.flow().tag().device());
            if (state != null) {
                state.observe(event);
            }
        }

        @Override
        public void told(ContextEvent event, Consumer<Finding> findings) {}

        @Override
        public void reached(long atMillis, Consumer<Finding> findings) {}

        @Override
        public void scores(Consumer<Score> scores) {}
    }

    private final Path log;
    private final int keep;
    private final Homes homes;
    private final Function<String, String> registrable;
    private final Function<String, List<String>> names;
    private final Clock clock;
    private final LongAdder judged;
    private final LongAdder turnedAway = new LongAdder();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    /** Devices that were erased since this round began. */
    private final Set<String> forgotten = new HashSet<>();

    private final Thread thread = new Thread(this::run, "late-facts");
    private final Object turn = new Object();
    private boolean closing;

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
        this.names = names;
        this.log = log;
        this.keep = keep;
        this.homes = homes;
        this.registrable = registrable;
        this.clock = clock;
        judged = meters.count("postern.analytic.rejudged", "Times a device's flows were judged anew for a late fact");
        meters.table("late-facts", waiting::size, turnedAway::sum);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** A source has told. Any thread; never waits. */
    public void told(ContextEvent fact) {
        long now = clock.millis();
        boolean late = fact.timeMillis() < now - AT_HAND.toMillis() && fact.timeMillis() >= now - KEPT.toMillis();
        if (!late || fact.said() instanceof ContextEvent.Heartbeat) {
            return;
        }
        if (waiting.size() < MOST_WAITING || waiting.contains(fact.device())) {
            waiting.add(fact.device());
        } else {
            turnedAway.increment();
        }
    }

    /** Nothing is judged anew for what was told of this device up to now, also by a round that goes on. */
    public void forget(String device) {
        synchronized (forgotten) {
            waiting.remove(device);
            forgotten.add(device);
        }
    }

    private boolean judge(String device, DeviceState state) {
        synchronized (forgotten) {
            return forgotten.contains(device)
                    || homes.judge(device, (detection, findings) -> {
                        if (detection instanceof FiveAnalytics five) {
                            // What is at hand first, so that no check-in counts twice. Nothing is over by it: that is
                            // its home's.
                            five.reached(0, findings);
                            five.settle(device, state, findings);
                        }
                    });
        }
    }

    private void run() {
        while (pause()) {
            try {
                round();
            } catch (IOException | RuntimeException e) {
                LOG.warn("late facts were not judged this time: {}", e.toString());
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

    /** Judges some of those that wait. */
    void round() throws IOException, InterruptedException {
        synchronized (forgotten) {
            forgotten.clear();
        }
        Map<String, DeviceState> states = new HashMap<>();
        List<String> busy = new ArrayList<>();
        for (Iterator<String> each = waiting.iterator(); each.hasNext() && states.size() < MOST_OF_ROUND; ) {
            String device = each.next();
            each.remove();
            try {
                asked(device).ifPresent(one -> states.put(device, one));
            } catch (ExecutionException | TimeoutException e) {
                busy.add(device);
            }
        }
        waiting.addAll(busy);
        if (states.isEmpty()) {
            return;
        }
        try {
            read(states);
        } catch (IOException e) {
            waiting.addAll(states.keySet());
            throw e;
        }
        for (Map.Entry<String, DeviceState> each : states.entrySet()) {
            if (judge(each.getKey(), each.getValue())) {
                judged.increment();
            } else {
                waiting.add(each.getKey());
            }
        }
    }

    private Optional<DeviceState> asked(String device)
            throws InterruptedException, ExecutionException, TimeoutException {
        return homes.ask(
                        device,
                        detection -> detection instanceof FiveAnalytics five
                                ? five.again(device)
                                : Optional.<DeviceState>empty())
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void read(Map<String, DeviceState> states) throws IOException {
        FlowFacts facts = new FlowFacts(registrable);
        Map<String, String> meant = new HashMap<>();
        states.keySet().forEach(device -> names.apply(device).forEach(name -> meant.put(name, device)));
        FlowReader reader = new FlowReader(facts, name -> meant.getOrDefault(name, name));
        Telling telling = new Telling(new Again(states), facts, Telling.Facts.NONE, finding -> {});
        SeenBefore seen = new SeenBefore();
        long oldest = clock.millis() - KEPT.toMillis();
        for (Path file : files(oldest)) {
            telling.begin(REACH);
            try (InputStream in = Files.newInputStream(file)) {
                Lines lines = new Lines(in);
                while (lines.next()) {
                    if (!lines.tooLong()
                            && reader.read(lines.bytes(), lines.from(), lines.to()) instanceof FlowReader.Read.Told told
                            && told.line()
                                    .filter(line -> wanted(line, states, oldest))
                                    .isPresent()
                            && !seen.test(told.name())) {
                        telling.line(told.line().get());
                    }
                }
            }
        }
        telling.flush();
    }

    private static boolean wanted(FlowLine line, Map<String, DeviceState> states, long oldest) {
        AppTag tag = line.flow().tag();
        return line.atMillis() >= oldest && states.containsKey(tag.device());
    }

    /** Oldest first; of those too many the oldest are left out. */
    private List<Path> files(long oldest) throws IOException {
        List<Path> files = new ArrayList<>();
        long bytes = 0;
        for (int age = 0; age <= keep && bytes < MOST_BYTES; age++) {
            Path file = age == 0 ? log : log.resolveSibling(log.getFileName() + "." + age);
            if (Files.isRegularFile(file) && Files.getLastModifiedTime(file).toMillis() >= oldest) {
                files.add(file);
                bytes += Files.size(file);
            }
        }
        Collections.reverse(files);
        return files;
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
