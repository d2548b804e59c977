package io.postern.gateway.shadow;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.sketch.Distinct;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.rules.Match;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts, rule by rule and app by app, the flows that would have been ended or slowed down at any time of their life: at each
 * flow's end, since the gateway began. Some 500 bytes a row. Thread-safe.
 */
public final class Shadow {

    /** Rows; what comes beyond is counted under the app {@value #OTHERS} of its rule, and beyond twice as many not at all. */
    static final int MOST = 10_000;

    static final String OTHERS = "other";

    private final Map<Key, Count> counts = new ConcurrentHashMap<>();
    private final LongAdder turnedAway = new LongAdder();
    private final Clock clock;
    private final Instant since;

    private record Key(String rule, String note, Action action, Mode mode, String app) {}

    private static final class Count {
        private final Distinct devices = new Distinct();
        private long flows;
        private long firstMillis;
        private long lastMillis;

        synchronized void add(String device, long nowMillis) {
            firstMillis = flows == 0 ? nowMillis : firstMillis;
            lastMillis = nowMillis;
            flows++;
            devices.add(device);
        }

        synchronized Row row(Key key) {
            return new Row(
                    key.rule,
                    key.app,
                    key.action.name().toLowerCase(Locale.ROOT),
                    key.mode.name().toLowerCase(Locale.ROOT),
                    key.note,
                    flows,
                    devices.count(),
                    Instant.ofEpochMilli(firstMillis),
                    Instant.ofEpochMilli(lastMillis));
        }
    }

    /**
     * Flows of one app that one rule would have ended or slowed down.
     *
     * @param action what the rule asks for
     * @param mode in which it did not do it; shadow also outside of its stage
     * @param because why a finding only alerts; empty if its analytic is not to enforce
     * @param devices distinct ones, exactly up to eight, else some 5 % off
     */
    public record Row(
            String rule,
            String app,
            String action,
            String mode,
            String because,
            long flows,
            long devices,
            Instant first,
            Instant last) {}

    /** @param rows what is most comes first */
    public record Report(Instant since, Instant at, List<Row> rows) {}

    public Shadow(Clock clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    /** A flow has ended that this rule would have ended or slowed down. */
    public void add(Match match, AppTag tag) {
        Key key = key(match, tag.app());
        Count count = counts.get(key);
        if (count == null && counts.size() >= MOST) {
            turnedAway.increment();
            key = key(match, OTHERS);
            count = counts.get(key);
            if (count == null && counts.size() >= 2 * MOST) {
                return;
            }
        }
        (count == null ? counts.computeIfAbsent(key, unused -> new Count()) : count).add(tag.device(), clock.millis());
    }

    private static Key key(Match match, String app) {
        return new Key(match.rule(), match.note(), match.wanted(), match.mode(), app);
    }

    public Report report() {
        return new Report(
                since,
                clock.instant(),
                counts.entrySet().stream()
                        .map(each -> each.getValue().row(each.getKey()))
                        .sorted(Comparator.comparingLong(Row::flows)
                                .reversed()
                                .thenComparing(Row::rule)
                                .thenComparing(Row::app))
                        .toList());
    }

    public int size() {
        return counts.size();
    }

    /** Flows counted under no app of their own, for want of room. */
    public long turnedAway() {
        return turnedAway.sum();
    }
}
