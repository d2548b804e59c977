package io.postern.dns.message;

import io.postern.dns.message.DnsFacts.Relative;
import io.postern.wire.protocol.DnsForm;
import java.io.IOException;
import java.util.Locale;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Name;

/** Tells DNS from its relatives by the first name and type, a question's or a record's. */
final class Relatives {

    /** NIMLOC and SRV in DNS, NB and NBSTAT in RFC 1002. */
    private static final int NB = 32;

    private static final int NBSTAT = 33;
    private static final int ENCODED = 32;
    private static final int RECURSION_DESIRED = 1;

    private Relatives() {}

    /** @param message longer than its header */
    static Relative of(byte[] message) {
        try {
            DNSInput input = new DNSInput(message);
            boolean unnumbered = input.readU16() == 0;
            boolean quiet = unnumbered && (input.readU8() & RECURSION_DESIRED) == 0;
            input.jump(DnsForm.HEADER);
            Name name = new Name(input);
            int type = input.readU16();
            if ((type == NB || type == NBSTAT) && encoded(name)) {
                return Relative.NETBIOS;
            }
            return quiet && local(name) ? Relative.MULTICAST : Relative.DNS;
        } catch (IOException | RuntimeException unreadable) {
            return Relative.DNS;
        }
    }

    private static boolean local(Name name) {
        String text = name.toString(true).toLowerCase(Locale.ROOT);
        return text.endsWith("local") || text.endsWith(".arpa") || text.contains("._tcp") || text.contains("._udp");
    }

    /** Two letters per byte, RFC 1001 section 14.1. */
    private static boolean encoded(Name name) {
        byte[] label = name.labels() > 0 ? name.getLabel(0) : new byte[1];
        if (label[0] != ENCODED) {
            return false;
        }
        for (int i = 1; i < label.length; i++) {
            if (label[i] < 'A' || label[i] > 'P') {
                return false;
            }
        }
        return true;
    }
}
