package io.postern.gateway.records;

import io.postern.config.PrivacySettings;
import io.postern.wire.http.RequestFacts;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How much of a request's target may be kept: nothing, unless it is recorded who answers for it and its last day is not over. Of personal profiles
 * {@link PersonalProfiles} leaves it out as well. Any thread.
 */
public final class UrlPaths {

    private final Optional<PrivacySettings.UrlPaths> settings;
    private final Clock clock;
    private final BooleanSupplier recorded;

    /** @param recorded whether the audit log says who answers for it */
    public UrlPaths(Optional<PrivacySettings.UrlPaths> settings, Clock clock, BooleanSupplier recorded) {
        this.settings = settings;
        this.clock = clock;
        this.recorded = recorded;
    }

    /** Nothing of any. */
    public static UrlPaths none() {
        return new UrlPaths(Optional.empty(), Clock.systemUTC(), () -> false);
    }

    /** Of a request whose head was read. */
    public Optional<String> of(RequestFacts request) {
        return kept(request.target());
    }

    /** Of a request by its target as it was sent, in origin or absolute form. */
    public Optional<String> of(String sent) {
        return kept(settings.isEmpty() ? "" : RequestFacts.target(sent));
    }

    private Optional<String> kept(String target) {
        if (settings.isEmpty() || target.isEmpty() || !recorded.getAsBoolean() || over()) {
            return Optional.empty();
        }
        int query = target.indexOf('?');
        return Optional.of(query < 0 || settings.get().queries() ? target : target.substring(0, query));
    }

    private boolean over() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
                .isAfter(settings.orElseThrow().until());
    }
}
