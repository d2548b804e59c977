package io.postern.gateway.admin;

import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** The members of one JSON object as a body, each read strictly, with every problem told at once. */
final class BodyMembers {

    private final JsonNode members;
    private final Problems problems;

    private BodyMembers(JsonNode members, Problems problems) {
        this.members = members;
        this.problems = problems;
    }

    /** @param how makes something of the members and tells what is wrong with them */
    static <T> Reading<T> read(byte[] body, Set<String> known, Function<BodyMembers, Optional<T>> how) {
        Problems problems = new Problems();
        Optional<JsonNode> document = JsonBody.read(body, known, problems);
        if (document.isEmpty()) {
            return Reading.refused(problems, new Problems());
        }
        BodyMembers read = new BodyMembers(document.get(), problems);
        Optional<T> value = how.apply(read);
        return problems.none() && value.isPresent()
                ? Reading.of(value.get(), new Problems())
                : Reading.refused(problems, new Problems());
    }

    /** A member that may be left out or null. */
    Optional<String> text(String member) {
        JsonNode value = members.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            wrong(member, "must be a string");
            return Optional.empty();
        }
        return Optional.of(value.asString());
    }

    /** A member that may be left out. */
    Optional<Boolean> flag(String member) {
        JsonNode value = members.path(member);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            wrong(member, "must be true or false");
        }
        return Optional.of(value.asBoolean(false));
    }

    /** Why somebody wants it, which must be said. */
    String reason() {
        JsonNode value = members.path("reason");
        if (!JsonBody.reason(value)) {
            wrong("reason", JsonBody.REASON);
            return "";
        }
        return value.asString();
    }

    void wrong(String member, String what) {
        problems.add(JsonBody.wrong(member, what));
    }
}
