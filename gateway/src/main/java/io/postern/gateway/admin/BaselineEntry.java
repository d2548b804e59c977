package io.postern.gateway.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Subject;
import java.time.Instant;
import java.util.Optional;

/**
 * One thing learnt, as the API shows it. Of {@code app} and {@code category} one is there.
 *
 * @param value never trusted: a peer may have chosen it
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record BaselineEntry(
        Optional<String> app,
        Optional<String> category,
        String id,
        String trait,
        String value,
        String situation,
        String standing,
        int devices,
        int days,
        long flows,
        String firstSeen,
        String lastSeen,
        Optional<Decided> decision) {

    /** What somebody has said of it. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Decided(
            boolean approved,
            String by,
            String at,
            String reason,
            Optional<Long> version,
            Optional<String> signer,
            Optional<String> reviewBy) {}

    static BaselineEntry of(Subject subject, Known known) {
        return new BaselineEntry(
                name(subject, Subject.Kind.APP),
                name(subject, Subject.Kind.CATEGORY),
                known.id(),
                known.trait().label(),
                known.text(),
                known.situation().label(),
                known.standing().label(),
                known.devices(),
                known.days(),
                known.flows(),
                time(known.firstMillis()),
                time(known.lastMillis()),
                known.decision()
                        .map(decision -> new Decided(
                                decision.approved(),
                                decision.by(),
                                time(decision.atMillis()),
                                decision.reason(),
                                version(decision.build()),
                                signer(decision.build()),
                                decision.reviewByMillis() > 0
                                        ? Optional.of(time(decision.reviewByMillis()))
                                        : Optional.empty())));
    }

    static Optional<String> name(Subject subject, Subject.Kind kind) {
        return subject.kind() == kind ? Optional.of(subject.name()) : Optional.empty();
    }

    static Optional<Long> version(Build build) {
        return build.version() >= 0 ? Optional.of(build.version()) : Optional.empty();
    }

    static Optional<String> signer(Build build) {
        return build.signer().isEmpty() ? Optional.empty() : Optional.of(build.signer());
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
