package io.postern.gateway.shadow;

import io.postern.analytics.Verdict.Action;
import io.postern.analytics.sketch.Distinct;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.rules.Match;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** Flows by rule and by who had them, and what of that is to be stored. Thread-safe. */
final class ShadowCounts {

    private final Map<Key, Count> counts = new ConcurrentHashMap<>();
    private final LongAdder turnedAway = new LongAdder();
    private final int most;

    record Key(String rule, String note, Action action, Mode mode, String who) {
        static Key of(Match match, String who) {
            return new Key(match.rule(), match.note(), match.wanted(), match.mode(), who);
        }

        boolean ofOthers() {
            return who.equals(Shadow.OTHERS);
        }

        Key toOthers() {
            return new Key(rule, note, action, mode, Shadow.OTHERS);
        }
    }

    /** @param others distinct ones of the other kind */
    record Row(Key key, long flows, long others, long firstMillis, long lastMillis) {}

    private static final class Count {
        private final Distinct others;
        private long flows;
        private long firstMillis;
        private long lastMillis;
        private boolean changed;

        Count() {
            others = new Distinct();
        }

        Count(ShadowBytes.Stored stored) {
            others = stored.others();
            flows = stored.flows();
            firstMillis = stored.firstMillis();
            lastMillis = stored.lastMillis();
        }

        synchronized void add(String other, long nowMillis) {
            firstMillis = flows == 0 ? nowMillis : firstMillis;
            // By a clock that was set back a row must not look long untouched.
            lastMillis = Math.max(lastMillis, nowMillis);
            flows++;
            others.add(other);
            changed = true;
        }

        /** @param gone that nothing is added to any more */
        synchronized void join(Count gone) {
            firstMillis = flows == 0 ? gone.firstMillis : Math.min(firstMillis, gone.firstMillis);
            lastMillis = Math.max(lastMillis, gone.lastMillis);
            flows += gone.flows;
            others.join(gone.others);
            changed = true;
        }

        synchronized void uncount(String other) {
            changed |= others.remove(other);
        }

        synchronized Optional<byte[]> takeChanged() {
            if (!changed) {
                return Optional.empty();
            }
            changed = false;
            return Optional.of(ShadowBytes.write(new ShadowBytes.Stored(flows, firstMillis, lastMillis, others)));
        }

        synchronized void changed() {
            changed = true;
        }

        synchronized boolean olderThan(long millis) {
            return lastMillis < millis;
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
        if (!counts.containsKey(key) && counts.size() >= most) {
            turnedAway.increment();
            key = key.toOthers();
            if (!counts.containsKey(key) && counts.size() >= 2 * most) {
                return;
            }
        }
        // Inside, so that nothing is added to a row that has gone.
        counts.compute(key, (same, known) -> {
            Count count = known == null ? new Count() : known;
            count.add(other, nowMillis);
            return count;
        });
    }

    /**
     * When it is full a tenth makes room and is counted under {@link Shadow#OTHERS}: rows that were not added to since then, those first
     * that were not for longest.
     *
     * @return which they were
     */
    List<Key> makeRoom(long beforeMillis) {
        if (counts.size() < most) {
            return List.of();
        }
        List<Key> gone = rows().filter(
                        row -> row.lastMillis() < beforeMillis && !row.key().ofOthers())
                .sorted(Comparator.comparingLong(Row::lastMillis))
                .limit(counts.size() - most + Math.max(1, most / 10))
                .map(Row::key)
                .toList();
        for (Key key : gone) {
            Count count = counts.remove(key);
            if (count != null) {
                turnedAway.add(count.row(key).flows());
                counts.computeIfAbsent(key.toOthers(), unused -> new Count()).join(count);
            }
        }
        return gone;
    }

    /** One of the other kind is among the distinct ones no more, where they are counted exactly. */
    void uncount(String other) {
        counts.values().forEach(count -> count.uncount(other));
    }

    Stream<Row> rows() {
        return counts.entrySet().stream().map(each -> each.getValue().row(each.getKey()));
    }

    /** As it was stored; what there is no room for is not taken. */
    boolean restore(Key key, ShadowBytes.Stored stored) {
        if (counts.size() >= 2 * most) {
            return false;
        }
        counts.put(key, new Count(stored));
        return true;
    }

    /** Each row that has changed since it was asked last, as it is to be stored. */
    Map<Key, byte[]> takeChanged() {
        Map<Key, byte[]> changed = new HashMap<>();
        counts.forEach((key, count) -> count.takeChanged().ifPresent(bytes -> changed.put(key, bytes)));
        return changed;
    }

    /** They could not be stored. */
    void putBack(Collection<Key> changed) {
        for (Key key : changed) {
            Count count = counts.get(key);
            if (count != null) {
                count.changed();
            }
        }
    }

    /** Rows of somebody are gone, and which they were. */
    List<Key> forget(String who) {
        return drop((key, count) -> key.who().equals(who));
    }

    /** The same of rows to which nothing was added since. */
    List<Key> forget(long beforeMillis) {
        return drop((key, count) -> count.olderThan(beforeMillis));
    }

    private List<Key> drop(BiPredicate<Key, Count> which) {
        List<Key> gone = new ArrayList<>();
        counts.entrySet().removeIf(each -> {
            boolean goes = which.test(each.getKey(), each.getValue());
            if (goes) {
                gone.add(each.getKey());
            }
            return goes;
        });
        return gone;
    }

    int size() {
        return counts.size();
    }

    long turnedAway() {
        return turnedAway.sum();
    }
}
