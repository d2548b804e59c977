package io.postern.dns.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Our readers and dnsjava's, on the same bytes: both take a message or both refuse it, and what is used of it is the same.
 * Where they differ it is for one of these reasons, each of which is looked for, and none is taken on trust:
 *
 * <pre>
 * we refuse, dnsjava takes
 *   a query      with more than its question and OPT, TSIG or SIG; with two OPT or one of another name than the root, or of that one by a pointer; with
 *                bytes behind it; with a name that points elsewhere
 *   an answer    of another class; with two OPT; with aliases that lead round or further than eight; with hints that are none
 *                (SVCB); with more than 4,096 records; with bytes behind it, or written with pointers that dnsjava
 *                itself would not write
 * we take, dnsjava refuses
 *   either       for the data of a record that is told on unread, or not at all, or for an option of EDNS
 * both take it
 *   either       with an OPT whose first bit of the upper RCODE is set: where other records have a TTL, of which dnsjava
 *                makes 0 then (RFC 2181 section 8), and with it of version and flags
 * </pre>
 */
class DifferentialFuzzTest {

    private static final int MOST_RECORDS = 4_096;
    private static final int MOST_ALIASES = 8;
    /** Of private use: dnsjava takes any data for it. */
    private static final int UNKNOWN = 65_280;

    private static final int ASKED = 65_281;

    @FuzzTest
    void agreesAboutQueries(byte[] bytes) throws IOException {
        Optional<Message> theirs = dnsjava(bytes);
        Query.Read ours = QueryReader.read(bytes);
        boolean asks = theirs.filter(message -> asks(message, bytes)).isPresent();
        if (ours instanceof Query.Read.Asks taken) {
            Query query = taken.query();
            (theirs.isPresent()
                            ? theirs
                            : readable(bytes, query.questionEnd(), query.key().type()))
                    .ifPresent(message -> same(query, message));
        } else {
            assertThat(asks).as("what dnsjava takes for a query").isFalse();
        }
    }

    private static boolean asks(Message message, byte[] bytes) {
        Header header = message.getHeader();
        boolean head = !header.getFlag(Flags.QR)
                && header.getOpcode() == 0
                && header.getFlag(Flags.RD)
                && (bytes[3] & 0x0F) == Rcode.NOERROR
                && header.getCount(Section.QUESTION) == 1
                && header.getCount(Section.ANSWER) == 0
                && header.getCount(Section.AUTHORITY) == 0
                && header.getCount(Section.ADDITIONAL) <= 2;
        if (!head || message.numBytes() != bytes.length) {
            return false;
        }
        Record question = message.getQuestion();
        // A pointer in the only name there is can lead nowhere but into the head.
        boolean whole = Arrays.equals(
                question.getName().toWireCanonical(),
                lower(bytes, question.getName().length()));
        return whole
                && question.getDClass() == DClass.IN
                && !refused(question.getType())
                && message.getSection(Section.ADDITIONAL).stream().allMatch(DifferentialFuzzTest::allowed)
                && options(message).size() <= 1
                && options(message).stream().allMatch(each -> each.getVersion() == 0)
                && !pointed(bytes, DnsHead.LENGTH + question.getName().length() + 4)
                && !zeroed(bytes, DnsHead.LENGTH + question.getName().length() + 4);
    }

    private static byte[] lower(byte[] bytes, int length) {
        byte[] name = Arrays.copyOfRange(bytes, DnsHead.LENGTH, DnsHead.LENGTH + length);
        for (int at = 0; at < name.length; at++) {
            name[at] = WireName.lower(name[at]);
        }
        return name;
    }

    private static boolean refused(int type) {
        return switch (type) {
            case 0, Type.OPT, Type.TKEY, Type.TSIG, Type.MAILA, Type.MAILB, Type.AXFR, Type.IXFR -> true;
            default -> false;
        };
    }

    private static boolean allowed(Record record) {
        return switch (record.getType()) {
            case Type.OPT -> record.getName().equals(Name.root);
            case Type.TSIG, Type.SIG -> true;
            default -> false;
        };
    }

    private static List<OPTRecord> options(Message message) {
        return message.getSection(Section.ADDITIONAL).stream()
                .filter(OPTRecord.class::isInstance)
                .map(OPTRecord.class::cast)
                .toList();
    }

    private static void same(Query query, Message message) {
        QuestionKey key = query.key();
        Record question = message.getQuestion();
        assertThat(key.name()).isEqualTo(question.getName().toWireCanonical());
        assertThat(key.type()).isEqualTo(question.getType());
        assertThat(DnsHead.id(query.message())).isEqualTo(message.getHeader().getID());
        assertThat(key.unchecked()).isEqualTo(message.getHeader().getFlag(Flags.CD));
        List<OPTRecord> options = options(message);
        assertThat(query.edns()).isEqualTo(!options.isEmpty());
        assertThat(key.signatures())
                .isEqualTo(
                        zeroed(query.message(), query.questionEnd())
                                ? key.signatures()
                                : options.stream().anyMatch(each -> (each.getFlags() & ExtendedFlags.DO) != 0));
        assertThat(query.udpSize())
                .isEqualTo(options.stream()
                        .mapToInt(each -> Math.max(Query.LEAST_UDP, each.getPayloadSize()))
                        .findFirst()
                        .orElse(Query.LEAST_UDP));
    }

