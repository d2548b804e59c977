package io.postern.gateway.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.postern.analytics.Verdict;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.policy.Policy.Mode;
import io.postern.gateway.records.FlowRecord.MatchedRule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Questions are written as OCSF has DNS Activity. */
class OcsfDnsTest {

    private static final Name NAME = Name.fromConstantString("www.acme.example.");
    private static final AppTag TAG = new AppTag("LC01", "work", "netd", DeviceAssurance.ADDRESS, AppAssurance.NONE);

    @ParameterizedTest
    @CsvSource({
        "ALLOW, 0, NoError, 1, 1, 1",
        "ALERT, 0, NoError, 1, 19, 1",
        "BLOCK, 3, NXDomain, 2, 2, 1",
        "QUARANTINE, 5, Refused, 2, 3, 2",
        "ALLOW, 2, ServError, 1, 1, 2",
        "ALLOW, 16, BADVERS, 1, 1, 2"
    })
    void everyAnswerIsValid(Action verdict, int rcode, String code, int action, int disposition, int status)
            throws IOException {
        JsonNode json = valid(record(verdict, rcode, reply(new ARecord(NAME, DClass.IN, 60, address("192.0.2.1")))));
        assertThat(json.at("/class_uid").asInt()).isEqualTo(4003);
        assertThat(json.at("/type_uid").asInt()).isEqualTo(400_306);
        assertThat(json.at("/query/hostname").asString()).isEqualTo("www.acme.example");
        assertThat(json.at("/query/type").asString()).isEqualTo("A");
        assertThat(json.at("/rcode").asString()).isEqualTo(code);
        assertThat(json.at("/rcode_id").asInt()).isEqualTo(rcode < 6 ? rcode : 99);
        assertThat(json.at("/action_id").asInt()).isEqualTo(action);
        assertThat(json.at("/disposition_id").asInt()).isEqualTo(disposition);
        assertThat(json.at("/status_id").asInt()).isEqualTo(status);
        assertThat(json.at("/answers/0/rdata").asString()).isEqualTo("192.0.2.1");
        assertThat(json.at("/answers/0/ttl").asInt()).isEqualTo(60);
        assertThat(json.at("/device/uid").asString()).isEqualTo("LC01");
        assertThat(json.at("/actor/app_uid").asString()).isEqualTo("netd");
        assertThat(json.at("/unmapped/postern/carrier").asString()).isEqualTo("tls");
        assertThat(json.at("/unmapped/postern/rules/0/name").asString()).isEqualTo("r");
        assertThat(json.at("/response_time").asLong() - json.at("/query_time").asLong())
                .isEqualTo(12);
    }

    @Test
    void aLineIsBoundedWhateverAServerSays() throws IOException {
        Record[] texts = new Record[100];
        for (int each = 0; each < texts.length; each++) {
            texts[each] = new TXTRecord(NAME, DClass.IN, 60, "\u0007\"\n".repeat(80));
        }
        DnsRecord record = record(Action.ALLOW, 0, reply(texts));
        assertThat(valid(record).at("/answers").size()).isEqualTo(32);
        assertThat(line(record)).hasSizeLessThan(64 * 1024).isPrintable();
    }

    @Test
    void whyIsToldAndWhatMayNotBeToldIsNot() throws IOException {
        Message blocked = new Message(7);
        blocked.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(new ExtendedErrorCodeOption(15))), Section.ADDITIONAL);
        JsonNode json = valid(record(Action.BLOCK, 3, blocked.toWire()));
        assertThat(json.at("/unmapped/postern/ede").asInt()).isEqualTo(15);
        JsonNode personal = valid(record(Action.ALLOW, 0, new byte[0]));
        assertThat(personal.has("answers")).isFalse();
    }

    private static DnsRecord record(Action verdict, int rcode, byte[] reply) throws IOException {
        Instant asked = Instant.ofEpochMilli(1_800_000_000_000L);
        return new DnsRecord(
                "01M7XY8YSDRMVGET55019FH43N",
                "names",
                address("10.77.0.1"),
                853,
                Transport.TCP,
                "tls",
                TAG,
                new InetSocketAddress(address("10.77.9.4"), 40_000),
                asked,
                asked.plusMillis(12),
                "www.acme.example",
                Type.A,
                rcode,
                reply,
                new Verdict(verdict, "r"),
                List.of(new MatchedRule("r", verdict, Mode.ENFORCE, verdict)),
                "e2f0264fb233");
    }

    private static byte[] reply(Record... records) {
        Message message = new Message(7);
        message.getHeader().setFlag(Flags.QR);
        message.addRecord(Record.newRecord(NAME, Type.A, DClass.IN), Section.QUESTION);
        for (Record record : records) {
            message.addRecord(record, Section.ANSWER);
        }
        return message.toWire();
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByName(text);
    }

    private static String line(DnsRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new OcsfDns("0.1.0").write(record, out);
        String line = out.toString(StandardCharsets.US_ASCII);
        assertThat(line).endsWith("\n");
        return line.stripTrailing();
    }

    private static JsonNode valid(DnsRecord record) throws IOException {
        String line = line(record);
        try (InputStream in =
                Objects.requireNonNull(OcsfDnsTest.class.getResourceAsStream("/ocsf-1.4/dns_activity.schema.json"))) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(schema.validate(line, InputFormat.JSON)).isEmpty();
        }
        return JsonMapper.shared().readTree(line);
    }
}
