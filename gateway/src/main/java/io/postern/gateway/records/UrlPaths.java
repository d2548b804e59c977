package io.postern.gateway.records;

import io.postern.config.PrivacySettings;
import io.postern.wire.http.RequestFacts;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * How much of a request's target may be kept: nothing, unless somebody answers for it and its last day is not over. Of personal profiles
 * {@link PersonalProfiles} leaves it out as well. Any thread.
 */
public final class UrlPaths {

    private final Optional<PrivacySettings.UrlPaths> settings;
    private final Clock clock;

    public UrlPaths(Optional<PrivacySettings.UrlPaths> settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Nothing of any. */
    public static UrlPaths none() {
        return new UrlPaths(Optional.empty(), Clock.systemUTC());
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
        if (settings.isEmpty() || target.isEmpty() || over()) {
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
