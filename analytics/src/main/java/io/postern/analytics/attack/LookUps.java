package io.postern.analytics.attack;

import java.util.Set;

/**
 * Zones that are asked about things rather than for hosts: block lists of mail servers, hashes of files, networks of addresses.
 * Their names are many, random and never connected to, as a tunnel's are; but nobody listens there who could have a device
 * speak to him. By registrable domain, from the operators' own documentation; what is missing is an exception's matter.
 */
final class LookUps {

    private static final Set<String> ZONES = Set.of(
            // Mail: addresses and domains that send what nobody wants, or do not (RFC 5782).
            "abuseat.org",
            "barracudacentral.org",
            "dnswl.org",
            "dronebl.org",
            "mailspike.net",
            "senderscore.com",
            "spamcop.net",
            "spamhaus.com",
            "spamhaus.net",
            "spamhaus.org",
            "surbl.org",
            "surriel.com",
            "uceprotect.net",
            "uribl.com",
            // Anti-virus: hashes of files, reputation of hosts.
            "brightcloud.com",
            "e5.sk",
            "eset.com",
            "mcafee.com",
            "sophosxl.net",
            "trellix.com",
            "trendmicro.com",
            // Networks of addresses, hashes of malware.
            "cymru.com");

    private LookUps() {}

    static boolean zone(String registrable) {
        return ZONES.contains(registrable);
    }
}
