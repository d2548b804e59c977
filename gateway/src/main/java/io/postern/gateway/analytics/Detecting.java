package io.postern.gateway.analytics;

import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.KeyRoom;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.detect.Detection;
import io.postern.config.AnalyticsSettings;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What flows are watched with.
 *
 * @param detections one for each home, by the seed of its hashes
 * @param sink where findings go
 */
public record Detecting(HomeSettings settings, LongFunction<? extends Detection> detections, FindingSink sink) {

    /** The five; absent when all of them are off, and then no flow is told of. */
    public static Optional<Detecting> five(AnalyticsSettings settings, FindingSink sink) {
        KeyRoom room = settings.keys() > 0
                ? new KeyRoom(settings.keys())
                : KeyRoom.of(Runtime.getRuntime().maxMemory());
        return five(settings.knobs(), room, sink);
    }

    /**
     * The same by their knobs.
     *
     * @param room for keys, which all homes share
     */
    public static Optional<Detecting> five(Settings settings, KeyRoom room, FindingSink sink) {
        boolean any = FiveAnalytics.all(settings).stream()
                .anyMatch(each -> !settings.off().contains(each.id()));
        return any
                ? Optional.of(new Detecting(
                        HomeSettings.on(Runtime.getRuntime().availableProcessors()),
                        seed -> new FiveAnalytics(settings.seeded(seed), room),
                        sink))
                : Optional.empty();
    }
}
