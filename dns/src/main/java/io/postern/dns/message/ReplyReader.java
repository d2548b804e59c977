package io.postern.dns.message;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads what a server answers, all of it, to the last byte: names, counts and lengths must agree. Of the answer section
 * only the chain of aliases from the name asked is believed, at most {@value #MOST_ALIASES} of them; of the additional
 * section only EDNS.
 */
public final class ReplyReader {

    /** From the name asked to its records. */
    public static final int MOST_ALIASES = 8;

    private static final int MOST_RECORDS = 4_096;
    private static final int FIXED = 10;
    private static final int COOKIE = 10;
    private static final int NXDOMAIN = 3;

    /** Fixed part of an SOA's data: five numbers, the last one the minimum (RFC 1035 section 3.3.13). */
    private static final int SOA_NUMBERS = 20;

    /**
     * What was read.
     *
     * @param rcode with EDNS's upper bits
     * @param cookie the COOKIE option, RFC 7873 section 4; empty when there is none
     * @param reply present for NOERROR and NXDOMAIN that are not cut short
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Read(int rcode, boolean truncated, byte[] cookie, Optional<Reply> reply) {}

    private record Place(int from, int type, int ttl, int data, int dataLength) {}

    private final byte[] message;
    private final QuestionKey key;
    private final List<Place> answers = new ArrayList<>(4);
    private final List<Place> authorities = new ArrayList<>(1);
    private final BitSet changed = new BitSet();
    private byte[] cookie = {};
    private int upperRcode;
    private int at;

    private ReplyReader(byte[] message, QuestionKey key) {
        this.message = message;
        this.key = key;
    }

    /**
     * @param message a response with a head and one question, which is this one
     * @return empty when it breaks a rule
     */
    public static Optional<Read> read(byte[] message, QuestionKey key) {
        ReplyReader reader = new ReplyReader(message, key);
        return reader.walk() ? reader.told() : Optional.empty();
    }

    /** Whether it is a response with one question, for the same name in any case, of this type. */
    public static boolean answers(byte[] message, QuestionKey key) {
        int end = DnsHead.LENGTH + key.name().length;
        if (message.length < end + 4
                || (DnsHead.flags(message) & DnsHead.RESPONSE) == 0
                || DnsHead.opcode(message) != 0
                || DnsHead.u16(message, DnsHead.QUESTIONS) != 1) {
            return false;
        }
        for (int i = 0; i < key.name().length; i++) {
            if (WireName.lower(message[DnsHead.LENGTH + i]) != key.name()[i]) {
                return false;
            }
        }
        return DnsHead.u16(message, end) == key.type() && DnsHead.u16(message, end + 2) == 1;
    }

    private boolean walk() {
        at = DnsHead.LENGTH + key.name().length + 4;
        int additional = DnsHead.u16(message, DnsHead.ADDITIONAL);
        int all = DnsHead.u16(message, DnsHead.ANSWERS) + DnsHead.u16(message, DnsHead.AUTHORITIES) + additional;
        if (all > MOST_RECORDS
                || !section(DnsHead.u16(message, DnsHead.ANSWERS), answers)
                || !section(DnsHead.u16(message, DnsHead.AUTHORITIES), authorities)) {
            return false;
        }
        List<Place> rest = new ArrayList<>(1);
        return section(additional, rest) && at == message.length && options(rest);
    }

    private boolean section(int records, List<Place> places) {
        for (int i = 0; i < records; i++) {
            int from = at;
            int name = WireName.end(message, from, message.length);
            if (name < 0 || name + FIXED > message.length) {
                return false;
            }
            int length = DnsHead.u16(message, name + 8);
            Place place = new Place(from, DnsHead.u16(message, name), name + 4, name + FIXED, length);
            at = place.data + length;
            if (at > message.length || !sound(place) || !steady(place)) {
                return false;
            }
            changed.set(place.ttl, place.ttl + 4);
            places.add(place);
        }
        return true;
    }

    /** TTLs are told anew: a name with a part of one would be another one then, of which nobody has asked. */
    private boolean steady(Place place) {
        boolean alias = place.type == Type.CNAME || place.type == Type.DNAME;
        return WireName.avoids(message, place.from, changed)
                && (!alias
                        || (WireName.end(message, place.data, at) == at
                                && WireName.avoids(message, place.data, changed)));
    }

    private static boolean sound(Place place) {
        return switch (place.type) {
            case Type.A -> place.dataLength == 4;
            case Type.AAAA -> place.dataLength == 16;
            case Type.SOA -> place.dataLength >= SOA_NUMBERS + 2;
            default -> true;
        };
    }

    private boolean options(List<Place> additional) {
        boolean seen = false;
        for (Place place : additional) {
            if (place.type == Type.OPT) {
                if (seen || message[place.from] != 0 || !options(place)) {
                    return false;
                }
                seen = true;
                upperRcode = message[place.ttl] & 0xFF;
            }
        }
        return true;
    }

    private boolean options(Place edns) {
        int end = edns.data + edns.dataLength;
        int option = edns.data;
        while (option < end) {
            if (option + 4 > end || option + 4 + DnsHead.u16(message, option + 2) > end) {
                return false;
            }
            int next = option + 4 + DnsHead.u16(message, option + 2);
            if (DnsHead.u16(message, option) == COOKIE) {
                cookie = Arrays.copyOfRange(message, option + 4, next);
            }
            option = next;
        }
        return true;
    }

    private Optional<Read> told() {
        int rcode = upperRcode << 4 | DnsHead.rcode(message);
        boolean truncated = (DnsHead.flags(message) & DnsHead.TRUNCATED) != 0;
        if (truncated || (rcode != 0 && rcode != NXDOMAIN)) {
            return Optional.of(new Read(rcode, truncated, cookie, Optional.empty()));
        }
        Chain chain = Chain.of(this);
        if (chain.broken) {
            return Optional.empty();
        }
        byte[] without = chain.strangers ? without(chain.owners) : null;
        // What was made again holds no stranger, so this happens once.
        return without == null && chain.strangers
                ? Optional.empty()
                : without == null
                        ? Optional.of(new Read(rcode, false, cookie, Optional.of(reply(rcode, chain))))
                        : read(without, key).map(again -> new Read(rcode, false, cookie, again.reply));
    }

    /** The names that the question leads to, and whether anything in the answer section belongs to none of them. */
    private record Chain(Set<String> owners, boolean end, boolean strangers, boolean broken) {

        static Chain of(ReplyReader reader) {
            if (reader.plain()) {
                return new Chain(Set.of(), !reader.answers.isEmpty(), false, false);
            }
            Set<String> visited = new HashSet<>();
            String name = WireName.text(reader.key.name());
            @Nullable Place alias = reader.find(name, Type.CNAME);
            visited.add(name);
            while (alias != null && reader.key.type() != Type.CNAME) {
                byte[] target = WireName.canonical(reader.message, alias.data, reader.message.length);
                name = WireName.text(target);
                if (target.length == 0 || visited.size() > MOST_ALIASES || !visited.add(name)) {
                    return new Chain(visited, false, false, true);
                }
                alias = reader.find(name, Type.CNAME);
            }
            return new Chain(visited, reader.find(name, reader.key.type()) != null, reader.strangers(visited), false);
        }
    }

    /** The commonest answer: all records are of the name asked and of its type. */
    private boolean plain() {
        for (Place place : answers) {
            boolean asked = message[place.from] == (byte) 0xC0
                    && message[place.from + 1] == DnsHead.LENGTH
                    && place.type == key.type();
            if (!asked) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Place find(String owner, int type) {
        for (Place place : answers) {
            if (place.type == type && owner(place).equals(owner)) {
                return place;
            }
        }
        return null;
    }

    private String owner(Place place) {
        return WireName.text(WireName.canonical(message, place.from, message.length));
    }

    private boolean strangers(Set<String> owners) {
        for (Place place : answers) {
            if (!belongs(place.type, owner(place), owners)) {
                return true;
            }
        }
        return false;
    }

    /** A DNAME stands at a name above, RFC 6672. */
    private static boolean belongs(int type, String owner, Set<String> owners) {
        return owners.contains(owner)
                || ((type == Type.DNAME || type == Type.RRSIG)
                        && owners.stream().anyMatch(name -> name.endsWith("." + owner)));
    }

    /** The same without what nobody asked for; null when it cannot be made. */
    private byte @Nullable [] without(Set<String> owners) {
        try {
            Message parsed = new Message(message);
            for (Record record : List.copyOf(parsed.getSection(Section.ANSWER))) {
                byte[] owner = record.getName().toWireCanonical();
                if (!belongs(record.getType(), WireName.text(owner), owners)) {
                    parsed.removeRecord(record, Section.ANSWER);
                }
            }
            parsed.removeAllRecords(Section.ADDITIONAL);
            return parsed.toWire();
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    private Reply reply(int rcode, Chain chain) {
        boolean positive = rcode == 0 && chain.end;
        // Who has the records needs nobody's authority, but for the proof of a wildcard (RFC 4035 section 3.1.3.3).
        List<Place> proofs = positive && !key.signatures() ? List.of() : authorities;
        int end = proofs.isEmpty() ? endOf(answers) : endOf(proofs);
        int[] ttls = new int[answers.size() + proofs.size()];
        long least = Long.MAX_VALUE;
        int count = 0;
        for (Place answer : answers) {
            ttls[count++] = answer.ttl;
            least = Math.min(least, seconds(answer.ttl));
        }
        for (Place proof : proofs) {
            ttls[count++] = proof.ttl;
        }
        return new Reply(
                Arrays.copyOf(message, end),
                DnsHead.LENGTH + key.name().length + 4,
                rcode,
                (DnsHead.flags(message) & DnsHead.AUTHENTIC) != 0,
                answers.size(),
                proofs.size(),
                ttls,
                addresses(),
                positive,
                positive ? least : Math.min(least, negative()));
    }

    private List<InetAddress> addresses() {
        List<InetAddress> addresses = new ArrayList<>(answers.size());
        for (Place answer : answers) {
            if (answer.type == Type.A || answer.type == Type.AAAA) {
                addresses.add(address(answer));
            }
        }
        return addresses;
    }

    private InetAddress address(Place answer) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(message, answer.data, answer.data + answer.dataLength));
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address has 4 or 16 bytes", impossible);
        }
    }

    private int endOf(List<Place> section) {
        if (section.isEmpty()) {
            return DnsHead.LENGTH + key.name().length + 4;
        }
        Place last = section.get(section.size() - 1);
        return last.data + last.dataLength;
    }

    private long negative() {
        for (Place place : authorities) {
            if (place.type == Type.SOA) {
                return Math.min(seconds(place.ttl), seconds(place.data + place.dataLength - 4));
            }
        }
        return 0;
    }

    /** RFC 2181 section 8: with the first bit set it is none. */
    private long seconds(int place) {
        long seconds = DnsHead.u32(message, place);
        return seconds > Integer.MAX_VALUE ? 0 : seconds;
    }
}
