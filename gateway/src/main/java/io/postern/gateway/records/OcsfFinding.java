package io.postern.gateway.records;

import io.postern.analytics.Verdict;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.Change;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.flow.AppTag;
import io.postern.wire.ip.HostText;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
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

    private static final JsonFactory JSON = JsonFactory.builder()
            .characterEscapes(new AsciiEscapes())
            .highestNonEscapedChar(127)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private final String version;
    private final UnaryOperator<Finding> told;

    /** @param version of the product, as its records name it */
    public OcsfFinding(String version) {
        this(version, finding -> finding);
    }

    /** @param told what may be told of each finding */
    public OcsfFinding(String version, UnaryOperator<Finding> told) {
        this.version = version;
        this.told = told;
    }

    /** How the line says that the finding stands; the numbers are OCSF's. */
    private enum Stand {
        NEW(1),
        IN_PROGRESS(2),
        SUPPRESSED(3),
        RESOLVED(4);

        private final int id;

        Stand(int id) {
            this.id = id;
        }
    }

    /**
     * What a line is made of.
     *
     * @param number tells the lines of one finding apart
     */
    private record Line(
            Finding finding,
            Finding.Activity activity,
            Stand stand,
            String number,
            Verdict.Action verdict,
            Optional<String> baseline,
            Optional<Kept> kept) {}

    /**
     * Writes one line with its end; the stream is left open.
     *
     * @param verdict what is done about it
     * @param baseline version of the baseline that it rests on; empty if none
     */
    public void write(Finding finding, Verdict.Action verdict, Optional<String> baseline, OutputStream out) {
        Stand stand =
                switch (finding.activity()) {
                    case CREATE -> Stand.NEW;
                    case UPDATE -> Stand.IN_PROGRESS;
                    case CLOSE -> Stand.RESOLVED;
                };
        // The finding may change within a millisecond.
        String number = finding.atMillis() + "." + activity(finding.activity()) + "." + finding.checkIns();
        write(new Line(finding, finding.activity(), stand, number, verdict, baseline, Optional.empty()), out);
    }

    /** As above, of a finding that is kept, with how it stands. */
    public void write(Kept kept, Change change, OutputStream out) {
        Finding.Activity activity =
                switch (change) {
                    case CREATE, REOPEN -> Finding.Activity.CREATE;
                    case UPDATE -> Finding.Activity.UPDATE;
                    case SUPPRESS, CLOSE -> Finding.Activity.CLOSE;
                };
        write(kept, activity, out);
    }

    /** As above, by what was told of it last. */
    public void write(Kept kept, OutputStream out) {
        Finding.Activity activity =
                switch (kept.status()) {
                    case SUPPRESSED, CLOSED -> Finding.Activity.CLOSE;
                    case OPEN, IN_PROGRESS -> kept.version() == 1 ? Finding.Activity.CREATE : Finding.Activity.UPDATE;
                };
        write(kept, activity, out);
    }

    private void write(Kept kept, Finding.Activity activity, OutputStream out) {
        boolean silent = kept.silence().isPresent() && kept.review().isEmpty();
        Stand stand =
                switch (kept.status()) {
                    case OPEN -> Stand.NEW;
                    case IN_PROGRESS -> Stand.IN_PROGRESS;
                    case SUPPRESSED -> Stand.SUPPRESSED;
                    case CLOSED -> silent ? Stand.SUPPRESSED : Stand.RESOLVED;
                };
        write(
                new Line(
                        kept.finding(),
                        activity,
                        stand,
                        Long.toString(kept.version()),
                        kept.action(),
                        Optional.of(kept.baseline()).filter(version -> !version.isEmpty()),
                        Optional.of(kept)),
                out);
    }

    private void write(Line line, OutputStream out) {
        Finding finding = told.apply(line.finding());
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            metadata(json, finding.uid() + "." + line.number());
            // Of a detector in shadow.
            boolean alert = line.verdict() != Verdict.Action.ALLOW;
            classification(json, line.activity(), finding.severity(), alert, line.stand(), finding.score());
            times(json, finding.firstMillis(), finding.atMillis(), finding.checkIns());
            disposition(json, line.verdict());
            who(json, finding);
            FindingInfoFields.write(json, finding, line.kept());
            evidences(json, finding.destination(), Optional.of(finding));
            json.writeObjectPropertyStart("unmapped");
            json.writeObjectPropertyStart("postern");
            postern(
                    json,
                    finding,
                    line.verdict(),
                    line.baseline(),
                    line.kept().map(Kept::bytesOutAtVerdict).orElse(finding.bytesOut()));
            line.kept().ifPresent(kept -> kept(json, kept));
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    /** A campaign, as a finding without a device. */
    public void write(Campaign campaign, Change change, OutputStream out) {
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            metadata(json, campaign.uid() + "." + campaign.lastMillis() + "." + campaign.devices());
            classification(
                    json,
                    change == Change.CREATE ? Finding.Activity.CREATE : Finding.Activity.UPDATE,
                    Finding.Severity.of(campaign.score()),
                    campaign.alert(),
                    Stand.NEW,
                    campaign.score());
            times(json, campaign.firstMillis(), campaign.lastMillis(), campaign.findings());
            disposition(json, campaign.alert() ? Verdict.Action.ALERT : Verdict.Action.ALLOW);
            json.writeObjectPropertyStart("finding_info");
            CappedText.write(json, "uid", campaign.uid(), CappedText.NAME);
            CappedText.write(json, "title", "Campaign: " + campaign.technique(), CappedText.NAME);
            CappedText.write(
                    json,
                    "desc",
                    campaign.devices() + " devices and " + campaign.apps() + " apps have findings of "
                            + campaign.technique() + " towards " + campaign.destination(),
                    CappedText.APPS);
            json.writeNumberProperty("first_seen_time", campaign.firstMillis());
            json.writeNumberProperty("last_seen_time", campaign.lastMillis());
            json.writeEndObject();
            evidences(json, campaign.destination(), Optional.empty());
            json.writeObjectPropertyStart("unmapped");
            json.writeObjectPropertyStart("postern");
            CappedText.write(json, "campaign", campaign.uid(), CappedText.LABEL);
            CappedText.write(json, "destination", campaign.destination(), CappedText.HOST);
            CappedText.write(json, "technique", campaign.technique(), CappedText.LABEL);
            json.writeNumberProperty("score", campaign.score());
            json.writeNumberProperty("devices", campaign.devices());
            json.writeNumberProperty("apps", campaign.apps());
            json.writeNumberProperty("findings", campaign.findings());
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    /** @param uid of the line, not of the finding */
    private void metadata(JsonGenerator json, String uid) {
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
        CappedText.write(json, "uid", uid, CappedText.NAME);
        json.writeEndObject();
    }

    private static void classification(
            JsonGenerator json,
            Finding.Activity what,
            Finding.Severity severity,
            boolean alert,
            Stand stand,
            double score) {
        int activity = activity(what);
        json.writeNumberProperty("category_uid", 2);
        json.writeNumberProperty("class_uid", CLASS);
        json.writeNumberProperty("activity_id", activity);
        json.writeStringProperty("activity_name", caption(what));
        json.writeNumberProperty("type_uid", CLASS * 100 + activity);
        json.writeNumberProperty("severity_id", severity(severity));
        json.writeStringProperty("severity", caption(severity));
        json.writeNumberProperty("status_id", stand.id);
        json.writeNumberProperty("risk_score", Math.round(score));
        json.writeBooleanProperty("is_alert", alert && severity != Finding.Severity.LOW && stand != Stand.SUPPRESSED);
    }

    private static void times(JsonGenerator json, long firstMillis, long atMillis, long count) {
        long first = Math.min(firstMillis, atMillis);
        json.writeNumberProperty("time", atMillis);
        json.writeNumberProperty("start_time", first);
        json.writeNumberProperty("end_time", atMillis);
        json.writeNumberProperty("duration", atMillis - first);
        json.writeNumberProperty("count", (int) Math.min(Integer.MAX_VALUE, count));
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

    private static void evidences(JsonGenerator json, String destination, Optional<Finding> finding) {
        json.writeArrayPropertyStart("evidences");
        json.writeStartObject();
        finding.ifPresent(one -> actor(json, one));
        json.writeObjectPropertyStart("dst_endpoint");
        CappedText.write(json, address(destination) ? "ip" : "hostname", destination, CappedText.HOST);
        finding.map(Finding::spoken)
                .filter(spoken -> spoken.port() > 0)
                .ifPresent(spoken -> json.writeNumberProperty("port", spoken.port()));
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void postern(
            JsonGenerator json,
            Finding finding,
            Verdict.Action verdict,
            Optional<String> baseline,
            long bytesOutBefore) {
        CappedText.write(json, "profile", finding.key().profile(), CappedText.LABEL);
        CappedText.write(json, "destination", finding.destination(), CappedText.HOST);
        json.writeNumberProperty("score", finding.score());
        EvidenceFields.write(json, finding.evidence());
        CappedText.list(json, "not_visible", finding.notVisible(), CappedText.LABEL);
        CappedText.write(json, "baseline", baseline.orElse("none"), CappedText.LABEL);
        json.writeStringProperty("verdict", verdict.name().toLowerCase(Locale.ROOT));
        json.writeNumberProperty("check_ins", finding.checkIns());
        json.writeNumberProperty("bytes_out_before_verdict", bytesOutBefore);
    }

    /** How it stands, and why. */
    private static void kept(JsonGenerator json, Kept kept) {
        json.writeStringProperty("status", kept.status().label());
        CappedText.write(json, "campaign", kept.campaign(), CappedText.LABEL);
        if (!kept.before().isEmpty()) {
            CappedText.write(json, "takes_up", kept.before(), CappedText.NAME);
        }
        Finding.Spoken spoken = kept.finding().spoken();
        if (spoken.port() > 0) {
            json.writeStringProperty("protocol", spoken.protocol().label());
        }
        kept.review().ifPresent(review -> {
            json.writeObjectPropertyStart("review");
            json.writeStringProperty("status", review.status().label());
            review.conclusion().ifPresent(one -> json.writeStringProperty("verdict", one.label()));
            CappedText.write(json, "reason", review.reason(), CappedText.APPS);
            CappedText.write(json, "by", review.by(), CappedText.NAME);
            json.writeNumberProperty("time", review.atMillis());
            json.writeEndObject();
        });
        kept.silence().ifPresent(silence -> {
            json.writeObjectPropertyStart("suppressed_by");
            CappedText.write(json, "id", silence.id(), CappedText.NAME);
            CappedText.write(json, "owner", silence.owner(), CappedText.NAME);
            CappedText.write(json, "reason", silence.reason(), CappedText.APPS);
            json.writeNumberProperty("until", silence.untilMillis());
            json.writeEndObject();
        });
        json.writeNumberProperty("version", kept.version());
    }

    private static boolean address(String text) {
        return HostText.of(text) instanceof HostText.Literal;
    }

    private static int activity(Finding.Activity activity) {
        return switch (activity) {
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

    private static String caption(Enum<?> constant) {
        String name = constant.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
