package io.postern.gateway.records;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Technique;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** OCSF's {@code finding_info}: what was found, in words, by which analytic, and what of ATT&CK that is. */
final class FindingInfoFields {

    private static final int BEHAVIORAL = 2;

    private FindingInfoFields() {}

    static void write(JsonGenerator json, Finding finding, Optional<Kept> kept) {
        Optional<Technique> analytic = Technique.of(finding.analytic());
        json.writeObjectPropertyStart("finding_info");
        CappedText.write(json, "uid", finding.uid(), CappedText.NAME);
        CappedText.write(
                json,
                "title",
                analytic.map(each -> each.caption() + " (" + each.name() + ")").orElse(finding.analytic()),
                CappedText.NAME);
        CappedText.write(json, "desc", sentence(finding, analytic), CappedText.APPS);
        json.writeNumberProperty("first_seen_time", Math.min(finding.firstMillis(), finding.atMillis()));
        json.writeNumberProperty("last_seen_time", finding.atMillis());
        kept.ifPresent(one -> {
            CappedText.write(json, "uid_alt", one.origin(), CappedText.NAME);
            json.writeNumberProperty("created_time", one.times().openedMillis());
        });
        json.writeObjectPropertyStart("analytic");
        json.writeNumberProperty("type_id", BEHAVIORAL);
        json.writeStringProperty("type", "Behavioral");
        CappedText.write(json, "uid", finding.analytic(), CappedText.LABEL);
        CappedText.write(json, "name", analytic.map(Technique::caption), CappedText.LABEL);
        json.writeEndObject();
        if (analytic.isPresent()) {
            attack(json, analytic.get());
        }
        json.writeEndObject();
    }

    /** What the analytic maps to; it says nothing of who is behind it. */
    private static void attack(JsonGenerator json, Technique analytic) {
        json.writeArrayPropertyStart("attacks");
        json.writeStartObject();
        json.writeStringProperty("version", Technique.VERSION);
        named(json, "tactic", Technique.TACTIC, Technique.TACTIC_NAME);
        named(json, "technique", analytic.technique(), analytic.techniqueName());
        if (!analytic.subTechnique().isEmpty()) {
            named(json, "sub_technique", analytic.subTechnique(), analytic.caption());
        }
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void named(JsonGenerator json, String member, String uid, String name) {
        json.writeObjectPropertyStart(member);
        json.writeStringProperty("uid", uid);
        json.writeStringProperty("name", name);
        json.writeEndObject();
    }

    private static String sentence(Finding finding, Optional<Technique> analytic) {
        String app = finding.key().named() ? finding.key().app() : "An app that is not known";
        return app + " on " + finding.key().device() + " "
                + analytic.map(Technique::does).orElse("has a score by " + finding.analytic()) + ": "
                + finding.destination() + ", score " + Math.round(finding.score());
    }
}
