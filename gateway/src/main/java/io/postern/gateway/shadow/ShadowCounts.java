package io.postern.gateway.shadow;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.sketch.Distinct;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.rules.Match;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Flows by rule and by who had them. Thread-safe. */
final class ShadowCounts {

    private final Map<Key, Count> counts = new ConcurrentHashMap<>();
    private final LongAdder turnedAway = new LongAdder();
    private final int most;

    record Key(String rule, String note, Action action, Mode mode, String who) {
        static Key of(Match match, String who) {
            return new Key(match.rule(), match.note(), match.wanted(), match.mode(), who);
        }
    }

    /** @param others distinct ones of the other kind */
    record Row(Key key, long flows, long others, long firstMillis, long lastMillis) {}

    private static final class Count {
        private final Distinct others = new Distinct();
        private long flows;
        private long firstMillis;
        private long lastMillis;

        synchronized void add(String other, long nowMillis) {
            firstMillis = flows == 0 ? nowMillis : firstMillis;
            lastMillis = nowMillis;
            flows++;
            others.add(other);
        }

        synchronized Row row(Key key) {
            return new Row(key, flows, others.count(), firstMillis, lastMillis);
        }
    }

    /** @param most rows; beyond it is counted under {@link Shadow#OTHERS}, beyond twice as many not at all */
    ShadowCounts(int most) {
        this.most = most;
    }

    void add(Match match, String who, String other, long nowMillis) {
        Key key = Key.of(match, who);
        Count count = counts.get(key);
        if (count == null && counts.size() >= most) {
            turnedAway.increment();
            key = Key.of(match, Shadow.OTHERS);
            count = counts.get(key);
            if (count == null && counts.size() >= 2 * most) {
                return;
            }
        }
        (count == null ? counts.computeIfAbsent(key, unused -> new Count()) : count).add(other, nowMillis);
    }

    Stream<Row> rows() {
        return counts.entrySet().stream().map(each -> each.getValue().row(each.getKey()));
    }

    void forget(String who) {
        counts.keySet().removeIf(key -> key.who().equals(who));
    }

    int size() {
        return counts.size();
    }

    long turnedAway() {
        return turnedAway.sum();
    }
}
