package io.postern.gateway.quarantine;

import io.postern.analytics.flow.AppTag;
import io.postern.config.ResponseSettings;
import io.postern.gateway.quarantine.Quarantines.Result;
import io.postern.gateway.state.Ages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What words of rules come to: quarantines that begin, within the cap of an hour, and those that last longer. */
final class ByRules {

    private static final Logger LOG = LoggerFactory.getLogger(ByRules.class);

    /** An extension by less than this part of the time is not worth a write. */
    private static final int PART = 20;

    private final ResponseSettings.Quarantine settings;
    private final Standing standing;
    private final Ages ages;
    private final Consumer<Result> counts;
    private final HourlyCap cap;
    private long toldOfLimit = Long.MIN_VALUE;

    ByRules(
            ResponseSettings.Quarantine settings,
            Standing standing,
            Ages ages,
            LongSupplier nanos,
            Consumer<Result> counts) {
        this.settings = settings;
        this.standing = standing;
        this.ages = ages;
        this.counts = counts;
        this.cap = new HourlyCap(settings.perHour(), nanos);
    }

    /** One that was begun before this process. */
    void took(Quarantine one) {
        cap.took(one.scope().device(), ages.millis() - one.sinceMillis());
    }

    /** How many of the hour before now count against the cap. Any thread. */
    int withinHour() {
        return cap.taken();
    }

    /** Whether a rule's word would change anything. Any thread. */
    boolean due(AppTag tag, long now) {
        Optional<Quarantine> by = standing.of(tag, ages::millis);
        return by.isEmpty()
                || extension(by.get(), now) - by.get().untilMillis()
                        > settings.ttl().toMillis() / PART;
    }

    /** What a person has said lasts as that person has said. */
    private long extension(Quarantine one, long now) {
        return one.sticky() || !one.automatic()
                ? one.untilMillis()
                : Math.min(
                        now + settings.ttl().toMillis(),
                        one.sinceMillis() + settings.longest().toMillis());
    }

    /** As they are to be; not in force yet. For one thread at a time. */
    List<Quarantine> wanted(List<RuleWords.Word> batch, long now) {
        Map<Scope, Quarantine> changed = new LinkedHashMap<>();
        for (RuleWords.Word word : batch) {
            Optional<Quarantine> by = standing.of(word.tag(), ages::millis);
            if (by.isPresent()) {
                long until = extension(by.get(), now);
                if (until > by.get().untilMillis()) {
                    changed.putIfAbsent(by.get().scope(), by.get().extended(until));
                }
            } else {
                word.tag().apps().forEach(app -> begin(Scope.of(word.tag(), app), word.rule(), now, changed));
            }
        }
        return List.copyOf(changed.values());
    }

    private void begin(Scope scope, String rule, long now, Map<Scope, Quarantine> changed) {
        if (changed.containsKey(scope)) {
            return;
        }
        if (standing.size() + changed.size() >= settings.entries()) {
            refused(Result.FULL, rule, now);
        } else if (!cap.take(scope.device())) {
            refused(Result.OVER_LIMIT, rule, now);
        } else {
            changed.put(
                    scope,
                    Quarantine.begun(
                            scope,
                            "rule:" + rule,
                            true,
                            "By the rule " + rule + ".",
                            now,
                            now + settings.ttl().toMillis()));
            LOG.info("quarantine begun scope=\"{}\" rule={}", scope, rule);
        }
    }

    /** Told once a minute at most. */
    private void refused(Result why, String rule, long now) {
        counts.accept(why);
        if (now - toldOfLimit >= 60_000 || toldOfLimit == Long.MIN_VALUE) {
            toldOfLimit = now;
            LOG.warn(
                    "no quarantine begun result={} rule={} per-hour={}: its flows are ended and no more",
                    why.label(),
                    rule,
                    settings.perHour());
        }
    }
}
