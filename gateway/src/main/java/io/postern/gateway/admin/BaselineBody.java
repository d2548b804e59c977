package io.postern.gateway.admin;

import io.postern.analytics.baseline.Subject;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/baselines/approve} and {@code reject}.
 *
 * @param version of the app that was looked at; empty: the newest that is about
 * @param entries their ids; empty: all that is proposed, provisional or expired
 * @param reviewBy the day on which it must be decided anew; empty: by the settings
 */
public record BaselineBody(
        Subject subject,
        OptionalLong version,
        Optional<Set<String>> entries,
        String reason,
        Optional<LocalDate> reviewBy) {

    private static final Set<String> MEMBERS = Set.of("app", "category", "version", "entries", "reason", "review_by");
    private static final String ALL = "all";

    /** Every problem at once. */
    static Reading<BaselineBody> read(byte[] body) {
        Problems problems = new Problems();
        Optional<JsonNode> document = JsonBody.read(body, MEMBERS, problems);
        if (document.isEmpty()) {
            return Reading.refused(problems, new Problems());
        }
        JsonNode members = document.get();
        if (members.has("app") == members.has("category")) {
            problems.add(JsonBody.wrong("", "must have app or category"));
        }
        String which = members.has("category") ? "category" : "app";
        check(problems, members, which, JsonBody::name, "must be a name");
        check(problems, members, "version", BaselineBody::version, "must be a whole number from 0 on");
        check(problems, members, "entries", BaselineBody::entries, "must be \"all\" or a list of ids, one at least");
        check(problems, members, "reason", JsonBody::reason, JsonBody.REASON);
        check(problems, members, "review_by", node -> date(node).isPresent(), "must be a day such as 2027-06-30");
        for (String needed : new String[] {"entries", "reason"}) {
            if (!members.has(needed)) {
                problems.add(JsonBody.wrong(needed, "is missing"));
            }
        }
        return problems.none()
                ? Reading.of(of(members, which), new Problems())
                : Reading.refused(problems, new Problems());
    }

    private static BaselineBody of(JsonNode members, String which) {
        String name = members.get(which).asString();
        JsonNode entries = members.get("entries");
        Set<String> ids = new LinkedHashSet<>();
        entries.forEach(id -> ids.add(id.asString()));
        return new BaselineBody(
                which.equals("app") ? Subject.app(name) : Subject.category(name),
                members.has("version") ? OptionalLong.of(members.get("version").asLong()) : OptionalLong.empty(),
                entries.isArray() ? Optional.of(ids) : Optional.empty(),
                members.get("reason").asString(),
                Optional.ofNullable(members.get("review_by")).flatMap(BaselineBody::date));
    }

    private static void check(
            Problems problems, JsonNode members, String member, Predicate<JsonNode> good, String what) {
        if (members.has(member) && !good.test(members.get(member))) {
            problems.add(JsonBody.wrong(member, what));
        }
    }

    private static boolean version(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.asLong() >= 0;
    }

    private static boolean entries(JsonNode node) {
        return (node.isString() && node.asString().equals(ALL))
                || (node.isArray() && !node.isEmpty() && node.valueStream().allMatch(JsonNode::isString));
    }

    private static Optional<LocalDate> date(JsonNode node) {
        try {
            return node.isString() ? Optional.of(LocalDate.parse(node.asString())) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
