package io.postern.gateway.records;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.AppTag;
import io.postern.gateway.records.FlowRecord.Destination;
import io.postern.wire.ip.AddressText;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes flow records as OCSF 1.4.0 Network Activity (class 4001), profiles {@code host} and {@code security_control},
 * one line of ASCII each: whatever a peer sent can neither break a line nor reach a terminal raw.
 *
 * <p>A line is bounded: every text has a cap, lists too; most are 2 KiB, none is over 128 KiB. Keeps a
 * digest, so not for several threads.
 */
public final class OcsfFlow {
    private static final int CLASS = 4001;
    private static final int INFORMATIONAL = 1;
    private static final int MOBILE = 5;
    private static final int ANDROID = 201;
    private static final int OUTBOUND = 2;

    static final JsonFactory JSON = JsonFactory.builder()
            .characterEscapes(new AsciiEscapes())
            .highestNonEscapedChar(127)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    private static final SerializableString PROFILES = new SerializedString("[\"host\",\"security_control\"]");

    private final SerializableString product;
    private final UnaryOperator<FlowRecord> told;
    private final CommunityId communityId = new CommunityId();

    /** @param version of the product, as its records name it */
    public OcsfFlow(String version) {
        this(version, flow -> flow);
    }

    /** @param told what may be told of each flow */
    public OcsfFlow(String version, UnaryOperator<FlowRecord> told) {
        this.product = product(version);
        this.told = told;
    }

    static SerializableString product(String version) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("name", "Postern");
            json.writeStringProperty("vendor_name", "Postern");
            json.writeStringProperty("version", version);
            json.writeEndObject();
        }
        return new SerializedString(text.toString());
    }

    /** Writes one line with its end; the stream is left open. */
    public void write(FlowRecord known, OutputStream out) {
        FlowRecord flow = told.apply(known);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            metadata(
                    json,
                    product,
                    "flows",
                    // Of the line, not of the flow: a flow's lines end at different times.
                    flow.uid() + "." + flow.endedAt().toEpochMilli()
                            // It may end in the millisecond of its hourly line.
                            + (flow.activity() == Activity.TRAFFIC ? ".t" : ""));
            classification(json, flow);
            times(json, flow);
            disposition(json, flow);
            who(json, flow.tag());
            json.writeStringProperty("app_name", flow.protocol().label());
            endpoints(json, flow);
            connection(json, flow);
            traffic(json, flow);
            if (flow.tls().isPresent()) {
                OcsfTls.write(json, flow.tls().get());
            }
            json.writeObjectPropertyStart("unmapped");
            json.writeObjectPropertyStart("postern");
            PosternFields.write(json, flow);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    static void metadata(JsonGenerator json, SerializableString product, String log, String uid) {
        json.writeObjectPropertyStart("metadata");
        json.writeStringProperty("version", "1.4.0");
        json.writeName("product");
        json.writeRawValue(product);
        json.writeName("profiles");
        json.writeRawValue(PROFILES);
        json.writeStringProperty("log_name", log);
        json.writeStringProperty("uid", uid);
        json.writeEndObject();
    }

    private static void classification(JsonGenerator json, FlowRecord flow) {
        Activity activity = flow.activity();
        json.writeNumberProperty("category_uid", 4);
        json.writeNumberProperty("class_uid", CLASS);
        json.writeNumberProperty("activity_id", activity.id());
        json.writeStringProperty("activity_name", activity.caption());
        json.writeNumberProperty("type_uid", CLASS * 100 + activity.id());
        json.writeNumberProperty("severity_id", INFORMATIONAL);
        json.writeNumberProperty("status_id", activity.succeeded() ? 1 : 2);
    }

    private static void times(JsonGenerator json, FlowRecord flow) {
        long start = flow.startedAt().toEpochMilli();
        // A wall clock can be set back while a flow lives.
        long end = Math.max(start, flow.endedAt().toEpochMilli());
        json.writeNumberProperty("time", end);
        json.writeNumberProperty("start_time", start);
        json.writeNumberProperty("end_time", end);
        json.writeNumberProperty("duration", end - start);
    }

    private static void disposition(JsonGenerator json, FlowRecord flow) {
        Disposition disposition = Disposition.of(flow);
        json.writeNumberProperty("action_id", disposition.actionId());
        json.writeNumberProperty("disposition_id", disposition.id());
        policy(json, flow.verdict(), flow.policyVersion());
    }

    static void policy(JsonGenerator json, Verdict verdict, String version) {
        json.writeObjectPropertyStart("firewall_rule");
        CappedText.write(json, "name", verdict.reason(), CappedText.NAME);
        json.writeEndObject();
        json.writeObjectPropertyStart("policy");
        json.writeStringProperty("name", "postern");
        CappedText.write(json, "version", version, CappedText.LABEL);
        json.writeEndObject();
    }

    static void who(JsonGenerator json, AppTag tag) {
        json.writeObjectPropertyStart("device");
        json.writeNumberProperty("type_id", tag.attributed() ? MOBILE : 0);
        CappedText.write(json, "uid", tag.device(), CappedText.LABEL);
        if (tag.attributed()) {
            json.writeObjectPropertyStart("os");
            json.writeStringProperty("name", "Android");
            json.writeNumberProperty("type_id", ANDROID);
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeObjectPropertyStart("actor");
        CappedText.write(json, "app_uid", tag.app(), CappedText.APPS);
        json.writeEndObject();
    }

    static void source(JsonGenerator json, InetSocketAddress client) {
        json.writeObjectPropertyStart("src_endpoint");
        json.writeStringProperty("ip", AddressText.of(client.getAddress()));
        json.writeNumberProperty("port", client.getPort());
        json.writeEndObject();
    }

    private static void endpoints(JsonGenerator json, FlowRecord flow) {
        source(json, flow.client());
        Destination to = flow.destination();
        if (to.address().isPresent() || flow.hostname().isPresent()) {
            json.writeObjectPropertyStart("dst_endpoint");
            if (to.address().isPresent()) {
                json.writeStringProperty("ip", AddressText.of(to.address().get()));
            }
            json.writeNumberProperty("port", to.port());
            CappedText.write(json, "hostname", flow.hostname(), CappedText.HOST);
            json.writeEndObject();
        }
    }

    private void connection(JsonGenerator json, FlowRecord flow) {
        json.writeObjectPropertyStart("connection_info");
        json.writeNumberProperty("direction_id", OUTBOUND);
        json.writeStringProperty("protocol_name", flow.transport().label());
        json.writeNumberProperty("protocol_num", flow.transport().number());
        CappedText.write(json, "uid", flow.uid(), CappedText.LABEL);
        CappedText.write(json, "community_uid", communityId(flow), CappedText.LABEL);
        json.writeEndObject();
    }

    private Optional<String> communityId(FlowRecord flow) {
        InetSocketAddress from = flow.client();
        int port = flow.destination().port();
        return flow.destination()
                .address()
                .flatMap(to -> communityId.of(flow.transport(), from.getAddress(), from.getPort(), to, port));
    }

    private static void traffic(JsonGenerator json, FlowRecord flow) {
        json.writeObjectPropertyStart("traffic");
        json.writeNumberProperty("bytes", flow.bytesOut() + flow.bytesIn());
        json.writeNumberProperty("bytes_out", flow.bytesOut());
        json.writeNumberProperty("bytes_in", flow.bytesIn());
        json.writeEndObject();
    }
}
