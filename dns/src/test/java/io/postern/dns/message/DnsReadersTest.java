package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.dns.message.DnsFacts.Question;
import io.postern.dns.message.DnsFacts.Relative;
import io.postern.wire.Parse;
import io.postern.wire.ParserContract;
import io.postern.wire.datagram.DatagramContract;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

class DnsReadersTest {

    private static final DnsDatagramReader DATAGRAMS = DnsDatagramReader.onAnyPort();
    private static final DnsStreamReader STREAMS = new DnsStreamReader();

    private static Message query(String name, int type) throws TextParseException {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
        query.getHeader().setID(0x1234);
        return query;
    }

    private static Message answer(String name, int addresses) throws TextParseException, UnknownHostException {
        Message answer = query(name, Type.A);
        answer.getHeader().setFlag(Flags.QR);
        for (int i = 0; i < addresses; i++) {
            InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) i});
            answer.addRecord(new ARecord(Name.fromString(name), DClass.IN, 60, address), Section.ANSWER);
        }
        return answer;
    }

    private static DnsFacts facts(byte[] message) {
        Parse<DnsFacts> parse = DATAGRAMS.parse(ByteBuffer.wrap(message));
        assertThat(parse).isInstanceOf(Parse.Done.class);
        return ((Parse.Done<DnsFacts>) parse).value();
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(2 + message.length)
                .putShort((short) message.length)
                .put(message)
                .array();
    }

    @Test
    void questions() throws TextParseException {
        Message query = query("WWW.Acme.example.", Type.AAAA);
        query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        DnsFacts facts = new DnsFacts(
                Relative.DNS,
                0x1234,
                false,
                Optional.of(new Question("www.acme.example", Type.AAAA, DClass.IN, true)),
                Rcode.NOERROR,
                0,
                List.of(),
                OptionalInt.of(1232));
        byte[] message = query.toWire();
        DatagramContract.check(DATAGRAMS, message, new Parse.Done<>(facts, message.length));
        ParserContract.check(STREAMS, framed(message), facts);
    }

    /** What a query may hold besides its question without room for anybody's data. */
    @Test
    void aQuestionIsAloneWhereNothingElseIsCarried() throws TextParseException {
        byte[] bare = query("help.acme.example.", Type.A).toWire();
        assertThat(alone(bare)).isTrue();
        assertThat(alone(with(new OPTRecord(1232, 0, 0)))).isTrue();
        assertThat(alone(with(new OPTRecord(1232, 0, 0, 0x8000, List.of(new CookieOption(new byte[8]))))))
                .isTrue();
        assertThat(alone(with(new OPTRecord(1232, 0, 0, 0, List.of(new GenericEDNSOption(12, new byte[40]))))))
                .as("padding")
                .isFalse();
        assertThat(alone(with(new OPTRecord(
                        1232, 0, 0, 0, List.of(new CookieOption(new byte[8]), new CookieOption(new byte[8]))))))
                .isFalse();
        assertThat(alone(with(new OPTRecord(1232, 0, 0, 0x7FFF))))
                .as("flags that mean nothing")
                .isFalse();
        assertThat(alone(with(new TXTRecord(Name.fromString("a."), DClass.IN, 0, "data"))))
                .isFalse();
        for (int more : new int[] {1, 400, 600}) {
            assertThat(alone(Arrays.copyOf(bare, bare.length + more)))
                    .as("%d bytes behind it", more)
                    .isFalse();
        }
        for (int at : new int[] {2, 3, 5, 7, 9, 11}) {
            byte[] bent = bare.clone();
            bent[at] ^= 0x40;
            assertThat(alone(bent)).as("byte %d", at).isFalse();
        }
    }

    private static byte[] with(Record additional) throws TextParseException {
        Message query = query("help.acme.example.", Type.A);
        query.addRecord(additional, Section.ADDITIONAL);
        return query.toWire();
    }

    private static boolean alone(byte[] datagram) {
        return DATAGRAMS.parse(ByteBuffer.wrap(datagram)) instanceof Parse.Done<DnsFacts> done
                && done.value().question().filter(Question::alone).isPresent();
    }

    @Test
    void answers() throws TextParseException, UnknownHostException {
        Message answer = answer("a.example.", 2);
        answer.addRecord(
                new AAAARecord(Name.fromString("a.example."), DClass.IN, 60, InetAddress.getByName("2001:db8::1")),
                Section.ANSWER);
        DnsFacts facts = facts(answer.toWire());
        assertThat(facts.response()).isTrue();
        assertThat(facts.answers()).isEqualTo(3);
        assertThat(facts.addresses())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.0", "192.0.2.1", "2001:db8:0:0:0:0:0:1");
        ParserContract.check(STREAMS, framed(answer.toWire()), facts);
    }

    @Test
    void addressesAreCapped() throws TextParseException, UnknownHostException {
        DnsFacts facts = facts(answer("a.example.", 40).toWire());
        assertThat(facts.answers()).isEqualTo(40);
        assertThat(facts.addresses()).hasSize(DnsFacts.MOST_ADDRESSES);
    }

    @Test
    void noSuchName() throws TextParseException {
        Message answer = query("nothing.example.", Type.A);
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(Rcode.NXDOMAIN);
        assertThat(facts(answer.toWire()).rcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void oddNamesAreDnsStill() throws TextParseException {
        String label = "\\000\\255".repeat(31);
        Question question = facts(query(label + '.' + label + '.' + label + ".t.", Type.TXT)
                        .toWire())
                .question()
                .orElseThrow();
        assertThat(question.name()).hasSize(Question.LONGEST_NAME).startsWith("\\000\\255");
        assertThat(question.type()).isEqualTo(Type.TXT);
        assertThat(facts(query(".", Type.NS).toWire()).question().orElseThrow().name())
                .isEqualTo(".");
    }

    /** An address of three bytes: dnsjava reads nothing of it. */
    @Test
    void whatDnsjavaCannotReadTellsItsHeaderAndQuestion() {
        DnsFacts facts = facts(bytes("1234 8180 0001 0001 0000 0000 0161 076578616d706c65 00 0001 0001"
                + " c00c 0001 0001 0000003c 0003 c00002"));
        assertThat(facts.question().orElseThrow().name()).isEqualTo("a.example");
        assertThat(facts.answers()).isEqualTo(1);
        assertThat(facts.addresses()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0000 0000 0001 0000 0000 0000 0161 056c6f63616c 00 0001 0001, MULTICAST",
        "0000 0100 0001 0000 0000 0000 0161 056c6f63616c 00 0001 0001, DNS",
        "1234 0110 0001 0000 0000 0000 20 434b414141414141414141414141414141414141414141414141414141414141 00 0021 0001,"
                + " NETBIOS",
        "1234 0100 0001 0000 0000 0000 20 434b414141414141414141414141414141414141414141414141414141414141 00 0001 0001,"
                + " DNS"
    })
    void relativesAreTold(String message, Relative relative) {
        assertThat(facts(bytes(message)).relative()).isEqualTo(relative);
    }

    @Test
    void damagedMessagesAreKnownOnTheirPortOnly() {
        byte[] damaged = bytes("1234 0100 0001 0000 0000 0000 0161 476578616d706c65 00 0001 0001");
        DatagramContract.check(DATAGRAMS, damaged, new Parse.NotThis<>());
        Parse<DnsFacts> parse = DnsDatagramReader.onItsPort().parse(ByteBuffer.wrap(damaged));
        assertThat(parse)
                .isInstanceOfSatisfying(
                        Parse.Done.class,
                        done -> assertThat(((DnsFacts) done.value()).question()).isEmpty());
    }

    /** Servers answer these: one bit must not hide a question. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234 0103 0001 0000 0000 0000 0161 076578616d706c65 00 0001 0001",
                "1234 0340 0001 0000 0000 0000 0161 076578616d706c65 00 0001 0001",
                "1234 010f 0001 0001 0000 0000 0161 076578616d706c65 00 0001 0001 c00c 0001 0001 00000000 0004 c0000201"
            })
    void whatAHeaderSaysBesidesHidesNoQuestion(String hex) {
        byte[] message = bytes(hex);
        assertThat(facts(message).question().orElseThrow().name()).isEqualTo("a.example");
        assertThat(STREAMS.parse(ByteBuffer.wrap(framed(message)))).isInstanceOf(Parse.Done.class);
        byte[] counted = message.clone();
        counted[7] = 9;
        counted[13] = '%';
        DatagramContract.check(DATAGRAMS, counted, new Parse.NotThis<>());
        assertThat(DnsDatagramReader.onItsPort().parse(ByteBuffer.wrap(counted)))
                .isInstanceOf(Parse.Done.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "16 0301 0200 0100 01fc 0303",
                "0010 1234 0100 0001 0000",
                "0020 1234 0940",
                "0020 1234 0101 0001 0000 0000 0000 40",
                "0020 1234 0143",
                "0020 1234 0100 0002",
                "0020 1234 0100 0001 0001",
                "2000 1234",
                "474554202f20485454502f312e310d0a"
            })
    void otherStreamsAreNot(String hex) {
        byte[] bytes = bytes(hex);
        if (STREAMS.parse(ByteBuffer.wrap(bytes)) instanceof Parse.NeedMore<DnsFacts>) {
            bytes = Arrays.copyOf(bytes, 34);
        }
        ParserContract.refuses(STREAMS, bytes, new Parse.NotThis<>());
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
