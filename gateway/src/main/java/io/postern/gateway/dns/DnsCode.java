package io.postern.gateway.dns;

import java.util.Locale;
import org.xbill.DNS.Rcode;

/** What a question was answered with, as metrics tell it. */
public enum DnsCode {
    NOERROR,
    FORMERR,
    SERVFAIL,
    NXDOMAIN,
    NOTIMP,
    REFUSED,
    /** Of EDNS that is not spoken here, RFC 6891 section 6.1.3. */
    BADVERS,
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }

    /** @param rcode with EDNS's upper bits */
    static DnsCode of(int rcode) {
        return switch (rcode) {
            case Rcode.NOERROR -> NOERROR;
            case Rcode.FORMERR -> FORMERR;
            case Rcode.SERVFAIL -> SERVFAIL;
            case Rcode.NXDOMAIN -> NXDOMAIN;
            case Rcode.NOTIMP -> NOTIMP;
            case Rcode.REFUSED -> REFUSED;
            case Rcode.BADVERS -> BADVERS;
            default -> OTHER;
        };
    }
}
