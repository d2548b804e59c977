package io.postern.gateway.analytics;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.ByDevice;
import io.postern.analytics.detect.Detection;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.gateway.detect.Asked;
import io.postern.gateway.detect.FlowFacts;
import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.detect.FlowLine.Question;
import io.postern.gateway.detect.Unfolding;
import io.postern.gateway.detect.Unfolding.Before;
import io.postern.gateway.records.FlowRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a detection of flows and facts, in its words. A device whose detection throws begins anew, and the others go on.
 * For one thread.
 */
final class Lookout {

    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

    private static final long LOGGED_MILLIS = 60_000;

    private final Supplier<? extends Detection> detections;
    private final FindingSink sink;
    private final LongAdder faults;
    private final Failures failures = new Failures(System::nanoTime);
    private final FlowFacts facts;
    private final Unfolding unfolding;
    private final Consumer<Finding> found = this::found;
    private final Consumer<FlowEvent> observe = this::observe;
    private final Map<String, Flow> alive;

    /** Devices of which more is known than when this was last taken. */
    private Set<String> changed = new LinkedHashSet<>();

    /** Devices whose own detection failed: what is stored of them goes as well. */
    private final Set<String> forgotten = new HashSet<>();

    private Detection detection;
    private Consumer<Detection> preparation = fresh -> {};
    private long pushedOut;
    private long nextLogMillis = Long.MIN_VALUE;
    private long nowMillis;

    /**
     * @param mostAlive flows that live and were told of; beyond, one opens again
     * @param faults counts what threw
     */
    Lookout(
            Supplier<? extends Detection> detections,
            Function<String, String> registrable,
            int mostAlive,
            FindingSink sink,
            LongAdder faults) {
        this.detections = detections;
        this.sink = sink;
        this.faults = faults;
        facts = new FlowFacts(registrable);
        unfolding = new Unfolding(facts);
        detection = detections.get();
        alive = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Flow> eldest) {
                boolean full = size() > mostAlive;
                pushedOut += full ? 1 : 0;
                return full;
            }
        };
    }

    /**
     * A flow has ended, or lives and there is something new.
     *
     * @param toldExchanges of the record, from the first on, how many were told of before
     * @param questions asked since it was told of; empty: those of the record
     */
    void record(FlowRecord record, int toldExchanges, List<Question> questions) {
        String device = record.tag().device();
        try {
            Optional<FlowLine> line = facts.line(record);
            if (line.isPresent()) {
                device = line.get().flow().tag().device();
                FlowLine whole = questions.isEmpty() ? line.get() : line.get().asking(questions);
                unfolding.tell(whole, before(whole), toldExchanges, observe);
                changed.add(device);
            }
        } catch (Throwable e) {
            // An Error too, such as of a stack too deep: the next device's flow is none the worse for it.
            fault(device, e);
        }
    }

    /** Somebody asked our own resolver. */
    void asked(Asked what) {
        String device = what.who().device();
        try {
            FlowEvent.Asked event = facts.asked(what);
            device = event.flow().tag().device();
            observe(event);
            changed.add(device);
        } catch (Throwable e) {
            // As of a flow.
            fault(device, e);
        }
    }

    private Before before(FlowLine line) {
        Flow flow = line.flow();
        Flow told = line.outcome().isPresent() ? alive.remove(flow.uid()) : alive.put(flow.uid(), flow);
        if (told == null) {
            return Before.NOTHING;
        }
        return told.equals(flow) ? Before.SAME : Before.OTHERWISE;
    }

    private void observe(FlowEvent event) {
        detection.observe(event, found);
    }

    void told(ContextEvent fact) {
        try {
            detection.told(fact, found);
            changed.add(fact.device());
        } catch (Throwable e) {
            fault(fact.device(), e);
        }
    }

    void reached(long atMillis) {
        nowMillis = atMillis;
        try {
            detection.reached(atMillis, found);
        } catch (Throwable e) {
            // Whose state it was nobody knows.
            anew(e);
        }
    }

    void judge(BiConsumer<Detection, Consumer<Finding>> what) {
        what.accept(detection, found);
    }

    /** Whoever takes findings on must not make a detector look broken. */
    private void found(Finding finding) {
        try {
            sink.found(finding);
        } catch (RuntimeException e) {
            count("a finding could not be taken on", e);
        }
    }

    /** Something else did on this thread. */
    void failed(Throwable e) {
        count("what detection's thread was doing failed", e);
    }

    private void fault(String device, Throwable e) {
        if (!(detection instanceof ByDevice each)) {
            anew(e);
            return;
        }
        count("detection failed; what it remembers of the device is dropped", e);
        failures.happened(device);
        try {
            each.forget(device);
            forgotten.add(device);
            changed.add(device);
        } catch (RuntimeException broken) {
            anew(broken);
        }
    }

    private void anew(Throwable e) {
        failures.happened();
        count("detection failed; what it remembers of its devices is dropped, but for what is stored", e);
        release();
        detection = detections.get();
        preparation.accept(detection);
    }

    /** What it shares with others is theirs. */
    private void release() {
        try {
            if (detection instanceof ByDevice each) {
                each.devices().forEach(each::forget);
            }
        } catch (RuntimeException broken) {
            count("detection that is dropped keeps its share of room", broken);
        }
    }

    /** What is done with this detection, and with those that take its place. */
    void prepare(Consumer<Detection> how) {
        preparation = how;
        how.accept(detection);
    }

    /** Not each: what throws once may throw with every flow. */
    private void count(String what, Throwable e) {
        faults.increment();
        if (nowMillis >= nextLogMillis || nowMillis < nextLogMillis - LOGGED_MILLIS) {
            nextLogMillis = nowMillis + LOGGED_MILLIS;
            LOG.error("{}, and it goes on; the next of a minute are only counted", what, e);
        }
    }

    /** Devices of which more is known than when this was asked last, those among them of which nothing is known any more. */
    Set<String> takeChanged() {
        Set<String> taken = changed;
        changed = new LinkedHashSet<>();
        return taken;
    }

    /** What is remembered of a device, for {@link #read}; empty when that is nothing. */
    Optional<byte[]> write(String device) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (detection instanceof ByDevice each && each.write(device, new DataOutputStream(bytes))) {
                forgotten.remove(device);
                return Optional.of(bytes.toByteArray());
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            fault(device, e);
            return Optional.empty();
        }
    }

    /**
     * Whether what {@link #write} gave belongs into the store. Nothing does in place of something only where the device's own
     * detection failed: when all began anew, the next start has them back.
     */
    boolean toStore(String device, Optional<byte[]> state) {
        return state.isPresent() || forgotten.contains(device);
    }

    /** @throws IOException when it does not read; then the device begins anew */
    void read(String device, byte[] state) throws IOException {
        if (detection instanceof ByDevice each) {
            try {
                each.read(device, new DataInputStream(new ByteArrayInputStream(state)));
            } catch (RuntimeException e) {
                each.forget(device);
                throw new IOException(e);
            }
        }
    }

    /** Nothing is remembered of a device any more. */
    void forget(String device) {
        alive.values().removeIf(flow -> flow.tag().device().equals(device));
        changed.remove(device);
        forgotten.remove(device);
        if (detection instanceof ByDevice each) {
            each.forget(device);
        }
    }

    /** Any thread may ask them. */
    Failures failures() {
        return failures;
    }

    Detection detection() {
        return detection;
    }

    /** Flows that live and were told of. */
    int alive() {
        return alive.size();
    }

    /** Flows that lived and were forgotten for want of room. */
    long pushedOut() {
        return pushedOut;
    }
}