    @FuzzTest
    void agreesAboutAnswers(byte[] bytes) throws IOException {
        int end = bytes.length < 17 ? -1 : WireName.end(bytes, DnsHead.LENGTH, bytes.length);
        byte[] name = end < 0 ? new byte[0] : WireName.canonical(bytes, DnsHead.LENGTH, end);
        if (end < 0 || end + 4 > bytes.length || name.length != end - DnsHead.LENGTH) {
            return;
        }
        for (boolean signatures : new boolean[] {false, true}) {
            QuestionKey key = new QuestionKey(name, DnsHead.u16(bytes, end), signatures, false);
            if (ReplyReader.answers(bytes, key)) {
                agree(bytes, key, end + 4);
            }
        }
    }

    private static void agree(byte[] bytes, QuestionKey key, int questionEnd) throws IOException {
        Optional<ReplyReader.Read> ours = ReplyReader.read(bytes, key);
        Optional<Message> theirs = dnsjava(bytes);
        if (ours.isPresent()) {
            Optional<Message> message = theirs.isPresent() ? theirs : readable(bytes, questionEnd, key.type());
            boolean masked = theirs.isEmpty() && !read(key.type());
            if (zeroed(bytes, questionEnd)) {
                assertThat(ours.get().rcode()).isGreaterThanOrEqualTo(0x800);
                assertThat(ours.get().reply()).isEmpty();
            } else if (message.isPresent()) {
                same(ours.get(), message.get(), key, masked ? ASKED : key.type(), DnsHead.flags(bytes));
            }
        } else if (theirs.isPresent() && !differs(theirs.get(), bytes, key)) {
            byte[] written = theirs.get().toWire();
            assertThat(written).as("as dnsjava writes it").isNotEqualTo(bytes);
            assertThat(ReplyReader.read(written, key)).as("what dnsjava takes").isPresent();
        }
    }

    /** By what it means, however it is written. */
    private static boolean differs(Message message, byte[] bytes, QuestionKey key) {
        List<Record> told = new ArrayList<>(message.getSection(Section.ANSWER));
        told.addAll(message.getSection(Section.AUTHORITY));
        int records = told.size() + message.getSection(Section.ADDITIONAL).size();
        return records > MOST_RECORDS
                || message.numBytes() != bytes.length
                || told.stream().anyMatch(each -> each.getDClass() != DClass.IN || each instanceof OPTRecord)
                || options(message).size() > 1
                || options(message).stream().anyMatch(each -> !each.getName().equals(Name.root))
                || message.getSection(Section.ADDITIONAL).stream().anyMatch(SVCBBase.class::isInstance)
                || told.stream().anyMatch(SVCBBase.class::isInstance)
                || chain(message, key).isEmpty();
    }

    private static void same(ReplyReader.Read read, Message message, QuestionKey key, int type, int flags) {
        assertThat(read.rcode()).isEqualTo(message.getRcode());
        assertThat(read.truncated()).isEqualTo((flags & DnsHead.TRUNCATED) != 0);
        boolean answer = !read.truncated() && (read.rcode() == Rcode.NOERROR || read.rcode() == Rcode.NXDOMAIN);
        assertThat(read.reply().isPresent()).isEqualTo(answer);
        if (!answer) {
            return;
        }
        Reply reply = read.reply().orElseThrow();
        List<Name> chain = chain(message, key).orElseThrow();
        Name last = chain.get(chain.size() - 1);
        assertThat(reply.aliases())
                .isEqualTo(chain.stream()
                        .skip(1)
                        .map(each -> WireName.text(each.toWireCanonical()))
                        .toList());
        List<InetAddress> addresses = new ArrayList<>();
        boolean found = false;
        for (Record each : message.getSection(Section.ANSWER)) {
            boolean asked = each.getType() == type && each.getName().equals(last);
            found |= asked;
            if (asked && each instanceof ARecord ipv4) {
                addresses.add(ipv4.getAddress());
            } else if (asked && each instanceof AAAARecord ipv6) {
                addresses.add(ipv6.getAddress());
            }
        }
        if (key.type() == Type.A || key.type() == Type.AAAA) {
            assertThat(reply.addresses()).isEqualTo(addresses);
        }
        assertThat(reply.positive()).isEqualTo(found && read.rcode() == Rcode.NOERROR);
        if (!reply.positive() && reply.answers() == 0) {
            assertThat(reply.ttl()).isEqualTo(negative(message, chain));
        }
    }

    /** RFC 2308 section 5. */
    private static long negative(Message message, List<Name> chain) {
        for (Record each : message.getSection(Section.AUTHORITY)) {
            if (each instanceof SOARecord soa && chain.stream().anyMatch(name -> name.subdomain(soa.getName()))) {
                return Math.min(seconds(soa.getTTL()), seconds(soa.getMinimum()));
            }
        }
        return 0;
    }

