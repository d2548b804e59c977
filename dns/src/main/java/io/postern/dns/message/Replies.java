package io.postern.dns.message;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Writes answers to clients. Each repeats the client's question letter by letter, and speaks EDNS to those that do,
 * cookies apart; whoever shall have padding ({@link Query#padded}) gets lengths that many answers have.
 */
public final class Replies {

    /** Codes of RFC 8914 section 4 that are told. */
    public static final int EDE_OTHER = 0;

    public static final int EDE_STALE = 3;
    public static final int EDE_BLOCKED = 15;
    public static final int EDE_PROHIBITED = 18;

    private static final int EDNS = 11;
    private static final int EDE_OPTION = 15;
    private static final int EDE_BYTES = 6;
    /** Code and length. */
    private static final int OPTION = 4;
    /** RFC 8467 section 4.1. */
    private static final int BLOCK = 468;

    private static final int LONGEST = 65_535;
    private static final int DNSSEC_OK = 0x8000;

    /** Of answers that are written here: what they say may change by the next reload. */
    public static final int OWN_TTL = 60;

    /**
     * Of what is said here not to exist: who keeps that (RFC 2308 section 5) does not ask at once again, and finds the name
     * soon when policy lets it.
     */
    public static final int NOTHING_TTL = 10;

    /**
     * <pre>
     * . | . | serial32 refresh32 retry32 expire32 minimum32       RFC 1035 section 3.3.13
     * </pre>
     */
    private static final byte[] NO_ZONE = soa();

    private static final byte[] RFC8482 = "RFC8482".getBytes(StandardCharsets.US_ASCII);

    private Replies() {}

    private static byte[] soa() {
        byte[] data = new byte[22];
        int[] numbers = {1, 3_600, 900, 604_800, NOTHING_TTL};
        for (int each = 0; each < numbers.length; each++) {
            DnsHead.put32(data, 2 + 4 * each, numbers[each]);
        }
        return data;
    }

    /**
     * What a server answered, to this client.
     *
     * @param seconds that it may be kept
     * @param most bytes that the client takes; a longer one is cut to its question and marked so
     */
    public static byte[] of(Query query, Reply reply, long seconds, int most, OptionalInt ede) {
        int bare = reply.message().length;
        if (bare + ednsLength(query, ede) > most) {
            return truncated(query);
        }
        int length = padded(bare + ednsLength(query, ede), query);
        byte[] message = Arrays.copyOf(reply.message(), length);
        System.arraycopy(
                query.message(), DnsHead.LENGTH, message, DnsHead.LENGTH, query.questionEnd() - DnsHead.LENGTH);
        for (int place : reply.ttls()) {
            DnsHead.put32(message, place, seconds);
        }
        // Who does not know what AD means has not asked for it, RFC 6840 section 5.8.
        boolean wanted = query.key().signatures() || (DnsHead.flags(query.message()) & DnsHead.AUTHENTIC) != 0;
        head(message, query, reply.rcode(), reply.authentic() && wanted ? DnsHead.AUTHENTIC : 0);
        DnsHead.put16(message, DnsHead.ANSWERS, reply.answers());
        DnsHead.put16(message, DnsHead.AUTHORITIES, reply.authorities());
        edns(message, bare, query, reply.rcode(), ede);
        return message;
    }

    /** There is no such name. */
    public static byte[] noSuchName(Query query, OptionalInt ede) {
        return records(query, Rcode.NXDOMAIN, 0, List.of(), ede);
    }

    /** Nothing but a code and perhaps why. */
    public static byte[] error(Query query, int rcode, OptionalInt ede) {
        int length = padded(query.questionEnd() + ednsLength(query, ede), query);
        byte[] message = Arrays.copyOf(Arrays.copyOf(query.message(), query.questionEnd()), length);
        head(message, query, rcode, 0);
        edns(message, query.questionEnd(), query, rcode, ede);
        return message;
    }

    /** Ask by TCP. */
    public static byte[] truncated(Query query) {
        byte[] message = error(query, Rcode.NOERROR, OptionalInt.empty());
        message[2] |= (byte) (DnsHead.TRUNCATED >> 8);
        return message;
    }

    /** To whoever wants everything, RFC 8482 section 4.2. */
    public static byte[] everything(Query query) {
        byte[] data = new byte[2 + RFC8482.length];
        data[0] = (byte) RFC8482.length;
        System.arraycopy(RFC8482, 0, data, 1, RFC8482.length);
        return records(query, Rcode.NOERROR, Type.HINFO, List.of(data), OptionalInt.empty());
    }

    /** Those addresses that are of the type asked; none at all is an answer too. */
    public static byte[] addresses(Query query, List<InetAddress> addresses, OptionalInt ede) {
        int type = query.key().type();
        int bytes = type == Type.A ? 4 : type == Type.AAAA ? 16 : -1;
        return records(
                query,
                Rcode.NOERROR,
                type,
                addresses.stream()
                        .map(InetAddress::getAddress)
                        .filter(address -> address.length == bytes)
                        .toList(),
                ede);
    }

    /** Those, or that there are none. */
    private static byte[] records(Query query, int rcode, int type, List<byte[]> data, OptionalInt ede) {
        List<byte[]> all = data.isEmpty() ? List.of(NO_ZONE) : data;
        int at = query.questionEnd();
        int length = at + all.stream().mapToInt(each -> 12 + each.length).sum();
        byte[] message =
                Arrays.copyOf(Arrays.copyOf(query.message(), at), padded(length + ednsLength(query, ede), query));
        head(message, query, rcode, 0);
        DnsHead.put16(message, data.isEmpty() ? DnsHead.AUTHORITIES : DnsHead.ANSWERS, all.size());
        for (byte[] each : all) {
            DnsHead.put16(message, at, 0xC000 | DnsHead.LENGTH);
            DnsHead.put16(message, at + 2, data.isEmpty() ? Type.SOA : type);
            DnsHead.put16(message, at + 4, 1);
            DnsHead.put32(message, at + 6, data.isEmpty() ? NOTHING_TTL : OWN_TTL);
            DnsHead.put16(message, at + 10, each.length);
            System.arraycopy(each, 0, message, at + 12, each.length);
            at += 12 + each.length;
        }
        edns(message, at, query, rcode, ede);
        return message;
    }

    private static void head(byte[] message, Query query, int rcode, int more) {
        int asked = DnsHead.flags(query.message()) & (DnsHead.RECURSION_DESIRED | DnsHead.CHECKING_DISABLED);
        int flags = DnsHead.RESPONSE | DnsHead.RECURSION_AVAILABLE | asked | more | (rcode & 0x0F);
        DnsHead.put16(message, 0, DnsHead.id(query.message()));
        DnsHead.put16(message, 2, flags);
        DnsHead.put16(message, DnsHead.QUESTIONS, query.questionEnd() > DnsHead.LENGTH ? 1 : 0);
        DnsHead.put16(message, DnsHead.ANSWERS, 0);
        DnsHead.put16(message, DnsHead.AUTHORITIES, 0);
        DnsHead.put16(message, DnsHead.ADDITIONAL, query.edns() ? 1 : 0);
    }

    private static int ednsLength(Query query, OptionalInt ede) {
        return query.edns() ? EDNS + (ede.isPresent() ? EDE_BYTES : 0) : 0;
    }

    /** With room for the option of RFC 7830 section 3; without where there is none. */
    private static int padded(int length, Query query) {
        int blocks = (length + OPTION + BLOCK - 1) / BLOCK;
        return query.padded() && length + OPTION <= LONGEST ? Math.min(blocks * BLOCK, LONGEST) : length;
    }

    /** Up to the message's end. */
    private static void edns(byte[] message, int from, Query query, int rcode, OptionalInt ede) {
        if (!query.edns()) {
            return;
        }
        message[from] = 0;
        DnsHead.put16(message, from + 1, Type.OPT);
        DnsHead.put16(message, from + 3, Query.MOST_UDP);
        message[from + 5] = (byte) (rcode >> 4);
        message[from + 6] = 0;
        DnsHead.put16(message, from + 7, query.key().signatures() ? DNSSEC_OK : 0);
        DnsHead.put16(message, from + 9, message.length - from - EDNS);
        if (ede.isPresent()) {
            DnsHead.put16(message, from + 11, EDE_OPTION);
            DnsHead.put16(message, from + 13, 2);
            DnsHead.put16(message, from + 15, ede.getAsInt());
        }
        int padding = from + ednsLength(query, ede);
        if (padding < message.length) {
            DnsHead.put16(message, padding, EDNSOption.Code.PADDING);
            DnsHead.put16(message, padding + 2, message.length - padding - OPTION);
        }
    }
}
