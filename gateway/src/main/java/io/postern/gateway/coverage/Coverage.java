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
 * last {@value #HOURS} hours, by whole hours, and since the start. A few microseconds a flow. Thread-safe.
 */
public final class Coverage {

    static final int HOURS = 24;

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
    private final BiConsumer<FactKind, Known> visibility;
    private final Clock clock;
    private final Instant start;
    private final Tally all = new Tally();
    private final AtomicReferenceArray<@Nullable Hour> hours = new AtomicReferenceArray<>(HOURS + 1);

    private record Hour(long number, Tally tally) {}

    /**
     * @param contexts absent where there is no source at all
     * @param visibility told of every kind of fact at every flow
     */
    public Coverage(
            Optional<DeviceContexts> contexts,
            Optional<ContextSettings> settings,
            BiConsumer<FactKind, Known> visibility,
            Clock clock) {
        this.contexts = contexts;
        this.visibility = visibility;
        this.clock = clock;
        this.start = clock.instant();
        settings.ifPresent(context -> context.sources().forEach(source -> reported.addAll(source.promises())));
    }

    /** A flow begins. */
    public void opened(AppTag tag) {
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
        for (Need need : NEEDS) {
            Sight sight = sight(need, tag, missing);
            all.sight(need, sight);
            hour.sight(need, sight);
        }
    }

    private static Sight sight(Need need, AppTag tag, Set<FactKind> missing) {
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

    /** @param flows for which the fact was not known, for this reason */
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

    private static Span span(String name, Instant from, Instant to, Tally tally) {
        List<Analytic> analytics = new ArrayList<>();
        for (Need need : Need.values()) {
            List<Missing> missing = new ArrayList<>();
            for (FactKind fact : need.facts()) {
                for (Gap gap : Gap.values()) {
                    long flows = tally.gaps(fact, gap);
                    if (flows > 0) {
                        missing.add(new Missing(fact.label(), gap.label(), flows));
                    }
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

    private static double share(Tally tally, Need need, Sight sight) {
        return tally.flows() == 0 ? 0 : (double) tally.sights(need, sight) / tally.flows();
    }
}
