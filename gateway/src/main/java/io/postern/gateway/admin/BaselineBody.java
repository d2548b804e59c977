package io.postern.gateway.admin;

import io.postern.analytics.baseline.Subject;
import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    private static final int LONGEST_REASON = 1_000;
    private static final int LONGEST_NAME = 4_096;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Every problem at once. */
    static Reading<BaselineBody> read(byte[] body) {
        Optional<JsonNode> document = document(body).filter(JsonNode::isObject);
        Problems problems = new Problems();
        if (document.isEmpty()) {
            problems.add(wrong("", "is not one JSON object"));
            return Reading.refused(problems, new Problems());
        }
        JsonNode members = document.get();
        members.propertyNames().stream()
                .filter(name -> !MEMBERS.contains(name))
                .forEach(name -> problems.add(wrong(name, "there is no such member")));
        if (members.has("app") == members.has("category")) {
            problems.add(wrong("", "must have app or category"));
        }
        String which = members.has("category") ? "category" : "app";
        check(problems, members, which, BaselineBody::name, "must be a name");
        check(problems, members, "version", BaselineBody::version, "must be a whole number from 0 on");
        check(problems, members, "entries", BaselineBody::entries, "must be \"all\" or a list of ids, one at least");
        check(problems, members, "reason", BaselineBody::reason, "must be one line of 1 to 1000 characters");
        check(problems, members, "review_by", node -> date(node).isPresent(), "must be a day such as 2027-06-30");
        for (String needed : new String[] {"entries", "reason"}) {
            if (!members.has(needed)) {
                problems.add(wrong(needed, "is missing"));
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
            problems.add(wrong(member, what));
        }
    }

    private static boolean name(JsonNode node) {
        return node.isString()
                && !node.asString().isEmpty()
                && node.asString().length() <= LONGEST_NAME
                && oneLine(node.asString());
    }

    private static boolean version(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.asLong() >= 0;
    }

    private static boolean entries(JsonNode node) {
        return (node.isString() && node.asString().equals(ALL))
                || (node.isArray() && !node.isEmpty() && node.valueStream().allMatch(JsonNode::isString));
    }

    private static boolean reason(JsonNode node) {
        return node.isString()
                && !node.asString().isBlank()
                && node.asString().length() <= LONGEST_REASON
                && oneLine(node.asString());
    }

    private static boolean oneLine(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<LocalDate> date(JsonNode node) {
        try {
            return node.isString() ? Optional.of(LocalDate.parse(node.asString())) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> document(byte[] body) {
        try {
            return Optional.of(JSON.readTree(body));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Problem wrong(String member, String what) {
        return Problem.of(Position.of("body"), member, what);
    }
}
