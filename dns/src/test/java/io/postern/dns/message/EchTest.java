package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.HTTPSRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.SVCBBase.ParameterBase;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** ECH is taken out of records, and nothing else but what depends on it. */
class EchTest {

    private static final Name NAME = Name.fromConstantString("www.acme.example.");
    private static final QuestionKey KEY =
            new QuestionKey(WireName.canonical(NAME.toWire(), 0, NAME.length()), Type.HTTPS, true, false);

    @Test
    void theRestOfARecordStays() throws IOException {
        Reply reply = reply(service(1, alpn(), ech(), hint()), signature());
        Reply left = Ech.without(reply, KEY).orElseThrow();
        List<Record> records = answers(left);
        assertThat(records).hasSize(1);
        SVCBBase service = (SVCBBase) records.get(0);
        assertThat(service.getSvcParamKeys()).containsExactlyInAnyOrder(SVCBBase.ALPN, SVCBBase.IPV4HINT);
        assertThat(service.getSvcPriority()).isEqualTo(1);
        assertThat(left.ttl()).isEqualTo(300);
        assertThat(left.addresses()).containsExactly(InetAddress.getByName("192.0.2.7"));
    }

    @Test
    void whatHasNoneIsTheSame() throws IOException {
        Reply reply = reply(service(1, alpn(), hint()), signature());
        assertThat(Ech.without(reply, KEY)).containsSame(reply);
    }

    /** RFC 9460 section 8: nobody may use it who does not know all of these. */
    @Test
    void aRecordThatIsNothingWithoutGoes() throws IOException {
        Reply reply = reply(
                service(1, new SVCBBase.ParameterMandatory(List.of(SVCBBase.ECH)), ech()), service(2, alpn(), ech()));
        assertThat(answers(Ech.without(reply, KEY).orElseThrow()))
                .singleElement()
                .satisfies(record ->
                        assertThat(((SVCBBase) record).getSvcPriority()).isEqualTo(2));
    }

    private static List<Record> answers(Reply reply) throws IOException {
        return new Message(reply.standalone(300)).getSection(Section.ANSWER);
    }

    private static Reply reply(Record... records) throws IOException {
        Message message = new Message(7);
        message.getHeader().setFlag(Flags.QR);
        message.addRecord(Record.newRecord(NAME, Type.HTTPS, DClass.IN), Section.QUESTION);
        for (Record record : records) {
            message.addRecord(record, Section.ANSWER);
        }
        return ReplyReader.read(message.toWire(), KEY)
                .flatMap(ReplyReader.Read::reply)
                .orElseThrow();
    }

    private static Record service(int priority, ParameterBase... parameters) {
        return new HTTPSRecord(NAME, DClass.IN, 300, priority, Name.root, new ArrayList<>(List.of(parameters)));
    }

    private static Record signature() {
        Instant now = Instant.EPOCH;
        return new RRSIGRecord(NAME, DClass.IN, 300, Type.HTTPS, 8, 300, now, now, 1, NAME, new byte[] {1, 2});
    }

    private static ParameterBase alpn() throws IOException {
        SVCBBase.ParameterAlpn alpn = new SVCBBase.ParameterAlpn();
        alpn.fromString("h2");
        return alpn;
    }

    private static ParameterBase ech() {
        return new SVCBBase.ParameterEch(new byte[] {0, 1, 2});
    }

    private static ParameterBase hint() throws IOException {
        return new SVCBBase.ParameterIpv4Hint(List.of((Inet4Address) InetAddress.getByName("192.0.2.7")));
    }
}
