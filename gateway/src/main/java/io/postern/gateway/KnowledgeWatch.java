package io.postern.gateway;

import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.Knowledge;
import io.postern.analytics.baseline.Baseline;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.flow.AppTag;
import io.postern.config.policy.Policy;
import io.postern.gateway.analytics.Homes;
import io.postern.gateway.rules.Judges;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Hands detection what is written down and what was learnt: at once when policy changes or somebody has decided of a baseline,
 * and every {@link #PERIOD}, for all that is remembered is weighed anew by it.
 */
final class KnowledgeWatch {

    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final Judges judges;
    private final Supplier<Baseline> baseline;
    private final LongSupplier decisions;
    private final int minDays;
    private final List<String> renewal;
    private final Function<AppTag, Build> builds;
    private final Clock clock;
    private long version;
    private volatile String words = "";
    private String policy = "";
    private long decided;
    private long nextMillis;

    /**
     * @param decisions goes up with every decision that is made of what was learnt
     * @param minDays after which what is in no baseline is news
     * @param renewal hosts that renew credentials, which every app may reach
     * @param builds of apps on their devices, as the inventory has them
     */
    KnowledgeWatch(
            Judges judges,
            Supplier<Baseline> baseline,
            LongSupplier decisions,
            int minDays,
            List<String> renewal,
            Function<AppTag, Build> builds,
            Clock clock) {
        this.renewal = renewal;
        this.builds = builds;
        this.judges = judges;
        this.baseline = baseline;
        this.decisions = decisions;
        this.minDays = minDays;
        this.clock = clock;
        // Not a number of the last run: what is remembered of then was weighed by other knowledge.
        this.version = clock.millis() / 1_000;
    }

    void look(Homes homes) {
        Policy now = judges.rules().policy();
        long millis = clock.millis();
        // Before the baseline is asked for: a decision that comes between is seen by the next look.
        long made = decisions.getAsLong();
        if (now.version().equals(policy)
                && made == decided
                && millis < nextMillis
                && millis >= nextMillis - PERIOD.toMillis()) {
            return;
        }
        policy = now.version();
        decided = made;
        nextMillis = millis + PERIOD.toMillis();
        Baseline learnt = baseline.get();
        Knowledge known = new Knowledge(
                ++version,
                learnt,
                learnt.learntDays() >= minDays,
                learnt.devices(),
                judges.rules().roles(renewal),
                builds);
        homes.each(detection -> {
            if (detection instanceof FiveAnalytics five) {
                five.knows(known);
            }
        });
        words = learnt.devices() == 0
                ? ""
                : version + " of " + Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * What findings rest on by now, as they say it: the number of the knowledge that was handed over last, and when its
     * baselines were read. Empty where nothing was learnt. Any thread may ask.
     */
    String version() {
        return words;
    }
}
