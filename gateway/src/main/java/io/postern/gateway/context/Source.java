package io.postern.gateway.context;

import io.postern.analytics.context.ContextEvent;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.config.ContextSettings;
import io.postern.gateway.facts.NativeEvents;
import io.postern.gateway.facts.UidMap;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One source: what it may say, and how much. For the listener's thread. */
final class Source {

    /** Ours: what comes later than this was not told at once, whatever is said of it. */
    static final Duration LATE = Duration.ofMinutes(5);

    private static final String IN_APP = "/in-app";

    private final ContextSettings.Source settings;
    private final Devices devices;
    private final NativeEvents reader;
    private final Rate rate;
    private final BiConsumer<EventName, EventResult> counts;
    private final UidMap uids = new UidMap();
    private volatile long lagMillis;

    Source(ContextSettings.Source settings, BiConsumer<EventName, EventResult> counts) {
        this.settings = settings;
        this.devices = new Devices(settings.devices());
        this.reader = new NativeEvents(Optional.of(settings.name()));
        this.rate = new Rate(settings.rate(), System.nanoTime());
        this.counts = counts;
    }

    ContextSettings.Source settings() {
        return settings;
    }

    String name() {
        return settings.name();
    }

    /**
     * Its name for what it tells by OpenTelemetry. An SDK sees its own app only, so its silence promises nothing of others:
     * no source of the settings has such a name, so none declared anything under it.
     */
    String inApp() {
        return settings.name() + IN_APP;
    }

    /** The name in the settings of whom an event is from. */
    static String ofEvent(ContextEvent event) {
        int end = event.source().indexOf('/');
        return end < 0 ? event.source() : event.source().substring(0, end);
    }

    /** Of its devices, as it told by Android Management. */
    UidMap uids() {
        return uids;
    }

    NativeEvents reader() {
        return reader;
    }

    Rate rate() {
        return rate;
    }

    void count(EventName event, EventResult result) {
        counts.accept(event, result);
    }

    /** What was well and means nothing here; it is paid for like the others. */
    void unused(int events) {
        rate.spend(events);
        for (int i = 0; i < events; i++) {
            count(EventName.OTHER, EventResult.UNUSED);
        }
    }

    /** How late its last event came, in milliseconds. */
    long lagMillis() {
        return lagMillis;
    }

    void lag(long millis) {
        lagMillis = Math.max(0, millis);
    }

    boolean speaksFor(String device) {
        return devices.hold(device);
    }

    boolean reports(ContextEvent.Said said) {
        return said instanceof Heartbeat heartbeat
                ? settings.reports().containsAll(heartbeat.reports())
                : settings.reports().contains(said.kind());
    }
}
