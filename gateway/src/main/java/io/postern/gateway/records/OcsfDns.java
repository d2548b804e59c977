package io.postern.gateway.records;

import io.postern.wire.ip.AddressText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;

/**
 * Writes questions as OCSF 1.4.0 DNS Activity (class 4003), profiles {@code host} and {@code security_control}, one line of ASCII
 * each, as {@link OcsfFlow} writes flows. A line is bounded: 32 answers of 255 letters each at most.
 */
public final class OcsfDns {

    private static final int CLASS = 4003;
    /** A question and its answer in one. */
    private static final int TRAFFIC = 6;

    private static final int INFORMATIONAL = 1;
    private static final int OUTBOUND = 2;
    private static final int OTHER = 99;
    /** By number, RFC 1035 and RFC 2136, as OCSF has them. */
    private static final List<String> RCODES =
            List.of("NoError", "FormError", "ServError", "NXDomain", "NotImp", "Refused");

    private final SerializableString product;

    /** @param version of the product, as its records name it */
    public OcsfDns(String version) {
        this.product = OcsfFlow.product(version);
    }

    /** Writes one line with its end; the stream is left open. */
    public void write(DnsRecord asked, OutputStream out) {
        try (JsonGenerator json = OcsfFlow.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            OcsfFlow.metadata(json, product, "dns", asked.uid());
            classification(json, asked);
            disposition(json, asked);
            OcsfFlow.who(json, asked.tag());
            json.writeStringProperty("app_name", "dns");
            endpoints(json, asked);
            question(json, asked);
            OptionalInt why = answers(json, asked.reply());
            unmapped(json, asked, why);
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void classification(JsonGenerator json, DnsRecord asked) {
        json.writeNumberProperty("category_uid", 4);
        json.writeNumberProperty("class_uid", CLASS);
        json.writeNumberProperty("activity_id", TRAFFIC);
        json.writeStringProperty("activity_name", "Traffic");
        json.writeNumberProperty("type_uid", CLASS * 100 + TRAFFIC);
        json.writeNumberProperty("severity_id", INFORMATIONAL);
        json.writeNumberProperty(
                "status_id", asked.rcode() == Rcode.NOERROR || asked.rcode() == Rcode.NXDOMAIN ? 1 : 2);
        long from = asked.askedAt().toEpochMilli();
        long to = Math.max(from, asked.answeredAt().toEpochMilli());
        json.writeNumberProperty("time", to);
        json.writeNumberProperty("start_time", from);
        json.writeNumberProperty("end_time", to);
        json.writeNumberProperty("duration", to - from);
        json.writeNumberProperty("query_time", from);
        json.writeNumberProperty("response_time", to);
    }

    private static void disposition(JsonGenerator json, DnsRecord asked) {
        Disposition disposition = Disposition.of(asked.verdict().action());
        json.writeNumberProperty("action_id", disposition.actionId());
        json.writeNumberProperty("disposition_id", disposition.id());
        OcsfFlow.policy(json, asked.verdict(), asked.policyVersion());
    }

    private static void endpoints(JsonGenerator json, DnsRecord asked) {
        OcsfFlow.source(json, asked.client());
        json.writeObjectPropertyStart("dst_endpoint");
        json.writeStringProperty("ip", AddressText.of(asked.resolver()));
        json.writeNumberProperty("port", asked.port());
        json.writeEndObject();
        json.writeObjectPropertyStart("connection_info");
        json.writeNumberProperty("direction_id", OUTBOUND);
        json.writeStringProperty("protocol_name", asked.transport().label());
        json.writeNumberProperty("protocol_num", asked.transport().number());
        json.writeEndObject();
    }

    private static void question(JsonGenerator json, DnsRecord asked) {
        json.writeObjectPropertyStart("query");
        CappedText.write(json, "hostname", asked.name(), CappedText.NAME);
        CappedText.write(json, "type", Type.string(asked.type()), CappedText.LABEL);
        json.writeStringProperty("class", "IN");
        json.writeNumberProperty("opcode_id", 0);
        json.writeEndObject();
        boolean named = asked.rcode() < RCODES.size();
        json.writeNumberProperty("rcode_id", named ? asked.rcode() : OTHER);
        json.writeStringProperty("rcode", named ? RCODES.get(asked.rcode()) : Rcode.string(asked.rcode()));
    }

    /** @return why it is what it is (EDE, RFC 8914) */
    private static OptionalInt answers(JsonGenerator json, byte[] reply) {
        if (reply.length == 0) {
            return OptionalInt.empty();
        }
        try {
            Message message = new Message(reply);
            List<Record> answers = CappedText.first(message.getSection(Section.ANSWER));
            if (!answers.isEmpty()) {
                json.writeArrayPropertyStart("answers");
                answers.forEach(answer -> answer(json, answer));
                json.writeEndArray();
            }
            return ede(message.getOPT());
        } catch (IOException unreadable) {
            // A server's, which others may read.
            return OptionalInt.empty();
        }
    }

    private static void answer(JsonGenerator json, Record answer) {
        json.writeStartObject();
        CappedText.write(json, "rdata", data(answer), CappedText.NAME);
        CappedText.write(json, "type", Type.string(answer.getType()), CappedText.LABEL);
        json.writeStringProperty("class", "IN");
        json.writeNumberProperty("ttl", answer.getTTL());
        json.writeEndObject();
    }

    private static String data(Record answer) {
        if (answer instanceof ARecord four) {
            return AddressText.of(four.getAddress());
        }
        return answer instanceof AAAARecord six ? AddressText.of(six.getAddress()) : answer.rdataToString();
    }

    private static OptionalInt ede(OPTRecord edns) {
        return edns == null
                ? OptionalInt.empty()
                : edns.getOptions().stream()
                        .filter(ExtendedErrorCodeOption.class::isInstance)
                        .mapToInt(option -> ((ExtendedErrorCodeOption) option).getErrorCode())
                        .findFirst();
    }

    private static void unmapped(JsonGenerator json, DnsRecord asked, OptionalInt why) {
        json.writeObjectPropertyStart("unmapped");
        json.writeObjectPropertyStart("postern");
        json.writeStringProperty("ingress", "dns");
        CappedText.write(json, "listener", asked.listener(), CappedText.LABEL);
        if (!asked.carrier().isEmpty()) {
            json.writeStringProperty("carrier", asked.carrier());
        }
        PosternFields.whose(json, asked.tag());
        json.writeStringProperty("verdict", asked.verdict().action().name().toLowerCase(Locale.ROOT));
        PosternFields.rules(json, asked.rules());
        if (why.isPresent()) {
            json.writeNumberProperty("ede", why.getAsInt());
        }
        json.writeEndObject();
        json.writeEndObject();
    }
}
