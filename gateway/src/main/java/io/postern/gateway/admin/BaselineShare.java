package io.postern.gateway.admin;

import io.postern.analytics.baseline.Subject;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/baselines/import}: one baseline of another gateway, as {@code GET /v1/baselines/export} gave it.
 *
 * @param learnt bytes of the learner's
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record BaselineShare(Subject subject, byte[] learnt, String reason) {

    /** Of the form of what is exported. */
    static final int VERSION = 1;

    private static final Set<String> MEMBERS = Set.of("app", "category", "format", "learnt", "reason");

    /** Every problem at once. */
    static Reading<BaselineShare> read(byte[] body) {
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
        if (members.has(which) && !JsonBody.name(members.get(which))) {
            problems.add(JsonBody.wrong(which, "must be a name"));
        }
        if (!members.path("format").isInt() || members.get("format").asInt() != VERSION) {
            problems.add(JsonBody.wrong("format", "must be " + VERSION));
        }
        Optional<byte[]> learnt = bytes(members.path("learnt"));
        if (learnt.isEmpty()) {
            problems.add(JsonBody.wrong("learnt", "must be base64"));
        }
        if (!JsonBody.reason(members.path("reason"))) {
            problems.add(JsonBody.wrong("reason", JsonBody.REASON));
        }
        if (!problems.none()) {
            return Reading.refused(problems, new Problems());
        }
        String name = members.get(which).asString();
        return Reading.of(
                new BaselineShare(
                        which.equals("app") ? Subject.app(name) : Subject.category(name),
                        learnt.orElseThrow(),
                        members.get("reason").asString()),
                new Problems());
    }

    private static Optional<byte[]> bytes(JsonNode node) {
        try {
            return node.isString() && !node.asString().isEmpty()
                    ? Optional.of(Base64.getDecoder().decode(node.asString()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
