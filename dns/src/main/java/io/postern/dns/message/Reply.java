package io.postern.dns.message;

import java.net.InetAddress;
import java.util.List;

/**
 * A server's answer as it is kept: everything up to the end of what may be told on, without EDNS and without the
 * additional section, which is believed from nobody (D2). Its arrays are not changed any more.
 *
 * @param message head, question and sections
 * @param questionEnd behind the question
 * @param rcode NOERROR or NXDOMAIN
 * @param authentic whether the server says that it has checked the signatures (AD)
 * @param ttls where the TTLs are
 * @param aliases names that the one asked is another name for, in their order, as {@link WireName#text}
 * @param addresses where it leads: of its A and AAAA records, and the hints of HTTPS and SVCB (RFC 9460 section 7.3), which
 *     clients connect to likewise
 * @param positive whether a record of the type asked is there
 * @param ttl seconds that it may be kept, as received: the least of its records', RFC 2308 section 5 where there are none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record Reply(
        byte[] message,
        int questionEnd,
        int rcode,
        boolean authentic,
        int answers,
        int authorities,
        int[] ttls,
        List<String> aliases,
        List<InetAddress> addresses,
        boolean positive,
        long ttl) {

    public Reply {
        aliases = List.copyOf(aliases);
        addresses = List.copyOf(addresses);
    }

    /** The same, checked or not, for no longer than that. */
    public Reply with(boolean secure, long seconds) {
        return new Reply(
                message,
                questionEnd,
                rcode,
                secure,
                answers,
                authorities,
                ttls,
                aliases,
                addresses,
                positive,
                Math.min(ttl, seconds));
    }

    /** As a message by itself, its records good for so many seconds. */
    public byte[] standalone(long seconds) {
        byte[] alone = message.clone();
        for (int place : ttls) {
            DnsHead.put32(alone, place, seconds);
        }
        DnsHead.put16(alone, 2, DnsHead.RESPONSE | DnsHead.RECURSION_AVAILABLE | rcode);
        DnsHead.put16(alone, DnsHead.ANSWERS, answers);
        DnsHead.put16(alone, DnsHead.AUTHORITIES, authorities);
        DnsHead.put16(alone, DnsHead.ADDITIONAL, 0);
        return alone;
    }

    /** What it takes in memory, about. */
    public int bytes() {
        int bytes = message.length + 4 * ttls.length + 72 * addresses.size() + 120;
        for (String alias : aliases) {
            bytes += 56 + alias.length();
        }
        return bytes;
    }
}
