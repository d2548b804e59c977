package io.postern.gateway.dns;

import io.postern.analytics.flow.AppTag;
import io.postern.config.GatewaySettings;
import io.postern.dns.message.Query;
import io.postern.dns.message.Replies;
import io.postern.dns.names.Listed;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Overrules;
import io.postern.wire.ip.Egress;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.xbill.DNS.Rcode;

/** May it be found, and what is told instead? */
final class DnsPolicy {

    /** What answers are judged for: any port that is not the gateway's own. */
    private static final int WEB = 443;

    private final Judges judges;
    private final GatewaySettings.BlockedAnswer blocked;
    private final List<InetAddress> sinkhole;
    private final BiConsumer<Decision, AppTag> watched;

    /** @param watched told of each decision, for what rules would have done */
    DnsPolicy(GatewaySettings.Dns settings, Judges judges, BiConsumer<Decision, AppTag> watched) {
        this.judges = judges;
        this.blocked = settings.blocked();
        this.sinkhole = settings.sinkhole();
        this.watched = watched;
    }

    Decision judge(Query query, AppTag who) {
        Decision decision = judges.judgeName(who, query.key().text());
        watched.accept(decision, who);
        return decision;
    }

    /**
     * Instead of what was asked for: why not is told by RFC 8914's codes, and never by another's mandate (EDE 16). What the
     * list says that the rule asks for comes before what the settings say.
     *
     * @return empty when nothing is to be told
     */
    byte[] instead(Query query, Decision decision) {
        if (Overrules.isQuarantine(decision.verdict())) {
            return asSet(query, OptionalInt.of(Replies.EDE_PROHIBITED));
        }
        OptionalInt ede = OptionalInt.of(Replies.EDE_BLOCKED);
        Listed listed = judges.listed(decision, query.key().text()).orElse(Listed.AS_SET);
        return switch (listed.told()) {
            case AS_SET, PASSTHRU -> asSet(query, ede);
            case NXDOMAIN -> Replies.error(query, Rcode.NXDOMAIN, ede);
            case NODATA -> Replies.addresses(query, List.of(), ede);
            case ADDRESSES -> Replies.addresses(query, listed.addresses(), ede);
            case DROP -> new byte[0];
        };
    }

    private byte[] asSet(Query query, OptionalInt ede) {
        return switch (blocked) {
            case NXDOMAIN -> Replies.error(query, Rcode.NXDOMAIN, ede);
            case REFUSED -> Replies.error(query, Rcode.REFUSED, ede);
            case SINKHOLE -> Replies.addresses(query, sinkhole, ede);
        };
    }

    /**
     * Whether an answer leads to where no flow may go: a name of the world that is given an address of the inside, so that
     * a page of that name can speak to what listens there (D3).
     */
    boolean leadsInside(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            if (judges.network(address, WEB) instanceof Egress.Refused) {
                return true;
            }
        }
        return false;
    }
}
