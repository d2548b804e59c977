package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** RFC 7830 section 4, by the lengths of RFC 8467 section 4.1. */
class RepliesTest {

    private static final Name NAME = Name.fromConstantString("www.acme.example.");
    private static final OptionalInt BLOCKED = OptionalInt.of(Replies.EDE_BLOCKED);

    @Test
    void whoeverPadsInsideTlsIsPaddedFor() throws Exception {
        Query query = query(true, true);
        for (byte[] told : List.of(
                Replies.error(query, Rcode.NXDOMAIN, OptionalInt.empty()),
                Replies.error(query, Rcode.NXDOMAIN, BLOCKED),
                Replies.truncated(query),
                Replies.everything(query),
                Replies.addresses(query, List.of(), BLOCKED),
                Replies.of(query, answer(1), 9, 65_535, OptionalInt.empty()))) {
            assertThat(told).hasSize(468);
            assertThat(padding(told)).containsOnly(0);
        }
        Message told = new Message(Replies.error(query, Rcode.NXDOMAIN, BLOCKED));
        assertThat(told.getOPT().getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR))
                .singleElement()
                .isInstanceOfSatisfying(
                        ExtendedErrorCodeOption.class,
                        ede -> assertThat(ede.getErrorCode()).isEqualTo(15));
    }

    @Test
    void nobodyElseIs() throws Exception {
        for (Query query : List.of(query(true, false), query(false, true))) {
            assertThat(new Message(Replies.error(query, Rcode.NXDOMAIN, BLOCKED))
                            .getOPT()
                            .getOptions(EDNSOption.Code.PADDING))
                    .isEmpty();
        }
    }

    /** Every length there is: the next block, and none that is too long for a stream. */
    @Test
    void aLongAnswerIsPaddedAsFarAsThereIsRoom() throws Exception {
        Query query = query(true, true);
        for (int records : new int[] {24, 25, 26, 27, 28, 60, 4_000, 4_087, 4_088, 4_092, 4_093}) {
            Reply reply = answer(records);
            int bare = reply.message().length + 11;
            byte[] told = Replies.of(query, reply, 9, 65_535, OptionalInt.empty());
            assertThat(new Message(told).getHeader().getFlag(Flags.TC)).isEqualTo(bare > 65_535);
            if (bare + 4 <= 65_535) {
                assertThat(told.length).isEqualTo(Math.min((bare + 4 + 467) / 468 * 468, 65_535));
                assertThat(new Message(told).getSection(Section.ANSWER)).hasSize(records);
            }
        }
    }

    /** RFC 2308 section 5: without it nobody may remember that there is nothing. */
    @Test
    void thatThereIsNothingMayBeRememberedForAShortTime() throws Exception {
        Query query = query(false, false);
        for (byte[] told : List.of(
                Replies.noSuchName(query, BLOCKED),
                Replies.addresses(query, List.of(), BLOCKED),
                Replies.addresses(
                        query, List.of(java.net.InetAddress.getByName("2001:db8::1")), OptionalInt.empty()))) {
            Message message = new Message(told);
            assertThat(message.getSection(Section.ANSWER)).isEmpty();
            assertThat(message.getSection(Section.AUTHORITY))
                    .singleElement()
                    .isInstanceOfSatisfying(SOARecord.class, soa -> {
                        assertThat(soa.getName()).isEqualTo(NAME);
                        assertThat(soa.getTTL()).isEqualTo(10);
                        assertThat(soa.getMinimum()).isEqualTo(10);
                    });
            Reply kept = ReplyReader.read(told, query.key())
                    .flatMap(ReplyReader.Read::reply)
                    .orElseThrow();
            assertThat(kept.ttl()).isEqualTo(10);
        }
        assertThat(new Message(Replies.noSuchName(query, BLOCKED)).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    /** What failed, or was refused, is not kept by anybody for want of a record. */
    @Test
    void whatIsNoAnswerHasNoSoa() throws Exception {
        for (int rcode : new int[] {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.FORMERR}) {
            assertThat(new Message(Replies.error(query(false, false), rcode, BLOCKED)).getSection(Section.AUTHORITY))
                    .isEmpty();
        }
    }

    private static byte[] padding(byte[] told) throws Exception {
        return new Message(told)
                .getOPT().getOptions(EDNSOption.Code.PADDING).stream()
                        // Behind code and length.
                        .map(option -> Arrays.copyOfRange(option.toWire(), 4, option.toWire().length))
                        .findFirst()
                        .orElseThrow();
    }

    private static Query query(boolean padded, boolean secret) {
        Message query = Message.newQuery(Record.newRecord(NAME, Type.A, DClass.IN));
        byte[] filled = new byte[40];
        Arrays.fill(filled, (byte) 7);
        query.addRecord(
                new OPTRecord(
                        1_232,
                        0,
                        0,
                        0,
                        padded
                                ? List.of(new GenericEDNSOption(EDNSOption.Code.PADDING, filled))
                                : List.of(new GenericEDNSOption(65_001, filled))),
                Section.ADDITIONAL);
        return ((Query.Read.Asks) QueryReader.read(query.toWire(), secret)).query();
    }

    private static Reply answer(int records) throws Exception {
        Message reply = new Message(7);
        reply.getHeader().setFlag(Flags.QR);
        reply.addRecord(Record.newRecord(NAME, Type.A, DClass.IN), Section.QUESTION);
        for (int each = 0; each < records; each++) {
            byte[] address = {10, 0, (byte) (each >> 8), (byte) each};
            reply.addRecord(
                    new ARecord(NAME, DClass.IN, 60, java.net.InetAddress.getByAddress(address)), Section.ANSWER);
        }
        QuestionKey key = new QuestionKey(NAME.toWireCanonical(), Type.A, false, false);
        return ReplyReader.read(reply.toWire(), key)
                .flatMap(ReplyReader.Read::reply)
                .orElseThrow();
    }
}
