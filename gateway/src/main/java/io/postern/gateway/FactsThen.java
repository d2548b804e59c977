package io.postern.gateway;

import io.postern.analytics.context.Answer;
import io.postern.analytics.context.AppEvent;
import io.postern.analytics.context.DeviceContext;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.context.Known;
import io.postern.gateway.rules.FactAnswers;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is known by now of a device and an app at a time, with how old it was then and who told it. A fact that came late is
 * there too, so it may be more than was known at that time; what a flow was judged by stands in its record.
 */
record FactsThen(Optional<DeviceContexts> contexts, AppTag tag) {

    /** How far back an event of the app counts. */
    private static final Duration EVENTS = Duration.ofHours(1);

    private static final FactKind[] OF_APP = {
        FactKind.BACKGROUND_START, FactKind.PROTECTED_RESOURCE, FactKind.CRYPTO, FactKind.STAGING,
    };

    /** @param what was decided then */
    ObjectNode at(long atMillis, String what) {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("at", Instant.ofEpochMilli(atMillis).toString());
        line.put("decision", what);
        ArrayNode facts = line.putArray("facts");
        Map<FactKind, Known> known =
                contexts.map(all -> all.known(tag, atMillis)).orElse(Map.of());
        contexts.ifPresent(all -> all.of(tag.device(), device -> {
            tell(facts, device, known, atMillis);
            return facts;
        }));
        ObjectNode states = line.putObject("states");
        for (FactKind kind : FactKind.values()) {
            states.put(kind.label(), known.getOrDefault(kind, Known.ABSENT).label());
        }
        return line;
    }

    private void tell(ArrayNode facts, DeviceContext device, Map<FactKind, Known> known, long at) {
        long recent = FactAnswers.RECENT.toMillis();
        said(facts, "locked", device.locked(at));
        said(facts, "background", device.background(tag, at));
        said(facts, "managed", device.managed(tag, at));
        said(facts, "approved", device.approved(tag, at));
        said(facts, "newly-installed", device.newlyInstalled(tag, recent, at));
        said(facts, "just-updated", device.justUpdated(tag, recent, at));
        said(facts, "signer-changed", device.signerChanged(tag, recent, at));
        said(facts, "compliant", device.compliant(at));
        long untouched = device.sinceInteraction(at);
        if (untouched >= 0) {
            facts.addObject().put("fact", "last-interaction").put("age_seconds", untouched / 1_000);
        }
        for (FactKind kind : OF_APP) {
            Optional<AppEvent> last = device.last(tag, kind, EVENTS.toMillis(), at);
            last.ifPresent(event -> facts.addObject()
                    .put("fact", kind.label())
                    .put("value", true)
                    .put("age_seconds", (at - event.atMillis()) / 1_000)
                    .put("source", event.source()));
            if (last.isEmpty() && known.get(kind) == Known.FRESH) {
                facts.addObject().put("fact", kind.label()).put("value", false);
            }
        }
    }

    private static void said(ArrayNode facts, String fact, Answer answer) {
        ObjectNode one = facts.addObject().put("fact", fact);
        if (!answer.known()) {
            one.put("value", Truth.UNKNOWN.name().toLowerCase(Locale.ROOT));
            return;
        }
        one.put("value", answer.truth() == Truth.TRUE);
        // Concluded from silence where nobody told.
        if (!answer.source().isEmpty()) {
            one.put("age_seconds", answer.ageMillis() / 1_000);
            one.put("source", answer.source());
        }
    }
}
