package io.postern.gateway;

import io.postern.analytics.flow.AppKey;
import io.postern.gateway.evidence.DeviceMask;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Which audit entries are about a finding: those that name it, what was done to quarantines of its device and baselines of
 * its app, and whatever changed what flows are judged by while it lasted.
 *
 * @param device by whatever it was called
 * @param from the first thing that it rests on
 * @param to its end, and a while more
 */
record AuditScope(String uid, AppKey key, DeviceMask device, Instant from, Instant to) {

    private static final Set<String> OF_ALL = Set.of("policy.replace", "kill-switch", "analytics.enforce-without");

    boolean has(JsonNode entry) {
        String action = entry.path("action").asString("");
        String text = entry.path("resource").asString("") + "\n"
                + entry.path("before").asString("") + "\n"
                + entry.path("after").asString("");
        return text.contains(uid)
                || (action.startsWith("quarantine.") && device.names(text))
                || (action.startsWith("baseline.") && names(text, key.app()))
                || (OF_ALL.contains(action) && meanwhile(entry.path("time").asString("")));
    }

    /** As a word, and not as the beginning of another. */
    private static boolean names(String text, String word) {
        return Pattern.compile("(?<![A-Za-z0-9_.-])" + Pattern.quote(word) + "(?![A-Za-z0-9_-]|[.][A-Za-z0-9])")
                .matcher(text)
                .find();
    }

    private boolean meanwhile(String time) {
        try {
            Instant at = Instant.parse(time);
            return !at.isBefore(from) && !at.isAfter(to);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
