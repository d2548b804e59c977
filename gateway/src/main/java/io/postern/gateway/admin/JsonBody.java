package io.postern.gateway.admin;

import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.document.Problems;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What bodies that decide something have in common: one JSON object of members that are known, and a reason. */
final class JsonBody {

    static final String REASON = "must be one line of 1 to 1000 characters";

    private static final int LONGEST_REASON = 1_000;
    private static final int LONGEST_NAME = 4_096;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /**
     * @param problems told of members that are not known
     * @return empty if it is no JSON object; then that is the problem
     */
    static Optional<JsonNode> read(byte[] body, Set<String> known, Problems problems) {
        Optional<JsonNode> document = document(body).filter(JsonNode::isObject);
        if (document.isEmpty()) {
            problems.add(wrong("", "is not one JSON object"));
        }
        document.ifPresent(members -> members.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> problems.add(wrong(name, "there is no such member"))));
        return document;
    }

    private static Optional<JsonNode> document(byte[] body) {
        try {
            return Optional.of(JSON.readTree(body));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** Whether it is what {@link #REASON} says. */
    static boolean reason(JsonNode node) {
        return node.isString() && isReason(node.asString());
    }

    static boolean isReason(String text) {
        return !text.isBlank() && text.length() <= LONGEST_REASON && oneLine(text);
    }

    /** Whether it names an app or a category. */
    static boolean name(JsonNode node) {
        return node.isString()
                && !node.asString().isEmpty()
                && node.asString().length() <= LONGEST_NAME
                && oneLine(node.asString());
    }

    static boolean oneLine(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    static Problem wrong(String member, String what) {
        return Problem.of(Position.of("body"), member, what);
    }
}
