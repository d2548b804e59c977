package io.postern.gateway.analytics;

import io.postern.analytics.Evidence;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.ByDevice;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.detect.Score;
import io.postern.analytics.flow.FlowEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Finds an app suspicious that has opened or exchanged so often with a destination. All of one hearing tell what they were
 * told of in one place.
 */
public final class TestingHunch implements ByDevice {

    /** What hunches were told, and on which thread. */
    public record Heard(String device, String what, long atMillis, String thread) {}

    /** A device of which every event makes it throw. */
    public static final String BROKEN = "broken";

    private final Queue<Heard> heard;
    private final int enough;
    private final Map<String, Map<String, Integer>> counts = new TreeMap<>();

    public TestingHunch(Queue<Heard> heard, int enough) {
        this.heard = heard;
        this.enough = enough;
    }

    public static Queue<Heard> hearing() {
        return new ConcurrentLinkedQueue<>();
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        String device = event.flow().tag().device();
        String what = event.getClass().getSimpleName() + " " + event.flow().uid();
        heard.add(
                new Heard(device, what, event.atMillis(), Thread.currentThread().getName()));
        if (device.equals(BROKEN)) {
            throw new IllegalStateException("as it was asked to");
        }
        if (event instanceof FlowEvent.Closed) {
            return;
        }
        String pair =
                event.flow().tag().app() + " " + event.flow().destination().name();
        int count = counts.computeIfAbsent(device, some -> new TreeMap<>()).merge(pair, 1, Integer::sum);
        if (count >= enough) {
            findings.accept(finding(event, count));
        }
    }

    private Finding finding(FlowEvent event, int count) {
        return Finding.of(
                        "AN1681", event.flow().key(), event.flow().destination().name())
                .uid("hunch/" + event.flow().key().app())
                .activity(count == enough ? Finding.Activity.CREATE : Finding.Activity.UPDATE)
                .score(Math.min(100, 50 + count))
                .evidence(List.of(new Evidence(Evidence.Family.CADENCE, "often", count, enough, 50, true)))
                .at(event.atMillis())
                .since(event.atMillis())
                .seen(count, 0)
                .finding();
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        heard.add(new Heard(
                event.device(),
                "told " + event.id(),
                event.timeMillis(),
                Thread.currentThread().getName()));
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {}

    @Override
    public void scores(Consumer<Score> scores) {}

    /** How often what happened, of all pairs of a device. */
    public int count(String device) {
        return counts.getOrDefault(device, Map.of()).values().stream()
                .mapToInt(each -> each)
                .sum();
    }

    @Override
    public List<String> devices() {
        return List.copyOf(counts.keySet());
    }

    @Override
    public Map<String, Long> held() {
        return Map.of("devices", (long) counts.size());
    }

    @Override
    public Map<String, Long> saturated() {
        return Map.of("devices", 0L);
    }

    @Override
    public boolean write(String device, DataOutput out) throws IOException {
        Map<String, Integer> of = counts.getOrDefault(device, Map.of());
        out.writeInt(of.size());
        for (Map.Entry<String, Integer> each : of.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeInt(each.getValue());
        }
        return !of.isEmpty();
    }

    @Override
    public void read(String device, DataInput in) throws IOException {
        Map<String, Integer> of = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            of.put(in.readUTF(), in.readInt());
        }
        counts.put(device, of);
    }

    @Override
    public void forget(String device) {
        counts.remove(device);
    }
}
