package io.postern.gateway.records;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.flow.AppTag;
import io.postern.wire.ip.HostText;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes findings as OCSF 1.4.0 Detection Finding (class 2004), profiles {@code host} and {@code security_control}, one line
 * of ASCII each, bounded as those of flows are.
 */
public final class OcsfFinding {
    private static final int CLASS = 2004;
    private static final int MOBILE = 5;
    private static final int BEHAVIORAL = 2;

    private static final JsonFactory JSON = JsonFactory.builder()
            .characterEscapes(new AsciiEscapes())
            .highestNonEscapedChar(127)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private final String version;

    /** @param version of the product, as its records name it */
    public OcsfFinding(String version) {
        this.version = version;
    }

    /**
     * Writes one line with its end; the stream is left open.
     *
     * @param verdict what is done about it
     * @param baseline version of the baseline that it rests on; empty if none
     */
    public void write(Finding finding, Verdict.Action verdict, Optional<String> baseline, OutputStream out) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            metadata(json, finding);
            classification(json, finding);
            times(json, finding);
            disposition(json, verdict);
            who(json, finding);
            info(json, finding);
            evidences(json, finding);
            json.writeObjectPropertyStart("unmapped");
            json.writeObjectPropertyStart("postern");
            postern(json, finding, verdict, baseline);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private void metadata(JsonGenerator json, Finding finding) {
        json.writeObjectPropertyStart("metadata");
        json.writeStringProperty("version", "1.4.0");
        json.writeObjectPropertyStart("product");
        json.writeStringProperty("name", "Postern");
        json.writeStringProperty("vendor_name", "Postern");
        json.writeStringProperty("version", version);
        json.writeEndObject();
        json.writeArrayPropertyStart("profiles");
        json.writeString("host");
        json.writeString("security_control");
        json.writeEndArray();
        json.writeStringProperty("log_name", "findings");
        // Of the line, not of the finding, which may change within a millisecond.
        CappedText.write(
                json,
                "uid",
                finding.uid() + "." + finding.atMillis() + "." + activity(finding) + "." + finding.checkIns(),
                CappedText.NAME);
        json.writeEndObject();
    }

    private static void classification(JsonGenerator json, Finding finding) {
        int activity = activity(finding);
        json.writeNumberProperty("category_uid", 2);
        json.writeNumberProperty("class_uid", CLASS);
        json.writeNumberProperty("activity_id", activity);
        json.writeStringProperty("activity_name", caption(finding.activity()));
        json.writeNumberProperty("type_uid", CLASS * 100 + activity);
        json.writeNumberProperty("severity_id", severity(finding.severity()));
        json.writeStringProperty("severity", caption(finding.severity()));
        json.writeNumberProperty("status_id", status(finding.activity()));
        json.writeNumberProperty("risk_score", Math.round(finding.score()));
        json.writeBooleanProperty("is_alert", finding.severity() != Finding.Severity.LOW);
    }

    private static void times(JsonGenerator json, Finding finding) {
        long first = Math.min(finding.firstMillis(), finding.atMillis());
        json.writeNumberProperty("time", finding.atMillis());
        json.writeNumberProperty("start_time", first);
        json.writeNumberProperty("end_time", finding.atMillis());
        json.writeNumberProperty("duration", finding.atMillis() - first);
        json.writeNumberProperty("count", (int) Math.min(Integer.MAX_VALUE, finding.checkIns()));
    }

    private static void disposition(JsonGenerator json, Verdict.Action verdict) {
        Disposition disposition =
                switch (verdict) {
                    case ALLOW -> Disposition.ALLOWED;
                    case ALERT -> Disposition.ALERT;
                    case THROTTLE -> Disposition.THROTTLED;
                    case BLOCK -> Disposition.BLOCKED;
                    case QUARANTINE -> Disposition.QUARANTINED;
                };
        json.writeNumberProperty("action_id", disposition.actionId());
        json.writeNumberProperty("disposition_id", disposition.id());
    }

