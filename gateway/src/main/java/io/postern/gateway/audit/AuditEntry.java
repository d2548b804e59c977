package io.postern.gateway.audit;

import io.postern.config.AdminRole;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One thing somebody did.
 *
 * @param by what was shown, {@code token} or {@code certificate}
 * @param peer address the request came from
 * @param action such as {@code policy.replace}
 * @param resource path of the API
 * @param request id of the request, as its answer names it
 * @param before version of the resource before
 * @param after version it has, or would have had
 */
public record AuditEntry(
        Instant time,
        String actor,
        AdminRole role,
        String by,
        String peer,
        String action,
        String resource,
        Outcome outcome,
        String request,
        Optional<String> before,
        Optional<String> after) {

    private static final JsonFactory JSON =
            JsonFactory.builder().highestNonEscapedChar(127).build();

    /** How far it came. {@code BEGUN} is on the disk before anything is changed, its end before that is told. */
    public enum Outcome {
        BEGUN,
        APPLIED,
        /** What was asked for is not valid, not allowed or not up to date; nothing has changed. */
        REFUSED,
        /** It should have worked, and nothing has changed, or nobody knows. */
        FAILED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What settings bring about.
     *
     * @param actor who answers for them, or the setting
     * @param request what has it happen, such as {@code start}
     */
    public static AuditEntry ofSettings(Instant time, String actor, String action, String request, String after) {
        return new AuditEntry(
                time,
                actor,
                AdminRole.ADMIN,
                "settings",
                "",
                action,
                action,
                Outcome.APPLIED,
                request,
                Optional.empty(),
                Optional.of(after));
    }

    /** Without a line's end. */
    String line(long sequence, String previous) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("sequence", sequence);
            json.writeStringProperty("time", time.toString());
            json.writeStringProperty("actor", actor);
            json.writeStringProperty("role", role.label());
            json.writeStringProperty("by", by);
            json.writeStringProperty("peer", peer);
            json.writeStringProperty("action", action);
            json.writeStringProperty("resource", resource);
            json.writeStringProperty("outcome", outcome.label());
            json.writeStringProperty("request", request);
            before.ifPresent(version -> json.writeStringProperty("before", version));
            after.ifPresent(version -> json.writeStringProperty("after", version));
            json.writeStringProperty("previous", previous);
            json.writeEndObject();
        }
        return text.toString();
    }
}
