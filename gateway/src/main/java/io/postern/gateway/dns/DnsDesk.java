package io.postern.gateway.dns;

import io.netty.channel.EventLoop;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppTag;
import io.postern.dns.forward.Resolver;
import io.postern.dns.limit.ResponseRate;
import io.postern.dns.message.DnsHead;
import io.postern.dns.message.Query;
import io.postern.dns.message.QueryReader;
import io.postern.dns.message.Replies;
import io.postern.dns.resolve.LocalNames;
import io.postern.gateway.flows.Shares;
import io.postern.gateway.flows.Source;
import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.rules.Decision;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * The life of one question, top to bottom.
 *
 * <pre>
 * message
 *   read      one question, recursion desired     what is not that: its code, or nothing at all
 *   who       may they ask?                       the certificate's or the inner address's device, or a network that
 *                                                 may: else REFUSED
 *   rate      not too often?                      else by UDP nothing, and now and then "ask by TCP"
 *   standing  answered here?                      everything (RFC 8482), localhost, names that never leave
 *   policy    may the name be found?              else NXDOMAIN, REFUSED or a sinkhole, and why
 *   resolve   what do the servers say?            memory, or one flight for all who ask the same
 *   inside    does a name of the world lead in?   else no address
 *   answer    to this client                      its id, its letters, what it takes
 * </pre>
 */
final class DnsDesk {

    private static final Logger LOG = LoggerFactory.getLogger(DnsDesk.class);
    /** Whose absence asks browsers to leave their own DNS over HTTPS off. */
    private static final String CANARY = "use-application-dns.net";

    private static final int MOST_TCP = 65_535;

    /** What all listeners share. */
    record Shared(
            Resolver resolver,
            DnsPolicy policy,
            ResponseRate rate,
            Shares<Object> waiting,
            Runnable crowded,
            DnsCounts counts,
            Counters<DnsDrop> drops) {}

    private final Shared shared;
    private final Askers askers;

    DnsDesk(Shared shared, Askers askers) {
        this.shared = shared;
        this.askers = askers;
    }

    /** The way back to a sender. */
    interface Back {

        /**
         * Told once.
         *
         * @param reply empty for none
         * @param seconds that it may be kept, by whoever keeps messages whole; 0 for not at all
         */
        void told(byte[] reply, long seconds);
    }

    /**
     * One message that came, and the way back to its sender.
     *
     * @param tagged whose it is by a tag that came with it and was verified; it may be past its time
     */
    record Asked(
            DnsTransport transport,
            InetSocketAddress client,
            Optional<ClientCertificate> certificate,
            Optional<Identity> tagged,
            EventLoop loop,
            Back back) {}

    /** For ways in by which more than an address or a certificate can come. */
    Askers askers() {
        return askers;
    }

    /** Call on the loop that the answer shall come on. */
    void received(byte[] message, Asked asked) {
        Query.Read read = QueryReader.read(message);
        if (read instanceof Query.Read.Unanswered unanswered) {
            shared.drops.count(
                    switch (unanswered.fault()) {
                        case SHORT -> DnsDrop.SHORT;
                        case RESPONSE -> DnsDrop.RESPONSE;
                        case OPCODE -> DnsDrop.OPCODE;
                    });
            asked.back.told(new byte[0], 0);
            return;
        }
        Query query = read instanceof Query.Read.Asks asks ? asks.query() : ((Query.Read.Faulty) read).query();
        Source source = Source.of(asked.client.getAddress());
        if (limited(query, source, asked)) {
            return;
        }
        Optional<AppTag> who = askers.who(asked.client.getAddress(), asked.certificate, asked.tagged);
        boolean outlived = asked.tagged
                .filter(tagged -> !askers.mayAsk(tagged, query.key().text()))
                .isPresent();
        if (who.isEmpty() || outlived) {
            refuse(query, Rcode.REFUSED, OptionalInt.of(Replies.EDE_PROHIBITED), Action.BLOCK, asked);
        } else if (read instanceof Query.Read.Faulty faulty) {
            refuse(query, faulty.rcode(), OptionalInt.empty(), Action.ALLOW, asked);
        } else {
            resolve(query, who.get(), source, asked);
        }
    }

