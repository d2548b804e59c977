package io.postern.wire.ip;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Judges a destination by its address, after resolution and before any dial (the judged address is the dialled one,
 * or a name could resolve differently in between).
 *
 * <p>In this order:
 * <ol>
 *   <li>a listener of this gateway is refused, always: a flow that comes back in loops.
 *   <li>Of the allowed, denied and special-purpose ranges around the address the longest prefix decides; at equal
 *       length deny wins over allow, and allow over special purpose. So allowing 10.1.0.0/16 opens it, denying
 *       0.0.0.0/0 and allowing a few networks is an allow-list, and a range as wide as 169.254.0.0/16 does not open
 *       the metadata host within: that one must be named.
 *   <li>An address with IPv4 inside (NAT64, 6to4, Teredo) is judged once more for each IPv4 address in it, so an
 *       allowed 2002::/16 does not open 2002:7f00:1::.
 * </ol>
 * Immutable; any thread may ask.
 */
public final class EgressRanges {

    private final PrefixTable<Egress> ranges;
    private final OwnAddresses own;

    public EgressRanges(Collection<Prefix> allowed, Collection<Prefix> denied, OwnAddresses own) {
        Map<Prefix, Egress> judged = new HashMap<>();
        SpecialPurpose.ranges().forEach(range -> judged.put(range.prefix(), judgement(range)));
        allowed.forEach(prefix -> judged.put(prefix, Egress.ALLOWED));
        denied.forEach(prefix -> judged.put(prefix, new Egress.Refused(Egress.Refused.DENIED, prefix.toString())));
        this.ranges = PrefixTable.of(judged);
        this.own = own;
    }

    /**
     * May a flow to this destination be dialled? Allocates nothing that outlives the call.
     *
     * @param port the port the client asked for, 0 to 65535
     */
    public Egress judge(InetAddress destination, int port) {
        Bits address = Bits.of(destination.getAddress());
        Egress judged = judge(address, port);
        Embedded embedded = Embedded.in(address);
        if (embedded == Embedded.NONE || judged != Egress.ALLOWED) {
            return judged;
        }
        Egress relay = judge(embedded.relay(address), port);
        return relay == Egress.ALLOWED ? judge(embedded.destination(address), port) : relay;
    }

    private Egress judge(Bits address, int port) {
        if (own.listensOn(address, port)) {
            return own.refusal();
        }
        Egress judged = ranges.find(address);
        if (judged == null) {
            throw new IllegalStateException("every address has a range");
        }
        return judged;
    }

    private static Egress judgement(SpecialPurpose.Range range) {
        return range.purpose()
                .<Egress>map(purpose ->
                        new Egress.Refused(purpose.label(), range.prefix().toString()))
                .orElse(Egress.ALLOWED);
    }
}
