package io.postern.gateway.coverage;

import io.postern.analytics.context.FactKind;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ContextSettings;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.context.Known;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts, for every flow that begins, what is known of its device and app then, and what that lets each analytic see: over the
 * last {@value #HOURS} hours, by whole hours, and since the start. What detection is not told of is taken back when it ends: it
 * counts in the hour in which it began. A few microseconds a flow. Thread-safe.
 */
public final class Coverage {

    static final int HOURS = 24;

    /** In place of what {@link #opened} said, of a flow that it was not told of. */
    public static final long UNCOUNTED = -1;

    /** Of what {@link #opened} says of a flow: two bits for each analytic, below the number of its hour. */
    private static final int SIGHT_BITS = 2;

    private static final Sight[] SIGHTS = Sight.values();
    private static final int HOUR_SHIFT = Need.values().length * SIGHT_BITS;
    /** What is missing is the flow itself, and no fact. */
    private static final String FLOW = "flow";

    private static final FactKind[] KINDS = FactKind.values();
    private static final Need[] NEEDS = Need.values();
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
    private static final Set<FactKind> OF_APPS = EnumSet.of(
            FactKind.APP_STATE,
            FactKind.BACKGROUND_START,
            FactKind.PROTECTED_RESOURCE,
            FactKind.CRYPTO,
            FactKind.STAGING,
            FactKind.INVENTORY);

    private final Optional<DeviceContexts> contexts;
    private final Set<FactKind> reported = EnumSet.noneOf(FactKind.class);
    private final Set<String> off;
    private final BiConsumer<FactKind, Known> visibility;
    private final Clock clock;
    private final Instant start;
    private final Tally all = new Tally();
    private final AtomicReferenceArray<@Nullable Hour> hours = new AtomicReferenceArray<>(HOURS + 1);

    private record Hour(long number, Tally tally) {}

    /**
     * @param contexts absent where there is no source at all
     * @param off analytics that judge nothing
     * @param visibility told of every kind of fact at every flow
     */
    public Coverage(
            Optional<DeviceContexts> contexts,
            Optional<ContextSettings> settings,
            Set<String> off,
            BiConsumer<FactKind, Known> visibility,
            Clock clock) {
        this.contexts = contexts;
        this.off = Set.copyOf(off);
        this.visibility = visibility;
        this.clock = clock;
        this.start = clock.instant();
        settings.ifPresent(context -> context.sources().forEach(source -> reported.addAll(source.promises())));
    }

    /**
     * A flow begins.
     *
     * @return what was counted of it, for {@link #unheard}
     */
    @SuppressWarnings("EnumOrdinal") // Nothing of it outlives the process.
    public long opened(AppTag tag) {
        long now = clock.millis();
        Optional<Map<FactKind, Known>> known = contexts.map(each -> each.known(tag, now));
        Tally hour = hour(now);
        all.flow();
        hour.flow();
        Set<FactKind> missing = EnumSet.noneOf(FactKind.class);
        for (FactKind kind : KINDS) {
            Known how =
                    known.map(facts -> facts.getOrDefault(kind, Known.ABSENT)).orElse(Known.ABSENT);
            visibility.accept(kind, how);
            Optional<Gap> gap = gap(kind, tag, how);
            if (gap.isPresent()) {
                missing.add(kind);
                all.gap(kind, gap.get());
                hour.gap(kind, gap.get());
            }
        }
        long counted = Math.floorDiv(now, HOUR_MILLIS);
        for (Need need : NEEDS) {
            Sight sight = sight(need, tag, missing);
            all.sight(need, sight);
            hour.sight(need, sight);
            counted = counted << SIGHT_BITS | sight.ordinal();
        }
        return counted;
    }

    /**
     * Detection had no room to hear of a flow that has ended: it was not judged, whatever was known of it.
     *
     * @param counted as {@link #opened} said
     * @param partly whether something of it was told while it lived
     */
    public void unheard(long counted, boolean partly) {
        if (counted == UNCOUNTED) {
            return;
        }
        unheard(all, counted, partly);
        @Nullable Hour hour = hours.get((int) Math.floorMod(counted >> HOUR_SHIFT, (long) HOURS + 1));
        if (hour != null && hour.number == counted >> HOUR_SHIFT) {
            unheard(hour.tally, counted, partly);
        }
    }

    private static void unheard(Tally tally, long counted, boolean partly) {
        tally.unheard();
        for (int i = 0; i < NEEDS.length; i++) {
            int shift = (NEEDS.length - 1 - i) * SIGHT_BITS;
            Sight before = SIGHTS[(int) (counted >> shift) & ((1 << SIGHT_BITS) - 1)];
            tally.sight(NEEDS[i], before, partly && before != Sight.BLIND ? Sight.DEGRADED : Sight.BLIND);
        }
    }

    private Sight sight(Need need, AppTag tag, Set<FactKind> missing) {
        if (off.contains(need.name())) {
            return Sight.BLIND;
        }
        if (!tag.attributed() || (need.ofFactsAlone() && missing.containsAll(need.facts()))) {
            return Sight.BLIND;
        }
        return tag.app().equals(AppTag.NOBODY) || !Collections.disjoint(need.facts(), missing)
                ? Sight.DEGRADED
                : Sight.FULL;
    }

    private Optional<Gap> gap(FactKind fact, AppTag tag, Known how) {
        if (!tag.attributed()) {
            return Optional.of(Gap.UNATTRIBUTED);
        }
        if (how != Known.ABSENT && tag.app().equals(AppTag.NOBODY) && OF_APPS.contains(fact)) {
            return Optional.of(Gap.APP_UNKNOWN);
        }
        return switch (how) {
            case FRESH -> Optional.empty();
            case STALE -> Optional.of(Gap.SOURCE_SILENT);
            case ABSENT -> Optional.of(reported.contains(fact) ? Gap.DEVICE_WITHOUT_SOURCE : Gap.NEVER_REPORTED);
        };
    }

    private Tally hour(long nowMillis) {
        long number = Math.floorDiv(nowMillis, HOUR_MILLIS);
        int place = (int) Math.floorMod(number, (long) HOURS + 1);
        @Nullable Hour before = hours.get(place);
        while (before == null || before.number != number) {
            Hour fresh = new Hour(number, new Tally());
            if (hours.compareAndSet(place, before, fresh)) {
                return fresh.tally;
            }
            before = hours.get(place);
        }
        return before.tally;
    }

    /**
     * What was counted.
     *
     * @param at when this was told
     */
    public record Report(Instant at, List<Span> spans) {}

    /** @param flows that began from {@code from} to {@code to} */
    public record Span(String name, Instant from, Instant to, long flows, List<Analytic> analytics) {}

    /** Shares are of the span's flows, from 0 to 1; all 0 where there were none. */
    public record Analytic(String analytic, double full, double degraded, double blind, List<Missing> missing) {}

    /** @param flows for which the fact was not known, or which were not judged, for this reason */
    public record Missing(String fact, String reason, long flows) {}

    public Report report() {
        Instant now = clock.instant();
        long current = Math.floorDiv(now.toEpochMilli(), HOUR_MILLIS);
        Tally recent = new Tally();
        for (int i = 0; i < hours.length(); i++) {
            @Nullable Hour hour = hours.get(i);
            if (hour != null && hour.number > current - HOURS && hour.number <= current) {
                recent.add(hour.tally);
            }
        }
        Instant from = Instant.ofEpochMilli((current - HOURS + 1) * HOUR_MILLIS);
        return new Report(
                now,
                List.of(
                        span("last-24h", from.isAfter(start) ? from : start, now, recent),
                        span("since-start", start, now, all)));
    }

    /** What was counted in one whole hour, of the last {@value #HOURS}; empty where nothing began in it. */
    Optional<Span> hour(long number, Instant now) {
        @Nullable Hour hour = hours.get((int) Math.floorMod(number, (long) HOURS + 1));
        if (hour == null || hour.number != number) {
            return Optional.empty();
        }
        Instant from = Instant.ofEpochMilli(number * HOUR_MILLIS);
        Instant end = from.plusMillis(HOUR_MILLIS);
        return Optional.of(span("hour", from.isAfter(start) ? from : start, end.isBefore(now) ? end : now, hour.tally));
    }

    static long hourOf(Instant time) {
        return Math.floorDiv(time.toEpochMilli(), HOUR_MILLIS);
    }

    /** When this began to count. */
    Instant start() {
        return start;
    }

    private Span span(String name, Instant from, Instant to, Tally tally) {
        List<Analytic> analytics = new ArrayList<>();
        for (Need need : Need.values()) {
            List<Missing> missing = new ArrayList<>();
            long judged = off.contains(need.name()) ? 0 : tally.flows();
            missing(missing, FLOW, Gap.SWITCHED_OFF, tally.flows() - judged);
            missing(missing, FLOW, Gap.DETECTION_FULL, Math.min(judged, tally.unheardOf()));
            for (FactKind fact : need.facts()) {
                for (Gap gap : Gap.values()) {
                    missing(missing, fact.label(), gap, tally.gaps(fact, gap));
                }
            }
            analytics.add(new Analytic(
                    need.name(),
                    share(tally, need, Sight.FULL),
                    share(tally, need, Sight.DEGRADED),
                    share(tally, need, Sight.BLIND),
                    missing));
        }
        return new Span(name, from, to, tally.flows(), analytics);
    }

    private static void missing(List<Missing> to, String what, Gap why, long flows) {
        if (flows > 0) {
            to.add(new Missing(what, why.label(), flows));
        }
    }

    private static double share(Tally tally, Need need, Sight sight) {
        return tally.flows() == 0 ? 0 : (double) tally.sights(need, sight) / tally.flows();
    }
}