    /** Who is nobody's device is known by its address, see {@code FlowFacts}. */
    private static void who(JsonGenerator json, Finding finding) {
        String device = finding.key().device();
        boolean address = address(device);
        boolean named = !address && !device.equals(AppTag.NOBODY);
        json.writeObjectPropertyStart("device");
        json.writeNumberProperty("type_id", named ? MOBILE : 0);
        CappedText.write(json, "uid", address ? AppTag.NOBODY : device, CappedText.LABEL);
        if (address) {
            json.writeStringProperty("ip", device);
        }
        json.writeEndObject();
        actor(json, finding);
    }

    private static void actor(JsonGenerator json, Finding finding) {
        json.writeObjectPropertyStart("actor");
        CappedText.write(json, "app_uid", finding.key().app(), CappedText.APPS);
        json.writeEndObject();
    }

    private static void info(JsonGenerator json, Finding finding) {
        Optional<Analytic> analytic = Analytic.of(finding.analytic());
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
        json.writeObjectPropertyStart("analytic");
        json.writeNumberProperty("type_id", BEHAVIORAL);
        json.writeStringProperty("type", "Behavioral");
        CappedText.write(json, "uid", finding.analytic(), CappedText.LABEL);
        CappedText.write(json, "name", analytic.map(Analytic::caption), CappedText.LABEL);
        json.writeEndObject();
        if (analytic.isPresent()) {
            attack(json, analytic.get());
        }
        json.writeEndObject();
    }

    /** What the analytic maps to; it says nothing of who is behind it. */
    private static void attack(JsonGenerator json, Analytic analytic) {
        json.writeArrayPropertyStart("attacks");
        json.writeStartObject();
        json.writeStringProperty("version", Analytic.VERSION);
        named(json, "tactic", Analytic.TACTIC, Analytic.TACTIC_NAME);
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

    private static String sentence(Finding finding, Optional<Analytic> analytic) {
        String app = finding.key().named() ? finding.key().app() : "An app that is not known";
        return app + " on " + finding.key().device() + " "
                + analytic.map(Analytic::does).orElse("has a score by " + finding.analytic()) + ": "
                + finding.destination() + ", score " + Math.round(finding.score());
    }

    private static void evidences(JsonGenerator json, Finding finding) {
        json.writeArrayPropertyStart("evidences");
        json.writeStartObject();
        actor(json, finding);
        json.writeObjectPropertyStart("dst_endpoint");
        boolean address = address(finding.destination());
        CappedText.write(json, address ? "ip" : "hostname", finding.destination(), CappedText.HOST);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void postern(
            JsonGenerator json, Finding finding, Verdict.Action verdict, Optional<String> baseline) {
        CappedText.write(json, "profile", finding.key().profile(), CappedText.LABEL);
        CappedText.write(json, "destination", finding.destination(), CappedText.HOST);
        json.writeNumberProperty("score", finding.score());
        EvidenceFields.write(json, finding.evidence());
        CappedText.list(json, "not_visible", finding.notVisible(), CappedText.LABEL);
        CappedText.write(json, "baseline", baseline.orElse("none"), CappedText.LABEL);
        json.writeStringProperty("verdict", verdict.name().toLowerCase(Locale.ROOT));
        json.writeNumberProperty("check_ins", finding.checkIns());
        json.writeNumberProperty("bytes_out_before_verdict", finding.bytesOut());
    }

    private static boolean address(String text) {
        return HostText.of(text) instanceof HostText.Literal;
    }

    private static int activity(Finding finding) {
        return switch (finding.activity()) {
            case CREATE -> 1;
            case UPDATE -> 2;
            case CLOSE -> 3;
        };
    }

    private static int severity(Finding.Severity severity) {
        return switch (severity) {
            case LOW -> 2;
            case MEDIUM -> 3;
            case HIGH -> 4;
            case CRITICAL -> 5;
        };
    }

    /** New, in progress, resolved. */
    private static int status(Finding.Activity activity) {
        return switch (activity) {
            case CREATE -> 1;
            case UPDATE -> 2;
            case CLOSE -> 4;
        };
    }

    private static String caption(Enum<?> constant) {
        String name = constant.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
