package io.postern.gateway.admin;

import io.postern.analytics.finding.Conclusion;
import io.postern.analytics.finding.Status;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code PATCH /v1/findings/{id}}.
 *
 * @param conclusion there when it is closed, and only then
 */
public record FindingBody(Status status, Optional<Conclusion> conclusion, String reason) {

    private static final Set<String> MEMBERS = Set.of("status", "verdict", "reason");

    /** Every problem at once. */
    static Reading<FindingBody> read(byte[] body) {
        Problems problems = new Problems();
        Optional<JsonNode> document = JsonBody.read(body, MEMBERS, problems);
        if (document.isEmpty()) {
            return Reading.refused(problems, new Problems());
        }
        JsonNode members = document.get();
        Optional<Conclusion> conclusion = Conclusion.of(members.path("verdict").asString(""));
        if (members.has("verdict") && conclusion.isEmpty()) {
            problems.add(JsonBody.wrong("verdict", "must be true-positive, false-positive or benign"));
        }
        Optional<Status> status = status(members, conclusion);
        if (status.isEmpty()) {
            problems.add(JsonBody.wrong("status", "must be open, in-progress or closed"));
        } else if (status.get() == Status.CLOSED && !members.has("verdict")) {
            problems.add(JsonBody.wrong("verdict", "is missing: what is closed has one"));
        } else if (status.get() != Status.CLOSED && members.has("verdict")) {
            problems.add(JsonBody.wrong("verdict", "must not be there: only what is closed has one"));
        }
        if (!JsonBody.reason(members.path("reason"))) {
            problems.add(JsonBody.wrong("reason", JsonBody.REASON));
        }
        return problems.none()
                ? Reading.of(
                        new FindingBody(
                                status.orElseThrow(),
                                conclusion,
                                members.get("reason").asString()),
                        new Problems())
                : Reading.refused(problems, new Problems());
    }

    /** A verdict alone closes. */
    private static Optional<Status> status(JsonNode members, Optional<Conclusion> conclusion) {
        if (!members.has("status")) {
            return conclusion.map(given -> Status.CLOSED);
        }
        return Status.of(members.get("status").asString("")).filter(status -> status != Status.SUPPRESSED);
    }
}
