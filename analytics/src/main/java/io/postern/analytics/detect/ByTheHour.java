package io.postern.analytics.detect;

import io.postern.analytics.Evidence;
import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.detect.Finding.Activity;
import io.postern.analytics.detect.Finding.Severity;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Has a method of batches judge connections as they stream by: each hour, over its window until then, of every app and
 * destination that has had something new. A finding stands while its score does.
 */
final class ByTheHour implements Detection {

    /** Pairs it remembers; beyond that the one that was quiet longest goes. */
    static final int MOST_PAIRS = 65_536;

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final int WEIGHT = 50;

    /** A method: 0 to 100 for what one app and one destination did from one time to the other. */
    interface Method {
        double score(Connections connections, long fromMillis, long toMillis);
    }

    private record Pair(AppKey key, String destination) {}

    private final String name;
    private final long window;
    private final double worthTelling;
    private final Method method;
    private final LinkedHashMap<Pair, Connections> pairs = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Pair, Connections> eldest) {
            return size() > MOST_PAIRS;
        }
    };

    private long began = Long.MIN_VALUE;
    private long due = Long.MAX_VALUE;

    ByTheHour(String name, Duration window, double worthTelling, Method method) {
        this.name = name;
        this.window = window.toMillis();
        this.worthTelling = worthTelling;
        this.method = method;
    }

    @Override
    public void observe(FlowEvent event, Consumer<Finding> findings) {
        reached(event.atMillis(), findings);
        if (event instanceof FlowEvent.Closed closed && closed.outcome() != Outcome.REFUSED) {
            Pair pair = new Pair(event.flow().key(), event.flow().destination().name());
            pairs.computeIfAbsent(pair, unseen -> new Connections())
                    .add(event.flow().startMillis(), closed.bytesOut(), closed.bytesIn());
        }
    }

    @Override
    public void told(ContextEvent event, Consumer<Finding> findings) {
        // It knows of no context: that is what it is compared for.
    }

    @Override
    public void reached(long atMillis, Consumer<Finding> findings) {
        if (began == Long.MIN_VALUE) {
            began = atMillis;
            due = atMillis - Math.floorMod(atMillis, HOUR) + HOUR;
        }
        while (due <= atMillis) {
            judge(due, findings);
            // Nothing can have happened in the hours between.
            due = Math.max(due + HOUR, atMillis - Math.floorMod(atMillis, HOUR));
        }
    }

    private void judge(long at, Consumer<Finding> findings) {
        long from = Math.max(began, at - window);
        for (var each = pairs.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Pair, Connections> entry = each.next();
            Connections connections = entry.getValue();
            connections.forgetBefore(from);
            if (connections.changed) {
                connections.changed = false;
                connections.score = connections.count() == 0 ? 0 : method.score(connections, from, at);
                tell(entry.getKey(), connections, at, findings);
            }
            if (connections.count() == 0) {
                each.remove();
            }
        }
    }

    private void tell(Pair pair, Connections connections, long at, Consumer<Finding> findings) {
        Severity severity = Severity.of(connections.score);
        boolean stands = connections.score >= worthTelling;
        if (stands ? severity == connections.told : connections.told == null) {
            return;
        }
        Activity activity = connections.told == null ? Activity.CREATE : stands ? Activity.UPDATE : Activity.CLOSE;
        if (stands) {
            connections.told = severity;
        } else {
            connections.told = null;
        }
        findings.accept(finding(pair, connections, activity, at));
    }

    private Finding finding(Pair pair, Connections connections, Activity activity, long at) {
        AppKey key = pair.key();
        return Finding.of(name, key, pair.destination())
                .uid(name + '/' + key.device() + '/' + key.profile() + '/' + key.app() + '/' + pair.destination())
                .activity(activity)
                .score(connections.score)
                .evidence(List.of(new Evidence(
                        Evidence.Family.CADENCE, name + "-score", connections.score, worthTelling, WEIGHT, true)))
                .at(at)
                .since(connections.count() == 0 ? at : connections.atMillis(0))
                .seen(connections.count(), connections.bytesOut())
                .finding();
    }

    @Override
    public void scores(Consumer<Score> scores) {
        pairs.forEach((pair, connections) ->
                scores.accept(new Score(pair.key(), pair.destination(), name, connections.score, connections.count())));
    }
}
