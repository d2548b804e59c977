package io.postern.dns.message;

import io.postern.dns.message.DnsFacts.Relative;
import java.util.Locale;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Tells DNS from its relatives, by what only they have. */
final class Relatives {

    /** NIMLOC and SRV in DNS, NB and NBSTAT in RFC 1002. */
    private static final int NB = 32;

    private static final int NBSTAT = 33;
    private static final int ENCODED = 32;

    private Relatives() {}

    static Relative of(Message message) {
        Record first = message.getQuestion();
        if (first == null && !message.getSection(Section.ANSWER).isEmpty()) {
            first = message.getSection(Section.ANSWER).get(0);
        }
        if (first == null) {
            return Relative.DNS;
        }
        if ((first.getType() == NB || first.getType() == NBSTAT) && encoded(first.getName())) {
            return Relative.NETBIOS;
        }
        boolean quiet = message.getHeader().getID() == 0 && !message.getHeader().getFlag(Flags.RD);
        return quiet && local(first.getName()) ? Relative.MULTICAST : Relative.DNS;
    }

    private static boolean local(Name name) {
        String text = name.toString(true).toLowerCase(Locale.ROOT);
        return text.endsWith("local") || text.endsWith(".arpa") || text.contains("._tcp") || text.contains("._udp");
    }

    /** Section 4.1 of RFC 1001: two letters per byte. */
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
