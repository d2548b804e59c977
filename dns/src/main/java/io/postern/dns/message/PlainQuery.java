package io.postern.dns.message;

import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Type;

/**
 * Tells queries that carry nothing but their question, RFC 1035 section 4.1: one of class IN, its name in full, and behind it
 * at most an OPT record without options or with one cookie (RFC 7873). What has room for more may be there to carry it.
 */
final class PlainQuery {

    /** Bytes, RFC 1035 section 4.2.1. */
    static final int LONGEST = 512;

    private static final int FREE_FLAGS = DnsHead.RECURSION_DESIRED | DnsHead.AUTHENTIC | DnsHead.CHECKING_DISABLED;

    private static final int CLASS_IN = 1;
    /** Type and class. */
    private static final int BEHIND_NAME = 4;
    /** Root, type, size, upper bits of the code, version, flags, length; RFC 6891 section 6.1.2. */
    private static final int OPT = 11;
    /** Code and length. */
    private static final int OPTION = 4;

    private static final long DNSSEC_OK = 0x8000;
    private static final int CLIENT_COOKIE = 8;
    private static final int SHORTEST_WITH_SERVERS = 16;
    private static final int LONGEST_COOKIE = 40;

    private PlainQuery() {}

    static boolean is(byte[] message) {
        if (message.length <= DnsHead.LENGTH || message.length > LONGEST) {
            return false;
        }
        int additional = DnsHead.u16(message, DnsHead.ADDITIONAL);
        boolean asks = (DnsHead.flags(message) & ~FREE_FLAGS) == 0
                && DnsHead.u16(message, DnsHead.QUESTIONS) == 1
                && DnsHead.u16(message, DnsHead.ANSWERS) == 0
                && DnsHead.u16(message, DnsHead.AUTHORITIES) == 0
                && additional <= 1;
        int nameEnd = asks ? WireName.end(message, DnsHead.LENGTH, message.length) : -1;
        int end = nameEnd + BEHIND_NAME;
        if (nameEnd < 0
                || end > message.length
                || DnsHead.u16(message, nameEnd + 2) != CLASS_IN
                || WireName.canonical(message, DnsHead.LENGTH, nameEnd).length != nameEnd - DnsHead.LENGTH) {
            return false;
        }
        return additional == 0 ? end == message.length : edns(message, end);
    }

    private static boolean edns(byte[] message, int from) {
        return from + OPT <= message.length
                && message[from] == 0
                && DnsHead.u16(message, from + 1) == Type.OPT
                && (DnsHead.u32(message, from + 5) & ~DNSSEC_OK) == 0
                && from + OPT + DnsHead.u16(message, from + 9) == message.length
                && (from + OPT == message.length || cookie(message, from + OPT));
    }

    private static boolean cookie(byte[] message, int from) {
        int length = message.length - from - OPTION;
        return (length == CLIENT_COOKIE || (length >= SHORTEST_WITH_SERVERS && length <= LONGEST_COOKIE))
                && DnsHead.u16(message, from) == EDNSOption.Code.COOKIE
                && DnsHead.u16(message, from + 2) == length;
    }
}
