package io.postern.gateway.records;

import io.postern.analytics.Evidence;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** What speaks for and against a finding, in the records of flows and of findings alike. */
final class EvidenceFields {
    private EvidenceFields() {}

    static void write(JsonGenerator json, List<Evidence> evidence) {
        json.writeArrayPropertyStart("evidence");
        for (Evidence each : CappedText.first(evidence)) {
            json.writeStartObject();
            json.writeStringProperty("family", each.family().label());
            CappedText.write(json, "feature", each.feature(), CappedText.LABEL);
            number(json, "value", each.value());
            number(json, "threshold", each.threshold());
            json.writeNumberProperty("weight", each.weight());
            json.writeBooleanProperty("for", each.supports());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** JSON has no word for what is not finite: it is left out. */
    private static void number(JsonGenerator json, String name, double value) {
        if (Double.isFinite(value)) {
            json.writeNumberProperty(name, value);
        }
    }
}