    private static long seconds(long ttl) {
        return ttl > Integer.MAX_VALUE ? 0 : ttl;
    }

    /** Empty where it leads round, or too far. */
    private static Optional<List<Name>> chain(Message message, QuestionKey key) {
        Set<Name> seen = new HashSet<>();
        List<Name> chain = new ArrayList<>();
        Optional<Name> next = Optional.of(message.getQuestion().getName());
        while (next.isPresent()) {
            Name name = next.get();
            if (!seen.add(name) || chain.size() > MOST_ALIASES) {
                return Optional.empty();
            }
            chain.add(name);
            next = key.type() == Type.CNAME
                    ? Optional.empty()
                    : message.getSection(Section.ANSWER).stream()
                            .filter(each -> each instanceof CNAMERecord
                                    && each.getName().equals(name))
                            .map(each -> ((CNAMERecord) each).getTarget())
                            .findFirst();
        }
        return Optional.of(chain);
    }

    /** All of it: of a message that says that it was cut short dnsjava leaves out what it cannot read. */
    private static Optional<Message> dnsjava(byte[] bytes) {
        byte[] whole = bytes.clone();
        if (whole.length >= DnsHead.LENGTH) {
            whole[2] &= (byte) ~(DnsHead.TRUNCATED >> 8);
        }
        try {
            return Optional.of(new Message(whole));
        } catch (IOException | RuntimeException refused) {
            return Optional.empty();
        }
    }

    /** What we take and dnsjava does not: with other types for the records that we do not read the data of, it does. */
    private static Optional<Message> readable(byte[] bytes, int questionEnd, int asked) throws IOException {
        byte[] unread = bytes.clone();
        int answers = DnsHead.u16(bytes, DnsHead.ANSWERS) + DnsHead.u16(bytes, DnsHead.AUTHORITIES);
        List<Place> records = records(bytes, questionEnd);
        BitSet masked = new BitSet();
        for (int each = 0; each < records.size(); each++) {
            int at = records.get(each).type;
            int type = DnsHead.u16(bytes, at);
            if (type == Type.OPT) {
                int end = at + 10 + DnsHead.u16(bytes, at + 8);
                // Nothing is used of its options but the cookie.
                for (int option = at + 10; option + 4 <= end; option += 4 + DnsHead.u16(bytes, option + 2)) {
                    DnsHead.put16(unread, option, 65_001);
                    masked.set(option, option + 2);
                }
            } else if (each >= answers || !read(type)) {
                DnsHead.put16(unread, at, type == asked ? ASKED : UNKNOWN);
                masked.set(at, at + 2);
            }
        }
        if (!records.stream()
                .flatMap(each -> names(bytes, each))
                .allMatch(name -> WireName.avoids(bytes, name, masked))) {
            // A name that is written in a type: another one by the other type.
            return Optional.empty();
        }
        unread[2] &= (byte) ~(DnsHead.TRUNCATED >> 8);
        return Optional.of(new Message(unread));
    }

    /** Where a record's name begins, and where its type. */
    private record Place(int name, int type) {}

    private static List<Place> records(byte[] bytes, int questionEnd) {
        int records = DnsHead.u16(bytes, DnsHead.ANSWERS)
                + DnsHead.u16(bytes, DnsHead.AUTHORITIES)
                + DnsHead.u16(bytes, DnsHead.ADDITIONAL);
        List<Place> places = new ArrayList<>();
        int at = questionEnd;
        for (int each = 0; each < records; each++) {
            int name = WireName.end(bytes, at, bytes.length);
            places.add(new Place(at, name));
            at = name + 10 + DnsHead.u16(bytes, name + 8);
        }
        return places;
    }

    /** Of a record and in what is read of its data. */
    private static Stream<Integer> names(byte[] bytes, Place record) {
        int data = record.type + 10;
        return switch (DnsHead.u16(bytes, record.type)) {
            case Type.CNAME, Type.DNAME -> Stream.of(record.name, data);
            case Type.SOA -> Stream.of(record.name, data, WireName.end(bytes, data, bytes.length));
            default -> Stream.of(record.name);
        };
    }

    /** Whether there is an OPT that dnsjava takes for one of a TTL that is none. */
    private static boolean zeroed(byte[] bytes, int questionEnd) {
        return records(bytes, questionEnd).stream()
                .anyMatch(each -> DnsHead.u16(bytes, each.type) == Type.OPT && bytes[each.type + 4] < 0);
    }

    /**
     * Whether there is an OPT whose name is the root's by a pointer, where RFC 6891 section 6.1.2 wants a zero, or a name that
     * points into the head, where there is none (RFC 1035 section 4.1.4).
     */
    private static boolean pointed(byte[] bytes, int questionEnd) {
        return records(bytes, questionEnd).stream()
                .anyMatch(each -> (DnsHead.u16(bytes, each.type) == Type.OPT && each.type - each.name > 1)
                        || WireName.canonical(bytes, each.name, bytes.length).length == 0);
    }

    private static boolean read(int type) {
        return switch (type) {
            case Type.A, Type.AAAA, Type.CNAME, Type.DNAME, Type.SOA -> true;
            default -> false;
        };
    }
}
