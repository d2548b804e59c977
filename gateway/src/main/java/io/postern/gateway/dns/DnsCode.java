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
    OTHER;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }

    static DnsCode of(int rcode) {
        return switch (rcode) {
            case Rcode.NOERROR -> NOERROR;
            case Rcode.FORMERR -> FORMERR;
            case Rcode.SERVFAIL -> SERVFAIL;
            case Rcode.NXDOMAIN -> NXDOMAIN;
            case Rcode.NOTIMP -> NOTIMP;
            case Rcode.REFUSED -> REFUSED;
            default -> OTHER;
        };
    }
}
