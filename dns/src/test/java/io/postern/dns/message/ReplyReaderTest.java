package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ReplyReaderTest {

    private static final String NAME = "www.example.";

    @Test
    void keepsTheAnswerAndNothingBehindIt() throws IOException {
        Message reply = reply(NAME, Type.A);
        add(reply, Section.ANSWER, NAME, Type.A, 300, "192.0.2.1");
        add(reply, Section.AUTHORITY, "example.", Type.NS, 300, "ns.example.");
        add(reply, Section.ADDITIONAL, "ns.example.", Type.A, 300, "192.0.2.53");
        Reply kept = read(reply, Type.A).orElseThrow().reply().orElseThrow();
        assertThat(kept.ttl()).isEqualTo(300);
        assertThat(kept.positive()).isTrue();
        Message told = new Message(kept.standalone(60));
        assertThat(told.getSection(Section.ANSWER)).hasSize(1);
        assertThat(told.getSection(Section.ANSWER).get(0).getTTL()).isEqualTo(60);
        assertThat(told.getSection(Section.AUTHORITY)).isEmpty();
        assertThat(told.getSection(Section.ADDITIONAL)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NXDOMAIN, 60, 900, 60", "NOERROR, 900, 30, 30"})
    void thatThereIsNothingIsKeptByItsSoa(String rcode, long ttl, long minimum, long kept) throws IOException {
        Message reply = reply(NAME, Type.A);
        reply.getHeader().setRcode(Rcode.value(rcode));
        add(reply, Section.AUTHORITY, "example.", Type.SOA, ttl, "ns.example. a.example. 1 2 3 4 " + minimum);
        Reply read = read(reply, Type.A).orElseThrow().reply().orElseThrow();
        assertThat(read.positive()).isFalse();
        assertThat(read.ttl()).isEqualTo(kept);
        assertThat(new Message(read.standalone(7)).getSection(Section.AUTHORITY))
                .hasSize(1);
    }

    @Test
    void strangersInTheAnswerAreLeftOut() throws IOException {
        Message reply = reply(NAME, Type.A);
        add(reply, Section.ANSWER, "bank.example.", Type.A, 1, "192.0.2.66");
        add(reply, Section.ANSWER, NAME, Type.CNAME, 50, "a.example.");
        add(reply, Section.ANSWER, "a.example.", Type.A, 40, "192.0.2.1");
        Reply read = read(reply, Type.A).orElseThrow().reply().orElseThrow();
        List<Record> told = new Message(read.standalone(7)).getSection(Section.ANSWER);
        assertThat(told).extracting(Record::getName).extracting(Name::toString).containsExactly(NAME, "a.example.");
        assertThat(read.ttl()).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource({"8, true", "9, false"})
    void followsEightAliases(int aliases, boolean good) throws IOException {
        Message reply = reply(NAME, Type.A);
        for (int each = 0; each < aliases; each++) {
            add(
                    reply,
                    Section.ANSWER,
                    each == 0 ? NAME : "a" + each + ".example.",
                    Type.CNAME,
                    60,
                    "a" + (each + 1) + ".example.");
        }
        add(reply, Section.ANSWER, "a" + aliases + ".example.", Type.A, 60, "192.0.2.1");
        assertThat(read(reply, Type.A)).matches(read -> read.isPresent() == good);
    }

    /** Of each: a count that is a lie, rubbish behind it, a length over the end, an address that is too short. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000 8180 0001 0002 0000 0000 03777777 076578616d706c65 00 0001 0001 c00c 0001 0001 0000003c 0004 c0000201",
                "0000 8180 0001 0001 0000 0000 03777777 076578616d706c65 00 0001 0001 c00c 0001 0001 0000003c 0004 c0000201 00",
                "0000 8180 0001 0001 0000 0000 03777777 076578616d706c65 00 0001 0001 c00c 0001 0001 0000003c 0005 c0000201",
                "0000 8180 0001 0001 0000 0000 03777777 076578616d706c65 00 0001 0001 c00c 0001 0001 0000003c 0003 c00002",
                "0000 8180 0001 ffff ffff ffff 03777777 076578616d706c65 00 0001 0001 c00c 0001 0001 0000003c 0004 c0000201",
                // An alias to a pointer to itself, and one whose name never ends.
                "0000 8180 0001 0001 0000 0000 03777777 076578616d706c65 00 0001 0001 c00c 0005 0001 0000003c 0002 c029",
                "0000 8180 0001 0001 0000 0000 03777777 076578616d706c65 00 0001 0001 c00c 0005 0001 0000003c 0002 3f00",
            })
    void whatBreaksARuleIsNoAnswer(String hex) {
        byte[] message = HexFormat.of().parseHex(hex.replace(" ", ""));
        QuestionKey key = key(NAME, Type.A);
        assertThat(ReplyReader.answers(message, key)).isTrue();
        assertThat(ReplyReader.read(message, key)).isEmpty();
    }

    @Test
    void aClientGetsItsOwnIdAndLettersAndWhatItTakes() throws IOException {
        Message reply = reply(NAME, Type.A);
        add(reply, Section.ANSWER, NAME, Type.A, 300, "192.0.2.1");
        Reply kept = read(reply, Type.A).orElseThrow().reply().orElseThrow();
        Message asked = Message.newQuery(Record.newRecord(Name.fromString("WwW.eXample."), Type.A, DClass.IN));
        Query query = ((Query.Read.Asks) QueryReader.read(asked.toWire())).query();
        byte[] told = Replies.of(query, kept, 9, 512, OptionalInt.empty());
        Message message = new Message(told);
        assertThat(message.getHeader().getID()).isEqualTo(asked.getHeader().getID());
        assertThat(message.getQuestion().getName()).hasToString("WwW.eXample.");
        assertThat(message.getSection(Section.ANSWER).get(0).getTTL()).isEqualTo(9);
        byte[] cut = Replies.of(query, kept, 9, told.length - 1, OptionalInt.empty());
        assertThat(new Message(cut).getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(cut).hasSizeLessThan(told.length);
    }

    private static Message reply(String name, int type) throws IOException {
        Message reply = new Message(7);
        reply.getHeader().setFlag(Flags.QR);
        reply.addRecord(Record.newRecord(Name.fromString(name), type, DClass.IN), Section.QUESTION);
        return reply;
    }

    private static void add(Message reply, int section, String name, int type, long ttl, String data)
            throws IOException {
        reply.addRecord(Record.fromString(Name.fromString(name), type, DClass.IN, ttl, data, Name.root), section);
    }

    static QuestionKey key(String name, int type) {
        byte[] labels = name.toLowerCase(Locale.ROOT).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] wire = new byte[labels.length + 1];
        System.arraycopy(labels, 0, wire, 1, labels.length);
        int length = 0;
        for (int at = labels.length; at >= 0; at--) {
            boolean dot = at == 0 || wire[at] == '.';
            if (dot) {
                wire[at] = (byte) length;
                length = 0;
            } else {
                length++;
            }
        }
        return new QuestionKey(Arrays.copyOf(wire, wire.length), type, false, false);
    }

    private static Optional<ReplyReader.Read> read(Message reply, int type) {
        byte[] wire = reply.toWire();
        assertThat(ReplyReader.answers(wire, key(NAME, type))).isTrue();
        return ReplyReader.read(wire, key(NAME, type));
    }
}
