package io.postern.gateway.whatif;

import io.postern.analytics.Verdict;
import io.postern.analytics.Verdict.Action;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Question;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What another policy changes, counted. Bounded: what is beyond the most rows is counted together. */
final class Comparison {

    /** Of each table. */
    static final int MOST_ROWS = 100_000;

    /** Told apart in one row. */
    static final int MOST_DEVICES = 100_000;

    private static final String OTHERS = "others";

    /** What becomes of a flow that got something else before. */
    enum Change {
        BLOCKED,
        THROTTLED,
        ALERTED,
        ALLOWED;

        static Change of(Action now) {
            return switch (now) {
                case ALLOW -> ALLOWED;
                case ALERT -> ALERTED;
                case THROTTLE -> THROTTLED;
                case BLOCK, QUARANTINE -> BLOCKED;
            };
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Key(Change change, String app, String rule) {}

    private static final class Count {
        private long flows;
        private final Set<String> devices = new HashSet<>();

        void add(String device) {
            flows++;
            if (devices.size() < MOST_DEVICES) {
                devices.add(device);
            }
        }
    }

    private final Map<Key, Count> rows = new HashMap<>();
    private final Map<String, Map<Change, Long>> byDevice = new HashMap<>();
    private final Map<Change, Long> totals = new HashMap<>();

    void add(Question question, Decision before, Decision after) {
        Action was = before.verdict().action();
        Action is = after.verdict().action();
        if (was == is || (was.ends() && is.ends())) {
            return;
        }
        Change change = Change.of(is);
        // What says no, or what said no until now.
        Verdict said = is.compareTo(was) > 0 ? after.verdict() : before.verdict();
        totals.merge(change, 1L, Long::sum);
        Key wanted = new Key(change, question.tag().app(), said.reason());
        Key key = rows.size() < MOST_ROWS || rows.containsKey(wanted) ? wanted : new Key(change, OTHERS, OTHERS);
        rows.computeIfAbsent(key, unused -> new Count()).add(question.tag().device());
        String device = question.tag().device();
        byDevice.computeIfAbsent(
                        byDevice.size() < MOST_ROWS || byDevice.containsKey(device) ? device : OTHERS,
                        unused -> new HashMap<>())
                .merge(change, 1L, Long::sum);
    }

    long total(Change change) {
        return totals.getOrDefault(change, 0L);
    }

    /** What is most comes first. */
    List<WhatIf.Row> rows() {
        return rows.entrySet().stream()
                .map(each -> new WhatIf.Row(
                        each.getKey().change.label(),
                        each.getKey().app,
                        each.getKey().rule,
                        each.getValue().flows,
                        each.getValue().devices.size()))
                .sorted(Comparator.comparingLong(WhatIf.Row::flows)
                        .reversed()
                        .thenComparing(WhatIf.Row::app)
                        .thenComparing(WhatIf.Row::rule))
                .toList();
    }

    List<WhatIf.Device> devices(UnaryOperator<String> called) {
        return byDevice.entrySet().stream()
                .map(each -> new WhatIf.Device(
                        called.apply(each.getKey()),
                        count(each.getValue(), Change.BLOCKED),
                        count(each.getValue(), Change.THROTTLED),
                        count(each.getValue(), Change.ALERTED),
                        count(each.getValue(), Change.ALLOWED)))
                .sorted(Comparator.comparingLong(WhatIf.Device::changed)
                        .reversed()
                        .thenComparing(WhatIf.Device::device))
                .toList();
    }

    private static long count(Map<Change, Long> of, Change change) {
        return of.getOrDefault(change, 0L);
    }
}
