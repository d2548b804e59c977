package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Status;
import io.postern.gateway.http.Refused;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code GET /v1/findings} is asked for; what is absent asks nothing.
 *
 * @param leastScore what it comes to at least
 * @param since seen then or later
 * @param destination a name, {@code *.} and the end of names, or an address
 * @param before only those of a smaller number
 */
record FindingQuery(
        Optional<String> device,
        Optional<String> profile,
        Optional<String> app,
        Optional<String> analytic,
        double leastScore,
        Optional<Status> status,
        Optional<Instant> since,
        Optional<String> destination,
        Optional<String> campaign,
        int limit,
        long before) {

    static final List<String> FILTERS = List.of(
            "device",
            "profile",
            "app",
            "analytic",
            "severity",
            "min_score",
            "status",
            "since",
            "destination",
            "campaign");

    static FindingQuery of(Map<String, String> query) throws Refused {
        return new FindingQuery(
                text(query, "device"),
                text(query, "profile"),
                text(query, "app"),
                text(query, "analytic"),
                Math.max(severity(query), score(query)),
                status(query),
                since(query),
                text(query, "destination"),
                text(query, "campaign"),
                FlowQuery.limit(query),
                before(query));
    }

    private static Optional<String> text(Map<String, String> query, String name) {
        return Optional.ofNullable(query.get(name));
    }

    private static int severity(Map<String, String> query) throws Refused {
        Optional<String> asked = text(query, "severity");
        for (Finding.Severity one : Finding.Severity.values()) {
            if (asked.filter(one.name().toLowerCase(Locale.ROOT)::equals).isPresent()) {
                return one.from();
            }
        }
        if (asked.isPresent()) {
            throw refused("severity", "low, medium, high or critical: the least");
        }
        return 0;
    }

    private static int score(Map<String, String> query) throws Refused {
        String text = query.getOrDefault("min_score", "0");
        if (!text.matches("[0-9]{1,2}|100")) {
            throw refused("min_score", "a number from 0 to 100");
        }
        return Integer.parseInt(text);
    }

    private static Optional<Status> status(Map<String, String> query) throws Refused {
        Optional<String> asked = text(query, "status");
        Optional<Status> status = asked.flatMap(Status::of);
        if (asked.isPresent() && status.isEmpty()) {
            throw refused(
                    "status",
                    Arrays.stream(Status.values()).map(Status::label).collect(Collectors.joining(", ", "one of ", "")));
        }
        return status;
    }

    private static Optional<Instant> since(Map<String, String> query) throws Refused {
        try {
            return text(query, "since").map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw refused("since", "a time in UTC such as 2027-01-31T08:00:00Z");
        }
    }

    private static long before(Map<String, String> query) throws Refused {
        String text = query.getOrDefault("cursor", "f" + Long.MAX_VALUE);
        if (!text.matches("f[1-9][0-9]{0,18}")) {
            throw refused("cursor", "one that a page gave");
        }
        try {
            return Long.parseLong(text.substring(1));
        } catch (NumberFormatException tooLong) {
            throw refused("cursor", "one that a page gave");
        }
    }

    static String cursor(Kept last) {
        return "f" + last.number();
    }

    private static Refused refused(String parameter, String must) {
        return new Refused(HttpResponseStatus.BAD_REQUEST, parameter + " must be " + must);
    }

    boolean takes(Kept kept) {
        Finding finding = kept.finding();
        return same(device, finding.key().device())
                && same(profile, finding.key().profile())
                && same(app, finding.key().app())
                && same(analytic, finding.analytic())
                && finding.score() >= leastScore
                && status.filter(one -> one != kept.status()).isEmpty()
                && since.filter(one -> finding.atMillis() < one.toEpochMilli()).isEmpty()
                && goesTo(finding.destination())
                && same(campaign, kept.campaign());
    }

    /** Of no device and no app: who asks for one of those asks for no campaign. */
    boolean takes(Campaign one) {
        return device.isEmpty()
                && profile.isEmpty()
                && app.isEmpty()
                && analytic.isEmpty()
                && status.isEmpty()
                && one.score() >= leastScore
                && since.filter(time -> one.lastMillis() < time.toEpochMilli()).isEmpty()
                && goesTo(one.destination())
                && same(campaign, one.uid());
    }

    private static boolean same(Optional<String> wanted, String value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private boolean goesTo(String name) {
        if (destination.isEmpty()) {
            return true;
        }
        String wanted = destination.get().toLowerCase(Locale.ROOT);
        return wanted.startsWith("*.") ? name.endsWith(wanted.substring(1)) : name.equals(wanted);
    }
}