    private boolean limited(Query query, Source source, Asked asked) {
        ResponseRate.Word word = shared.rate.take(source.hashCode(), System.nanoTime());
        if (word == ResponseRate.Word.ANSWER) {
            return false;
        }
        shared.drops.count(DnsDrop.RATE);
        // Over a connection nobody is asked in another's name, but he may wait for his answer.
        asked.back.told(
                asked.transport != DnsTransport.UDP
                        ? Replies.error(query, Rcode.REFUSED, OptionalInt.of(Replies.EDE_OTHER))
                        : word == ResponseRate.Word.TRUNCATE ? Replies.truncated(query) : new byte[0],
                0);
        return true;
    }

    private void resolve(Query query, AppTag who, Source source, Asked asked) {
        Optional<byte[]> standing = standing(query);
        if (standing.isPresent()) {
            answer(standing.get(), Action.ALLOW, asked);
            return;
        }
        Decision decision = shared.policy.judge(query, who);
        Action verdict = decision.verdict().action();
        if (decision.ends()) {
            instead(query, decision, asked);
            return;
        }
        Optional<Resolver.Answered> known = shared.resolver.known(query.key());
        if (known.isPresent()) {
            told(query, known.get(), verdict, asked);
            return;
        }
        Object holder = who.attributed() ? who.device() : source;
        if (!shared.waiting.take(holder)) {
            shared.crowded.run();
            refuse(query, Rcode.SERVFAIL, OptionalInt.of(Replies.EDE_OTHER), Action.ALLOW, asked);
            return;
        }
        shared.resolver
                .ask(query.key())
                .whenComplete((answered, fault) -> shared.waiting.giveBack(holder))
                .whenCompleteAsync((answered, fault) -> landed(query, answered, fault, verdict, asked), asked.loop);
    }

    private void instead(Query query, Decision decision, Asked asked) {
        byte[] told = shared.policy.instead(query, decision);
        Action verdict = decision.verdict().action();
        if (told.length > 0) {
            answer(told, verdict, asked);
        } else if (asked.transport == DnsTransport.DOH) {
            // HTTP has no silence.
            refuse(query, Rcode.REFUSED, OptionalInt.of(Replies.EDE_BLOCKED), verdict, asked);
        } else {
            shared.drops.count(DnsDrop.POLICY);
            asked.back.told(told, 0);
        }
    }

    private void landed(
            Query query, Resolver.@Nullable Answered answered, @Nullable Throwable fault, Action verdict, Asked asked) {
        if (answered == null) {
            LOG.error("a question was lost by a fault of ours", fault);
            refuse(query, Rcode.SERVFAIL, OptionalInt.of(Replies.EDE_OTHER), Action.ALLOW, asked);
        } else {
            told(query, answered, verdict, asked);
        }
    }

    private static Optional<byte[]> standing(Query query) {
        if (query.key().type() == Type.ANY) {
            return Optional.of(Replies.everything(query));
        }
        return query.key().text().equals(CANARY)
                ? Optional.of(Replies.error(query, Rcode.NXDOMAIN, OptionalInt.empty()))
                : LocalNames.reply(query);
    }

    private void told(Query query, Resolver.Answered answered, Action verdict, Asked asked) {
        if (answered.reply().isEmpty()) {
            OptionalInt why = OptionalInt.of(Replies.EDE_NO_REACHABLE_AUTHORITY);
            refuse(query, Rcode.SERVFAIL, why, verdict, asked);
            return;
        }
        if (shared.policy.leadsInside(answered.reply().get())) {
            answer(Replies.addresses(query, List.of(), OptionalInt.of(Replies.EDE_BLOCKED)), Action.BLOCK, asked);
            return;
        }
        int most = asked.transport == DnsTransport.UDP ? Math.min(query.udpSize(), Query.MOST_UDP) : MOST_TCP;
        OptionalInt ede = answered.stale() ? OptionalInt.of(Replies.EDE_STALE) : OptionalInt.empty();
        byte[] reply = Replies.of(query, answered.reply().get(), answered.seconds(), most, ede);
        counted(reply, verdict, asked);
        asked.back.told(reply, answered.seconds());
    }

    private void refuse(Query query, int rcode, OptionalInt ede, Action verdict, Asked asked) {
        answer(Replies.error(query, rcode, ede), verdict, asked);
    }

    private void answer(byte[] reply, Action verdict, Asked asked) {
        counted(reply, verdict, asked);
        asked.back.told(reply, 0);
    }

    private void counted(byte[] reply, Action verdict, Asked asked) {
        shared.counts.answered(asked.transport, DnsCode.of(DnsHead.rcode(reply)), verdict);
    }
}
