package io.postern.dns.message;

import java.util.Arrays;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Reads what a client asks: one question of class IN, recursion desired, nothing but EDNS and signatures behind it. What
 * is not that is answered with its code or not at all, and never half.
 */
public final class QueryReader {

    private static final int CLASS_IN = 1;

    /** OPT, and TSIG or SIG(0) behind it. */
    private static final int MOST_ADDITIONAL = 2;

    private static final int FIXED = 10;
    private static final int DNSSEC_OK = 0x8000;
    /** Code and length. */
    private static final int OPTION = 4;

    private QueryReader() {}

    /** One that came in clear, to which padding is only length. */
    public static Query.Read read(byte[] message) {
        return read(message, false);
    }

    /**
     * @param message kept by the query that is read from it
     * @param secret whether it came inside TLS: then it is answered with padding where it asks for that (RFC 7830 section 4)
     */
    public static Query.Read read(byte[] message, boolean secret) {
        if (message.length < DnsHead.LENGTH) {
            return new Query.Read.Unanswered(Query.Fault.SHORT);
        }
        if ((DnsHead.flags(message) & DnsHead.RESPONSE) != 0) {
            return new Query.Read.Unanswered(Query.Fault.RESPONSE);
        }
        if (DnsHead.opcode(message) != 0) {
            return new Query.Read.Unanswered(Query.Fault.OPCODE);
        }
        int nameEnd = WireName.end(message, DnsHead.LENGTH, message.length);
        boolean one = DnsHead.u16(message, DnsHead.QUESTIONS) == 1
                && DnsHead.u16(message, DnsHead.ANSWERS) == 0
                && DnsHead.u16(message, DnsHead.AUTHORITIES) == 0;
        if (!one || nameEnd < 0 || nameEnd + 4 > message.length) {
            return unreadable(message);
        }
        byte[] name = WireName.canonical(message, DnsHead.LENGTH, nameEnd);
        return name.length != nameEnd - DnsHead.LENGTH
                ? unreadable(message)
                : question(message, name, nameEnd, new Additional(message, nameEnd + 4), secret);
    }

    private static Query.Read question(
            byte[] message, byte[] name, int nameEnd, Additional additional, boolean secret) {
        if (additional.broken) {
            return unreadable(message);
        }
        int type = DnsHead.u16(message, nameEnd);
        boolean unchecked = (DnsHead.flags(message) & DnsHead.CHECKING_DISABLED) != 0;
        Query query = new Query(
                message,
                nameEnd + 4,
                new QuestionKey(name, type, additional.signatures, unchecked),
                additional.edns,
                secret && additional.padding,
                Math.max(Query.LEAST_UDP, additional.udpSize));
        int rcode = additional.wrong
                ? Rcode.FORMERR
                : additional.version > 0 ? Rcode.BADVERS : refusal(message, type, DnsHead.u16(message, nameEnd + 2));
        return rcode == Rcode.NOERROR ? new Query.Read.Asks(query) : new Query.Read.Faulty(query, rcode);
    }

    private static int refusal(byte[] message, int type, int recordClass) {
        if (DnsHead.rcode(message) != Rcode.NOERROR) {
            // Nothing has gone wrong yet, RFC 1035 section 4.1.1.
            return Rcode.FORMERR;
        }
        // Without recursion there is only what others asked, and who asked what is nobody's business.
        boolean recursive = (DnsHead.flags(message) & DnsHead.RECURSION_DESIRED) != 0;
        return switch (type) {
            case 0, Type.OPT -> Rcode.FORMERR;
            case Type.TKEY, Type.TSIG, Type.MAILA, Type.MAILB -> Rcode.NOTIMP;
            case Type.AXFR, Type.IXFR -> Rcode.REFUSED;
            default -> recordClass == CLASS_IN && recursive ? Rcode.NOERROR : Rcode.REFUSED;
        };
    }

    private static Query.Read unreadable(byte[] message) {
        Query query = new Query(
                Arrays.copyOf(message, DnsHead.LENGTH),
                DnsHead.LENGTH,
                QuestionKey.NONE,
                false,
                false,
                Query.LEAST_UDP);
        return new Query.Read.Faulty(query, Rcode.FORMERR);
    }

    /** What stands behind the question, RFC 6891 section 6.1. */
    private static final class Additional {

        /** Where its records end is not known. */
        private boolean broken;
        /** What is said in EDNS is not, and whoever says it is answered in EDNS (RFC 6891 section 7). */
        private boolean wrong;

        private boolean edns;
        private boolean signatures;
        private boolean padding;
        private int version;
        private int udpSize;

        Additional(byte[] message, int from) {
            int records = DnsHead.u16(message, DnsHead.ADDITIONAL);
            broken = records > MOST_ADDITIONAL;
            int at = from;
            for (int i = 0; i < records && !broken; i++) {
                at = record(message, at);
                broken = at < 0;
            }
            // Nothing but what is counted: padding is an option of EDNS, RFC 7830.
            broken |= at != message.length;
        }

        private int record(byte[] message, int from) {
            int at = WireName.end(message, from, message.length);
            if (at < 0 || at + FIXED > message.length) {
                return -1;
            }
            int end = at + FIXED + DnsHead.u16(message, at + 8);
            if (end > message.length) {
                return -1;
            }
            if (DnsHead.u16(message, at) == Type.OPT) {
                version = message[at + 5] & 0xFF;
                // What a later version has there nobody knows.
                boolean readable = version > 0 || options(message, at + FIXED, end);
                wrong |= edns || message[from] != 0 || !readable;
                edns = true;
                udpSize = DnsHead.u16(message, at + 2);
                signatures = (DnsHead.u16(message, at + 6) & DNSSEC_OK) != 0;
            } else if (!signature(message, from, DnsHead.u16(message, at))) {
                return -1;
            }
            return end;
        }

        private static boolean signature(byte[] message, int name, int type) {
            return (type == Type.TSIG || type == Type.SIG)
                    && WireName.canonical(message, name, message.length).length > 0;
        }

        /** Whether they fill the record, RFC 6891 section 6.1.2. */
        private boolean options(byte[] message, int from, int end) {
            int at = from;
            while (at + OPTION <= end) {
                padding |= DnsHead.u16(message, at) == EDNSOption.Code.PADDING;
                at += OPTION + DnsHead.u16(message, at + 2);
            }
            return at == end;
        }
    }
}
