package io.postern.gateway.dns;

import io.postern.analytics.flow.AppTag;
import io.postern.config.DnsAnswers;
import io.postern.config.GatewaySettings;
import io.postern.dns.message.Ech;
import io.postern.dns.message.Query;
import io.postern.dns.message.Replies;
import io.postern.dns.message.Reply;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainTable;
import io.postern.dns.names.Listed;
import io.postern.dns.resolve.HostsTable;
import io.postern.dns.resolve.LocalNames;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.NameQuestion;
import io.postern.gateway.rules.Overrules;
import io.postern.wire.ip.Egress;
import java.net.InetAddress;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** May it be found, and what is told instead? */
final class DnsPolicy {

    /** What answers are judged for: any port that is not the gateway's own. */
    private static final int WEB = 443;

    private static final Logger LOG = LoggerFactory.getLogger(DnsPolicy.class);

    /** Whose absence asks browsers to leave their own DNS over HTTPS off. */
    private static final String CANARY = "use-application-dns.net";

    private final Judges judges;
    private final GatewaySettings.BlockedAnswer blocked;
    private final List<InetAddress> sinkhole;
    private final BiConsumer<Decision, AppTag> watched;
    private final HostsTable hosts;
    private final DomainTable<Boolean> privateZones;
    private final LocalNames local;
    private final boolean validates;
    private final boolean canary;
    private final Optional<DnsAnswers.WithoutEch> withoutEch;
    private final Clock clock;

    /**
     * @param hosts that the operator has written down
     * @param watched told of each decision, for what rules would have done
     */
    DnsPolicy(
            GatewaySettings.Dns settings,
            HostsTable hosts,
            Judges judges,
            BiConsumer<Decision, AppTag> watched,
            Clock clock) {
        this.hosts = hosts;
        this.privateZones = zones(settings.answers().privateZones());
        this.local = new LocalNames(
                name -> privateZones.find(name) != null || hosts.addresses(name).isPresent());
        this.validates = settings.answers().dnssec().validate();
        this.canary = settings.answers().canary();
        this.withoutEch = settings.answers().withoutEch();
        this.clock = clock;
        withoutEch.ifPresent(written -> LOG.warn(
                "ech is left out of HTTPS records until={} approver=\"{}\" reason=\"{}\"",
                written.until(),
                written.approver(),
                written.reason()));
        this.judges = judges;
        this.blocked = settings.blocked();
        this.sinkhole = settings.sinkhole();
        this.watched = watched;
    }

    static DomainTable<Boolean> zones(List<String> patterns) {
        DomainTable.Builder<Boolean> zones = DomainTable.builder((one, same) -> one);
        patterns.forEach(text -> DomainPattern.parse(text).ifPresent(pattern -> zones.add(pattern, true)));
        return zones.build();
    }

    /** Names that no server is asked for, for flows likewise. */
    LocalNames local() {
        return local;
    }

    /** What is answered whoever asks, without asking anybody. */
    Optional<byte[]> standing(Query query) {
        if (query.key().type() == Type.ANY) {
            return Optional.of(Replies.everything(query));
        }
        return canary && query.key().text().equals(CANARY)
                ? Optional.of(Replies.noSuchName(query, OptionalInt.empty()))
                : local.reply(query);
    }

    /** The addresses that the operator has written down for a name. */
    Optional<List<InetAddress>> written(Query query) {
        return hosts.addresses(query.key().text());
    }

    /** What of an answer is told; empty where what must not be told cannot be taken out of it. */
    Optional<Reply> told(Query query, Reply reply) {
        boolean strips = withoutEch.isPresent()
                && Ech.mayBeIn(query.key())
                && !LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
                        .isAfter(withoutEch.get().until());
        return strips ? Ech.without(reply, query.key()) : Optional.of(reply);
    }

    /** Whether flows may go by what is told: not by what would have been checked, had the client not forbidden it. */
    boolean believed(Query query) {
        return !(validates && query.key().unchecked());
    }

    Decision judge(NameQuestion asked) {
        Decision decision = judges.judgeName(asked);
        watched.accept(decision, asked.who());
        return decision;
    }

    /**
     * The same once it is known where the answer leads.
     *
     * @param before what was decided of the name
     */
    Decision judgeAnswer(NameQuestion asked, Decision before) {
        Decision decision = judges.judgeAnswer(asked);
        if (decision.matches().isEmpty()) {
            return before;
        }
        watched.accept(decision, asked.who());
        return before.and(decision);
    }

    /**
     * Instead of what was asked for: why not is told by RFC 8914's codes, and never by another's mandate (EDE 16). What the
     * list says that the rule asks for comes before what the settings say.
     *
     * @return empty when nothing is to be told
     */
    byte[] instead(Query query, NameQuestion asked, Decision decision) {
        if (Overrules.isQuarantine(decision.verdict())) {
            return asSet(query, OptionalInt.of(Replies.EDE_PROHIBITED));
        }
        OptionalInt ede = OptionalInt.of(Replies.EDE_BLOCKED);
        Listed listed = judges.listed(decision, asked).orElse(Listed.AS_SET);
        return switch (listed.told()) {
            case AS_SET, PASSTHRU -> asSet(query, ede);
            case NXDOMAIN -> Replies.noSuchName(query, ede);
            case NODATA -> Replies.addresses(query, List.of(), ede);
            case ADDRESSES -> Replies.addresses(query, listed.addresses(), ede);
            case DROP -> new byte[0];
        };
    }

    private byte[] asSet(Query query, OptionalInt ede) {
        return switch (blocked) {
            case NXDOMAIN -> Replies.noSuchName(query, ede);
            case REFUSED -> Replies.error(query, Rcode.REFUSED, ede);
            case SINKHOLE -> Replies.addresses(query, sinkhole, ede);
        };
    }

    /**
     * Whether an answer leads to where no flow may go: a name of the world that is given an address of the inside, so that
     * a page of that name can speak to what listens there (D3).
     */
    boolean leadsInside(Query query, List<InetAddress> addresses) {
        if (privateZones.find(query.key().text()) != null) {
            return false;
        }
        for (InetAddress address : addresses) {
            if (judges.network(address, WEB) instanceof Egress.Refused) {
                return true;
            }
        }
        return false;
    }
}
