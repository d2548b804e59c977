package io.postern.dns.message;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads what a server answers, all of it, to the last byte: names, counts and lengths must agree. Only what belongs to the
 * question is believed ({@link Bailiwick}), with at most {@value #MOST_ALIASES} aliases; of the additional section only EDNS.
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

    /** Of an RRSIG's data, RFC 4034 section 3.1: what stands before the signer's name, which has a byte at least. */
    private static final int SIGNATURE_HEAD = 18;

    private static final int CLASS_IN = 1;

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
    private boolean plain;
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
        return reader.walk() ? reader.told(true) : Optional.empty();
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
        return ours(answers) && ours(authorities) && section(additional, rest) && at == message.length && options(rest);
    }

    /** Of the class that was asked for; an OPT is no record, and stands elsewhere (RFC 6891 section 6.1.1). */
    private boolean ours(List<Place> places) {
        for (Place place : places) {
            if (place.type == Type.OPT || DnsHead.u16(message, place.ttl - 2) != CLASS_IN) {
                return false;
            }
        }
        return true;
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
        return steady(place.from) && (!alias || (WireName.end(message, place.data, at) == at && steady(place.data)));
    }

    private boolean steady(int name) {
        // The root's, which EDNS has, is one byte.
        return message[name] == 0
                || asked(name)
                || (named(name, message.length) && WireName.avoids(message, name, changed));
    }

    /** Whether there is a name, its pointers followed. */
    private boolean named(int from, int end) {
        return WireName.canonical(message, from, end).length > 0;
    }

    /** Most names are no more than a pointer to the one asked. */
    private boolean asked(int name) {
        return message[name] == (byte) 0xC0 && message[name + 1] == DnsHead.LENGTH;
    }

    private boolean sound(Place place) {
        return switch (place.type) {
            case Type.A -> place.dataLength == 4;
            case Type.AAAA -> place.dataLength == 16;
            case Type.SOA -> zone(place);
            case Type.SVCB, Type.HTTPS -> hints(place).isPresent();
            case Type.RRSIG -> place.dataLength > SIGNATURE_HEAD;
            default -> true;
        };
    }

    /** Its server, who answers for it, and five numbers (RFC 1035 section 3.3.13). */
    private boolean zone(Place soa) {
        int end = soa.data + soa.dataLength;
        int who = WireName.end(message, soa.data, end);
        return who >= 0
                && WireName.end(message, who, end) == end - SOA_NUMBERS
                && named(soa.data, end)
                && named(who, end);
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

    /** @param foreign whether there may be records that do not belong there, which are taken out */
    private Optional<Read> told(boolean foreign) {
        int rcode = upperRcode << 4 | DnsHead.rcode(message);
        boolean truncated = (DnsHead.flags(message) & DnsHead.TRUNCATED) != 0;
        if (truncated || (rcode != 0 && rcode != NXDOMAIN)) {
            return Optional.of(new Read(rcode, truncated, cookie, Optional.empty()));
        }
        plain = plain();
        Optional<Bailiwick> chain = chain();
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        if (clean(rcode, chain.get())) {
            return Optional.of(new Read(rcode, false, cookie, Optional.of(reply(rcode, chain.get()))));
        }
        byte @Nullable [] without = foreign ? without(chain.get()) : null;
        if (without == null) {
            return Optional.empty();
        }
        ReplyReader again = new ReplyReader(without, key);
        return again.walk()
                ? again.told(false).map(read -> new Read(rcode, false, cookie, read.reply))
                : Optional.empty();
    }

    /** From the name asked to where its aliases lead; empty where they lead round, or too far. */
    private Optional<Bailiwick> chain() {
        String name = key.text();
        @Nullable Place alias = plain || key.type() == Type.CNAME ? null : find(name, Type.CNAME);
        if (alias == null) {
            return Optional.of(new Bailiwick(List.of(name), key.type(), key.signatures()));
        }
        Set<String> visited = new LinkedHashSet<>();
        visited.add(name);
        while (alias != null) {
            byte[] target = WireName.canonical(message, alias.data, message.length);
            name = WireName.text(target);
            if (target.length == 0 || visited.size() > MOST_ALIASES || !visited.add(name)) {
                return Optional.empty();
            }
            alias = find(name, Type.CNAME);
        }
        return Optional.of(new Bailiwick(new ArrayList<>(visited), key.type(), key.signatures()));
    }

    /** The commonest answer: all records are of the name asked and of its type. */
    private boolean plain() {
        for (Place place : answers) {
            if (!asked(place.from) || place.type != key.type()) {
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

    /** Whether all of what is told on belongs there. */
    private boolean clean(int rcode, Bailiwick chain) {
        return (plain
                        || answers.stream()
                                .allMatch(
                                        place -> chain.answer(place.type, owner(place), target(place), covered(place))))
                && proved(proofs(positive(rcode, chain)), chain);
    }

    private boolean proved(List<Place> proofs, Bailiwick chain) {
        for (Place proof : proofs) {
            if (!chain.authority(proof.type, owner(proof), covered(proof))) {
                return false;
            }
        }
        return true;
    }

    private String target(Place place) {
        return place.type == Type.CNAME ? WireName.text(WireName.canonical(message, place.data, message.length)) : "";
    }

    private int covered(Place place) {
        return place.type == Type.RRSIG ? DnsHead.u16(message, place.data) : 0;
    }

    /** The same without what nobody asked for; null when it cannot be made. */
    private byte @Nullable [] without(Bailiwick chain) {
        try {
            Message parsed = new Message(message);
            for (Record record : List.copyOf(parsed.getSection(Section.ANSWER))) {
                if (!chain.answer(record)) {
                    parsed.removeRecord(record, Section.ANSWER);
                }
            }
            for (Record record : List.copyOf(parsed.getSection(Section.AUTHORITY))) {
                if (!chain.authority(record)) {
                    parsed.removeRecord(record, Section.AUTHORITY);
                }
            }
            parsed.removeAllRecords(Section.ADDITIONAL);
            return parsed.toWire();
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    private boolean positive(int rcode, Bailiwick chain) {
        return rcode == 0 && (plain ? !answers.isEmpty() : find(chain.last(), key.type()) != null);
    }

    /** Who has the records needs nobody's authority, but for the proof of a wildcard (RFC 4035 section 3.1.3.3). */
    private List<Place> proofs(boolean positive) {
        return positive && !key.signatures() ? List.of() : authorities;
    }

    private Reply reply(int rcode, Bailiwick chain) {
        boolean positive = positive(rcode, chain);
        List<Place> proofs = proofs(positive);
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
                chain.names().subList(1, chain.names().size()),
                addresses(),
                positive,
                positive ? least : Math.min(least, negative()));
    }

    private List<InetAddress> addresses() {
        List<InetAddress> addresses = new ArrayList<>(answers.size());
        for (Place answer : answers) {
            if (answer.type == Type.A || answer.type == Type.AAAA) {
                addresses.add(address(answer));
            } else if (answer.type == Type.SVCB || answer.type == Type.HTTPS) {
                hints(answer).ifPresent(addresses::addAll);
            }
        }
        return addresses;
    }

    private Optional<List<InetAddress>> hints(Place service) {
        return ServiceHints.in(message, service.data, service.data + service.dataLength);
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
