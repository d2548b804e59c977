package io.postern.dns.message;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Writes answers to clients. Each repeats the client's question letter by letter, and speaks EDNS to those that do,
 * padding and cookies apart.
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
    private static final int DNSSEC_OK = 0x8000;

    /** Of answers that are written here: what they say may change by the next reload. */
    public static final int OWN_TTL = 60;

    private static final byte[] RFC8482 = "RFC8482".getBytes(StandardCharsets.US_ASCII);

    private Replies() {}

    /**
     * What a server answered, to this client.
     *
     * @param seconds that it may be kept
     * @param most bytes that the client takes; a longer one is cut to its question and marked so
     */
    public static byte[] of(Query query, Reply reply, long seconds, int most, OptionalInt ede) {
        int length = reply.message().length + ednsLength(query, ede);
        if (length > most) {
            return truncated(query);
        }
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
        edns(message, reply.message().length, query, reply.rcode(), ede);
        return message;
    }

    /** Nothing but a code and perhaps why. */
    public static byte[] error(Query query, int rcode, OptionalInt ede) {
        byte[] message = Arrays.copyOf(query.message(), query.questionEnd() + ednsLength(query, ede));
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
        return records(query, Type.HINFO, List.of(data), OptionalInt.empty());
    }

    /** Those addresses that are of the type asked; none at all is an answer too. */
    public static byte[] addresses(Query query, List<InetAddress> addresses, OptionalInt ede) {
        int type = query.key().type();
        int bytes = type == Type.A ? 4 : type == Type.AAAA ? 16 : -1;
        return records(
                query,
                type,
                addresses.stream()
                        .map(InetAddress::getAddress)
                        .filter(address -> address.length == bytes)
                        .toList(),
                ede);
    }

    private static byte[] records(Query query, int type, List<byte[]> data, OptionalInt ede) {
        int at = query.questionEnd();
        int length = at + data.stream().mapToInt(each -> 12 + each.length).sum();
        byte[] message = Arrays.copyOf(Arrays.copyOf(query.message(), at), length + ednsLength(query, ede));
        head(message, query, Rcode.NOERROR, 0);
        DnsHead.put16(message, DnsHead.ANSWERS, data.size());
        for (byte[] each : data) {
            DnsHead.put16(message, at, 0xC000 | DnsHead.LENGTH);
            DnsHead.put16(message, at + 2, type);
            DnsHead.put16(message, at + 4, 1);
            DnsHead.put32(message, at + 6, OWN_TTL);
            DnsHead.put16(message, at + 10, each.length);
            System.arraycopy(each, 0, message, at + 12, each.length);
            at += 12 + each.length;
        }
        edns(message, at, query, Rcode.NOERROR, ede);
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
        DnsHead.put16(message, from + 9, ede.isPresent() ? EDE_BYTES : 0);
        if (ede.isPresent()) {
            DnsHead.put16(message, from + 11, EDE_OPTION);
            DnsHead.put16(message, from + 13, 2);
            DnsHead.put16(message, from + 15, ede.getAsInt());
        }
    }
}
