package io.postern.wire.ip;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why an address is not on the open internet. The ranges are those of the IANA IPv4 and IPv6 Special-Purpose Address
 * Registries and the multicast registries; names in quotes are the registries'. Entries the registries call globally
 * reachable are here too (an app has no business with them), except NAT64's well-known prefix, which is how an
 * IPv6-only network reaches the IPv4 internet: there the embedded address decides.
 *
 * <p>In IPv6 only {@code 2000::/3} is allocated for global unicast, so everything else is {@link #RESERVED}: a range
 * that comes into use later is refused until it is known.
 */
public enum SpecialPurpose {
    /** "This network" (RFC 791 3.2); a connect to 0.0.0.0 reaches this host. "Unspecified Address" (RFC 4291). */
    THIS_NETWORK("0.0.0.0/8 ::/128"),
    /** "Private-Use" (RFC 1918). */
    PRIVATE("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"),
    /** "Unique-Local" (RFC 4193), and site-local before it (deprecated by RFC 3879). */
    UNIQUE_LOCAL("fc00::/7 fec0::/10"),
    /** "Shared Address Space" between a carrier and its customers (RFC 6598). */
    SHARED("100.64.0.0/10"),
    /** "Loopback" (RFC 1122 3.2.1.3), "Loopback Address" (RFC 4291). */
    LOOPBACK("127.0.0.0/8 ::1/128"),
    /** "Link Local" (RFC 3927), "Link-Local Unicast" (RFC 4291). */
    LINK_LOCAL("169.254.0.0/16 fe80::/10"),
    /**
     * Hosts that hand credentials to whoever can reach them: the instance metadata services of EC2, GCP and others
     * (169.254.169.254), of EC2 over IPv6 (fd00:ec2::254), of Alibaba (100.100.100.200), and Azure's platform address
     * (168.63.129.16), which is ordinary public space. Each only as itself: a wider allowed network does not open it.
     */
    METADATA("169.254.169.254/32 168.63.129.16/32 100.100.100.200/32 fd00:ec2::254/128"),
    /**
     * "IETF Protocol Assignments": 192.0.0.0/24 (RFC 6890) with DS-Lite (RFC 6333), the dummy address (RFC 7600), port
     * control and TURN anycast (RFC 7723, 8155), NAT64 discovery (RFC 7050); 2001::/23 (RFC 2928) with anycast hosts,
     * "ORCHIDv2" (RFC 7343) and "Drone Remote ID" (RFC 9374); "Dummy IPv6 Prefix" (RFC 9780).
     */
    PROTOCOL_ASSIGNMENT("192.0.0.0/24 2001::/23 100:0:0:1::/64"),
    /** "AS112-v4/-v6" (RFC 7535), "Direct Delegation AS112 Service" (RFC 7534), "AMT" (RFC 7450). */
    ANYCAST_SERVICE("192.31.196.0/24 192.52.193.0/24 192.175.48.0/24 2001:3::/32 2001:4:112::/48 2620:4f:8000::/48"),
    /** "Deprecated (6to4 Relay Anycast)" and "6a44-relay anycast address" (RFC 7526, 6751). */
    RELAY_ANYCAST("192.88.99.0/24"),
    /** "Documentation (TEST-NET-1, -2, -3)" (RFC 5737), "Documentation" (RFC 3849, 9637). */
    DOCUMENTATION("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20"),
    /** "Benchmarking" (RFC 2544, 5180). */
    BENCHMARKING("198.18.0.0/15 2001:2::/48"),
    /** Multicast (RFC 5771, RFC 4291 2.7). */
    MULTICAST("224.0.0.0/4 ff00::/8"),
    /** "Reserved" (RFC 1112 4), and IPv6 outside global unicast (RFC 4291 2.4), the old IPv4-compatible forms too. */
    RESERVED("240.0.0.0/4 ::/0"),
    /** "Limited Broadcast" (RFC 8190, 919 7). */
    BROADCAST("255.255.255.255/32"),
    /** "IPv4-IPv6 Translat.", local use (RFC 8215): where the IPv4 address sits is the translator's secret. */
    LOCAL_NAT64("64:ff9b:1::/48"),
    /** "6to4" (RFC 3056). Nobody is reachable only this way, and the packet goes to the embedded IPv4 address. */
    SIX_TO_FOUR("2002::/16"),
    /** "TEREDO" (RFC 4380). The same: to the embedded server, then to the embedded client. */
    TEREDO("2001::/32"),
    /** "Discard-Only Address Block" (RFC 6666). */
    DISCARD("100::/64"),
    /** "Segment Routing (SRv6) SIDs" (RFC 9602): addresses of routers' instructions. */
    SEGMENT_ROUTING("5f00::/16");

    /** Global unicast, and the one range outside it whose embedded address decides. */
    private static final String OPEN = "0.0.0.0/0 2000::/3 64:ff9b::/96";

    private static final PrefixTable<Range> TABLE =
            PrefixTable.of(ranges().stream().collect(Collectors.toMap(Range::prefix, range -> range)));

    private final String ranges;
    private final String label;

    SpecialPurpose(String ranges) {
        this.ranges = ranges;
        this.label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the address is special for, or the IPv4 address embedded in a NAT64 one; empty on the open internet. */
    public static Optional<SpecialPurpose> of(InetAddress address) {
        Bits bits = Bits.of(address.getAddress());
        Optional<SpecialPurpose> outer = lookup(bits);
        return outer.isPresent() ? outer : lookup(Embedded.in(bits).destination(bits));
    }

    /** As written in metrics and records: {@code link-local}. */
    public String label() {
        return label;
    }

    public List<Prefix> prefixes() {
        return prefixes(ranges).toList();
    }

    /** A prefix and its purpose, none where the internet is open. */
    record Range(Prefix prefix, Optional<SpecialPurpose> purpose) {}

    /** All ranges; with these no address is outside of any. */
    static List<Range> ranges() {
        Stream<Range> open = prefixes(OPEN).map(prefix -> new Range(prefix, Optional.empty()));
        Stream<Range> special = Stream.of(values())
                .flatMap(purpose -> prefixes(purpose.ranges).map(prefix -> new Range(prefix, Optional.of(purpose))));
        return Stream.concat(open, special).toList();
    }

    private static Optional<SpecialPurpose> lookup(Bits address) {
        Range range = TABLE.find(address);
        return range == null ? Optional.empty() : range.purpose();
    }

    private static Stream<Prefix> prefixes(String ranges) {
        return Stream.of(ranges.split(" ", -1)).map(Prefix::parse);
    }
}
