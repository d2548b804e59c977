package io.postern.gateway.shadow;

import io.postern.analytics.flow.AppTag;
import io.postern.gateway.rules.Match;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * Counts, rule by rule, and of each app by app and device by device, the flows that would have been ended or slowed down at any time
 * of their life: at each flow's end. {@link ShadowBook} keeps it over restarts. Some 500 bytes a row. Thread-safe.
 */
public final class Shadow {

    /**
     * Rows of either kind; what comes beyond is counted under {@value #OTHERS} of its rule, and beyond twice as many not at all. When it is
     * full, rows that nothing was added to for long are counted there too and make room.
     */
    static final int MOST = 10_000;

    static final String OTHERS = "other";

    private final ShadowCounts apps = new ShadowCounts(MOST);
    private final ShadowCounts devices = new ShadowCounts(MOST);
    private final Clock clock;
    private volatile Instant since;

    /**
     * Flows of one app that one rule would have ended or slowed down.
     *
     * @param action what the rule asks for
     * @param mode in which it did not do it; shadow also outside of its stage
     * @param because why a finding only alerts; empty if its analytic is not to enforce
     * @param devices distinct ones, exactly up to eight, else some 5 % off
     */
    public record AppRow(
            String rule,
            String app,
            String action,
            String mode,
            String because,
            long flows,
            long devices,
            Instant first,
            Instant last) {}

    /**
     * The same of one device.
     *
     * @param apps distinct ones, as devices are counted
     */
    public record DeviceRow(
            String rule,
            String device,
            String action,
            String mode,
            String because,
            long flows,
            long apps,
            Instant first,
            Instant last) {}

    /** Either kind of row, which differ in what their columns are called. */
    private interface Form<R> {
        R row(
                String rule,
                String who,
                String action,
                String mode,
                String because,
                long flows,
                long others,
                Instant first,
                Instant last);
    }

    /**
     * What was counted up to now.
     *
     * @param since when counting began, in this process or one before it
     * @param rows what is most comes first
     */
    public record Report<R>(Instant since, Instant at, List<R> rows) {}

    public Shadow(Clock clock) {
        this.clock = clock;
        this.since = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A flow has ended that this rule would have ended or slowed down. */
    public void add(Match match, AppTag tag) {
        long now = clock.millis();
        apps.add(match, tag.app(), tag.device(), now);
        devices.add(match, tag.device(), tag.app(), now);
    }

    public Report<AppRow> byApp() {
        return report(
                apps,
                app -> app,
                AppRow::new,
                AppRow::flows,
                Comparator.comparing(AppRow::rule).thenComparing(AppRow::app));
    }

    /** @param called what devices are called */
    public Report<DeviceRow> byDevice(UnaryOperator<String> called) {
        return report(
                devices,
                device -> device.equals(OTHERS) ? device : called.apply(device),
                DeviceRow::new,
                DeviceRow::flows,
                Comparator.comparing(DeviceRow::rule).thenComparing(DeviceRow::device));
    }

    private <R> Report<R> report(
            ShadowCounts counts,
            UnaryOperator<String> called,
            Form<R> form,
            ToLongFunction<R> flows,
            Comparator<R> then) {
        return new Report<>(
                since,
                clock.instant(),
                counts.rows()
                        .map(row -> row(row, called, form))
                        .sorted(Comparator.comparingLong(flows).reversed().thenComparing(then))
                        .toList());
    }

    private static <R> R row(ShadowCounts.Row row, UnaryOperator<String> called, Form<R> form) {
        return form.row(
                row.key().rule(),
                called.apply(row.key().who()),
                label(row.key().action()),
                label(row.key().mode()),
                row.key().note(),
                row.flows(),
                row.others(),
                Instant.ofEpochMilli(row.firstMillis()),
                Instant.ofEpochMilli(row.lastMillis()));
    }

    private static String label(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    ShadowCounts apps() {
        return apps;
    }

    ShadowCounts devices() {
        return devices;
    }

    Instant since() {
        return since;
    }

    /** Counting began then, and not as this process did. */
    void since(Instant when) {
        since = when;
    }

    /** Rows. */
    public int size() {
        return apps.size() + devices.size();
    }

    /** Flows counted under nobody of their own, for want of room, at once or later. */
    public long turnedAway() {
        return apps.turnedAway() + devices.turnedAway();
    }
}
