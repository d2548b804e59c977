package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
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
        assertThat(read.aliases()).containsExactly("a.example");
        assertThat(read.ttl()).isEqualTo(40);
    }

    /**
     * Of a server that is somebody else's, or asks one: of {@code www.example.}'s address all else is left out, by clients
     * that want signatures and by those that do not.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            an address of a name that was not asked   | bank.example.   | A     | 192.0.2.66                                | no
            another's, below it                       | a.www.example.  | A     | 192.0.2.66                                | no
            one above it                              | example.        | A     | 192.0.2.66                                | no
            something else of the name asked          | www.example.    | NS    | ns.evil.example.                          | no
            its other family                          | www.example.    | AAAA  | 2001:db8::66                              | no
            text                                      | www.example.    | TXT   | text                                      | no
            an alias of somebody else                 | bank.example.   | CNAME | www.example.                              | no
            a zone elsewhere that stands for another  | bank.example.   | DNAME | evil.example.                             | no
            a zone above that stands for another      | example.        | DNAME | other.example.                            | any
            a signature                               | www.example.    | RRSIG | A 8 2 60 20370101000000 20200101000000 1 example. AAAA | signed
            a signature of something else             | www.example.    | RRSIG | NS 8 2 60 20370101000000 20200101000000 1 example. AAAA | no
            a signature of somebody else              | bank.example.   | RRSIG | A 8 2 60 20370101000000 20200101000000 1 example. AAAA | no
            """)
    void onlyWhatWasAskedForIsToldOn(String what, String owner, String type, String data, String told)
            throws IOException {
        for (boolean signatures : new boolean[] {false, true}) {
            Message reply = reply(NAME, Type.A);
            add(reply, Section.ANSWER, NAME, Type.A, 300, "192.0.2.1");
            add(reply, Section.ANSWER, owner, Type.value(type), 1, data);
            Reply read = read(reply, Type.A, signatures).orElseThrow().reply().orElseThrow();
            boolean stays = told.equals("any") || (told.equals("signed") && signatures);
            assertThat(new Message(read.standalone(7)).getSection(Section.ANSWER))
                    .as(what)
                    .hasSize(stays ? 2 : 1);
            assertThat(read.addresses()).extracting(InetAddress::getHostAddress).containsExactly("192.0.2.1");
            assertThat(read.ttl()).isEqualTo(stays ? 1 : 300);
        }
    }

    @Test
    void whoAsksForAZonesAliasHasItsSignature() throws IOException {
        Message reply = reply(NAME, Type.DNAME);
        add(reply, Section.ANSWER, NAME, Type.DNAME, 300, "other.example.");
        add(reply, Section.ANSWER, NAME, Type.RRSIG, 300, "DNAME 8 2 60 20370101000000 20200101000000 1 example. AAAA");
        Reply read = read(reply, Type.DNAME, true).orElseThrow().reply().orElseThrow();
        assertThat(new Message(read.standalone(7)).getSection(Section.ANSWER)).hasSize(2);
    }

    /** A dot within a label is no border between two. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            www\\.evil.example.    | evil.example. | 0
            www\\.evil.example.    | example.      | 1
            www\\\\.evil.example.  | evil.example. | 1
            www\\\\\\.evil.example. | evil.example. | 0
            """)
    void aZoneEndsAtTheBorderOfALabel(String asked, String zone, int told) throws IOException {
        Message reply = reply(asked, Type.A);
        reply.getHeader().setRcode(Rcode.NXDOMAIN);
        add(reply, Section.AUTHORITY, zone, Type.SOA, 600, "ns.example. a.example. 1 2 3 4 600");
        Reply read = ReplyReader.read(
                        reply.toWire(), new QuestionKey(Name.fromString(asked).toWireCanonical(), Type.A, false, false))
                .orElseThrow()
                .reply()
                .orElseThrow();
        assertThat(new Message(read.standalone(7)).getSection(Section.AUTHORITY))
                .hasSize(told);
    }

    /** Or policy is asked of the one, and the client follows the other. */
    @Test
    void anAliasHasOneTarget() throws IOException {
        Message reply = reply(NAME, Type.A);
        add(reply, Section.ANSWER, NAME, Type.CNAME, 50, "good.example.");
        add(reply, Section.ANSWER, NAME, Type.CNAME, 50, "evil.example.");
        add(reply, Section.ANSWER, "evil.example.", Type.A, 50, "192.0.2.66");
        add(reply, Section.ANSWER, NAME, Type.A, 50, "192.0.2.67");
        add(reply, Section.ANSWER, "good.example.", Type.A, 50, "192.0.2.1");
        Reply read = read(reply, Type.A).orElseThrow().reply().orElseThrow();
        assertThat(read.aliases()).containsExactly("good.example");
        assertThat(read.addresses()).extracting(InetAddress::getHostAddress).containsExactly("192.0.2.1");
        assertThat(new Message(read.standalone(7)).getSection(Section.ANSWER))
                .extracting(Record::rdataToString)
                .containsExactly("good.example.", "192.0.2.1");
    }

    /** A proof that there is nothing is of a zone that the name is in, and holds nothing that one could go to. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            the zone's              | example.      | SOA   | ns.example. a.example. 1 2 3 4 600                             | any
            the root's              | .             | SOA   | a.root. b.root. 1 2 3 4 600                                    | any
            the name's own          | www.example.  | SOA   | ns.example. a.example. 1 2 3 4 600                             | any
            another's               | evil.test.    | SOA   | ns.evil.test. a.evil.test. 1 2 3 4 600                         | no
            one beside it           | ww.example.   | SOA   | ns.example. a.example. 1 2 3 4 600                             | no
            one whose name ends so  | le.           | SOA   | ns.example. a.example. 1 2 3 4 600                             | no
            servers                 | example.      | NS    | ns.evil.test.                                                  | no
            an address              | www.example.  | A     | 192.0.2.66                                                     | no
            an alias                | www.example.  | CNAME | evil.test.                                                     | no
            a gap                   | a.example.    | NSEC  | z.example. A RRSIG NSEC                                        | signed
            its signature           | a.example.    | RRSIG | NSEC 8 2 60 20370101000000 20200101000000 1 example. AAAA      | signed
            the servers' signature  | example.      | RRSIG | NS 8 1 60 20370101000000 20200101000000 1 example. AAAA        | no
            """)
    void onlyProofsAreToldOn(String what, String owner, String type, String data, String told) throws IOException {
        for (boolean signatures : new boolean[] {false, true}) {
            Message reply = reply(NAME, Type.A);
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
            add(reply, Section.AUTHORITY, owner, Type.value(type), 600, data);
            Reply read = read(reply, Type.A, signatures).orElseThrow().reply().orElseThrow();
            boolean stays = told.equals("any") || (told.equals("signed") && signatures);
            assertThat(new Message(read.standalone(7)).getSection(Section.AUTHORITY))
                    .as(what)
                    .hasSize(stays ? 1 : 0);
            assertThat(read.rcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(read.ttl()).isEqualTo(stays && type.equals("SOA") ? 600 : 0);
        }
    }

    @Test
    void aRecordOfAnotherClassIsNoAnswer() throws IOException {
        Message reply = reply(NAME, Type.A);
        reply.addRecord(
                Record.fromString(Name.fromString(NAME), Type.A, DClass.HS, 60, "192.0.2.66", Name.root),
                Section.ANSWER);
        assertThat(read(reply, Type.A)).isEmpty();
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

    /** Whoever is judged by where it leads must not hide behind a record that others can read. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0001 00                                                        | -                       | true
            0001 00 0001 0003 026832 0004 0008 c0000201 c0000202           | 192.0.2.1 192.0.2.2     | true
            0000 0161 00 0006 0010 20010db8000000000000000000000007        | 2001:db8:0:0:0:0:0:7    | true
            0001 00 0004 0004 c0000201 0005 0002 0000 fde8 0000            | 192.0.2.1               | true
            0001 00 0004 0003 c00002                                       | an address cut short    | false
            0001 00 0004 0000                                              | none                    | false
            0001 00 0006 0004 c0000201                                     | one of another length   | false
            0001 00 0004 0005 c0000201                                     | over the end            | false
            0001 00 0004 00                                                | no length               | false
            0001 00 0004 0004 c0000201 0004 0004 c0000202                  | twice                   | false
            0001 00 0004 0004 c0000201 0001 0003 026832                    | keys that fall          | false
            0001 c00c 0004 0004 c0000201                                   | a target that points    | false
            0001 0161                                                      | a target without an end | false
            00                                                             | nothing                 | false
            """)
    void hintsAreWhereAnAnswerLeads(String data, String leads, boolean good) {
        byte[] service = HexFormat.of().parseHex(data.replace(" ", ""));
        String head = "0000 8180 0001 0002 0000 0000 03777777 076578616d706c65 00 0041 0001 c00c 0041 0001 0000003c";
        byte[] message = HexFormat.of()
                .parseHex((head
                                + "%04x%s c00c 0041 0001 0000003c 0007 0001 00 fde8 0000"
                                        .formatted(
                                                service.length, HexFormat.of().formatHex(service)))
                        .replace(" ", ""));
        Optional<Reply> read = ReplyReader.read(message, key(NAME, Type.HTTPS)).flatMap(ReplyReader.Read::reply);
        assertThat(read.isPresent()).isEqualTo(good);
        read.ifPresent(reply -> assertThat(reply.addresses())
                .extracting(InetAddress::getHostAddress)
                .isEqualTo(leads.equals("-") ? List.of() : List.of(leads.split(" "))));
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
        return read(reply, type, false);
    }

    private static Optional<ReplyReader.Read> read(Message reply, int type, boolean signatures) {
        byte[] wire = reply.toWire();
        QuestionKey key = new QuestionKey(key(NAME, type).name(), type, signatures, false);
        assertThat(ReplyReader.answers(wire, key)).isTrue();
        return ReplyReader.read(wire, key);
    }
}
