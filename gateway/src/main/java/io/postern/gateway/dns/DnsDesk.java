package io.postern.gateway.dns;

import io.netty.channel.EventLoop;
import io.postern.analytics.Verdict.Action;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ListenSettings;
import io.postern.dns.forward.Resolver;
import io.postern.dns.limit.ResponseRate;
import io.postern.dns.memory.AnswerLog;
import io.postern.dns.message.DnsHead;
import io.postern.dns.message.Query;
import io.postern.dns.message.QueryReader;
import io.postern.dns.message.Replies;
import io.postern.dns.message.Reply;
import io.postern.gateway.flows.Shares;
import io.postern.gateway.flows.Source;
import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.meters.Counters;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.NameQuestion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;

/**
 * The life of one question, top to bottom.
 *
 * <pre>
 * message
 *   read      one question, recursion desired     what is not that: its code, or nothing at all
 *   rate      by UDP: not too often of there?     else nothing, and now and then "ask by TCP"
 *   who       may they ask?                       the certificate's or the inner address's device, or a network that
 *                                                 may: else REFUSED
 *   rate      over a connection: not too often?   else REFUSED; counted apart, for who sends datagrams may be anybody
 *   standing  answered here?                      everything (RFC 8482), localhost, names that never leave
 *   policy    may the name be found?              else NXDOMAIN, REFUSED or a sinkhole, and why
 *   hosts     is it written down?                 those addresses
 *   resolve   what do the servers say?            memory, or one flight for all who ask the same
 *   policy    may it be found where it leads?     else the same
 *   inside    does a name of the world lead in?   else no address
 *   answer    to this client                      its id, its letters, what it takes
 * </pre>
 */
final class DnsDesk {

    private static final Logger LOG = LoggerFactory.getLogger(DnsDesk.class);
    private static final int MOST_TCP = 65_535;
    /** Of a name of the world that leads to the inside. */
    private static final Decision INSIDE = Decision.block("dns:leads-inside");

    private static final Told NO_ADDRESS = new Told(List.of(), 0);

    /** What all listeners share. */
    record Shared(
            Resolver resolver,
            DnsPolicy policy,
            ResponseRate datagrams,
            ResponseRate connections,
            Shares<Object> waiting,
            Runnable crowded,
            AnswerLog answers,
            DnsWitness witness,
            DnsCounts counts,
            Counters<DnsDrop> drops,
            Counters<DnsTransport> taken) {}

    private final Shared shared;
    private final ListenSettings listener;
    private final Askers askers;

    DnsDesk(Shared shared, ListenSettings listener, Askers askers) {
        this.shared = shared;
        this.listener = listener;
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
     * @param server that was asked
     * @param tagged whose it is by a tag that came with it and was verified; it may be past its time
     */
    record Asked(
            DnsTransport transport,
            InetSocketAddress client,
            InetSocketAddress server,
            Optional<ClientCertificate> certificate,
            Optional<Identity> tagged,
            EventLoop loop,
            Back back) {

        Asked {
            back = new Once(back);
        }
    }

    /** Whatever breaks after the answer, there is no second one. */
    private static final class Once implements Back {

        private final Back back;
        private boolean told;

        Once(Back back) {
            this.back = back;
        }

        @Override
        public void told(byte[] reply, long seconds) {
            if (!told) {
                told = true;
                back.told(reply, seconds);
            }
        }
    }

    /** The listener's own address: who asks a {@code dns} listener asks that. */
    InetSocketAddress address() {
        return listener.bind().socketAddress();
    }

    /** Counts what its ways in lose. */
    Counters<DnsDrop> drops() {
        return shared.drops;
    }

    /** For ways in by which more than an address or a certificate can come. */
    Askers askers() {
        return askers;
    }

    /** A question of somebody who may ask. */
    private record Turn(Query query, AppTag who, Source source, Asked asked, long beganNanos) {

        Object holder() {
            return DnsDesk.holder(who, source);
        }

        NameQuestion asks() {
            return new NameQuestion(who, asked.client.getAddress(), query.key().text());
        }
    }

    /** Addresses that an answer leads to, and how long they may be kept. */
    private record Told(List<InetAddress> addresses, long seconds) {}

    /** Call on the loop that the answer shall come on. Throws nothing, and answers in any case. */
    void received(byte[] message, Asked asked) {
        try {
            Query.Read read = QueryReader.read(message, asked.transport.secret());
            try {
                read(read, asked);
            } catch (RuntimeException fault) {
                lost(fault, asked, read instanceof Query.Read.Asks asks ? asks.query() : null);
            }
        } catch (RuntimeException fault) {
            lost(fault, asked, null);
        }
    }

    /** A fault of ours. */
    private void lost(Throwable fault, Asked asked, @Nullable Query query) {
        LOG.error("a question was lost by a fault of ours", fault);
        shared.drops.count(DnsDrop.FAULT);
        asked.back.told(
                query == null ? new byte[0] : Replies.error(query, Rcode.SERVFAIL, OptionalInt.of(Replies.EDE_OTHER)),
                0);
    }

    private void read(Query.Read read, Asked asked) {
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
        long now = System.nanoTime();
        boolean udp = asked.transport == DnsTransport.UDP;
        if (udp && limited(query, source, now, asked)) {
            return;
        }
        Optional<AppTag> who = askers.who(asked.client.getAddress(), asked.certificate, asked.tagged);
        boolean outlived = asked.tagged
                .filter(tagged -> !askers.mayAsk(tagged, query.key().text()))
                .isPresent();
        if (!udp && tooOften(who, source, now)) {
            byte[] no = Replies.error(query, Rcode.REFUSED, OptionalInt.of(Replies.EDE_OTHER));
            send(no, DnsCode.REFUSED, 0, Action.THROTTLE, asked);
        } else if (who.isEmpty() || outlived) {
            byte[] no = Replies.error(query, Rcode.REFUSED, OptionalInt.of(Replies.EDE_PROHIBITED));
            send(no, DnsCode.REFUSED, 0, Action.BLOCK, asked);
        } else if (read instanceof Query.Read.Faulty faulty) {
            byte[] no = Replies.error(query, faulty.rcode(), OptionalInt.empty());
            send(no, DnsCode.of(faulty.rcode()), 0, Action.ALLOW, asked);
        } else {
            resolve(new Turn(query, who.get(), source, asked, now));
        }
    }

    /** Before it is asked who it is: most of a flood comes from nobody. */
    private boolean limited(Query query, Source source, long now, Asked asked) {
        ResponseRate.Word word = shared.datagrams.take(source.hashCode(), now);
        if (word == ResponseRate.Word.ANSWER) {
            return false;
        }
        shared.drops.count(DnsDrop.RATE);
        asked.back.told(word == ResponseRate.Word.TRUNCATE ? Replies.truncated(query) : new byte[0], 0);
        return true;
    }

    /** Over a connection nobody is asked in another's name, so its count is out of reach of who forges datagrams. */
    private boolean tooOften(Optional<AppTag> who, Source source, long now) {
        return shared.connections.take(
                        holder(who.orElse(AppTag.UNATTRIBUTED), source).hashCode(), now)
                != ResponseRate.Word.ANSWER;
    }

    /** Whose it is, as of flows. */
    private static Object holder(AppTag who, Source source) {
        return who.attributed() ? who.device() : source;
    }

    private void resolve(Turn turn) {
        Query query = turn.query;
        Optional<byte[]> standing = shared.policy.standing(query);
        if (standing.isPresent()) {
            answer(turn, standing.get(), Decision.UNDECIDED, Action.ALLOW, NO_ADDRESS);
            return;
        }
        NameQuestion asks = turn.asks();
        Decision decision = shared.policy.judge(asks);
        if (decision.ends()) {
            instead(turn, asks, decision);
            return;
        }
        Optional<List<InetAddress>> written = shared.policy.written(query);
        if (written.isPresent()) {
            byte[] told = Replies.addresses(query, written.get(), OptionalInt.empty());
            Told kept = DnsHead.u16(told, DnsHead.ANSWERS) > 0
                    ? new Told(written.get(), Replies.OWN_TTL)
                    : new Told(List.of(), Replies.NOTHING_TTL);
            answer(turn, told, decision, decision.verdict().action(), kept);
            return;
        }
        Optional<Resolver.Answered> known = shared.resolver.known(query.key());
        if (known.isPresent()) {
            told(turn, known.get(), decision);
            return;
        }
        Object holder = turn.holder();
        if (!shared.waiting.take(holder)) {
            shared.crowded.run();
            refuse(turn, Replies.EDE_OTHER, decision);
            return;
        }
        shared.resolver
                .ask(query.key())
                .whenComplete((answered, fault) -> shared.waiting.giveBack(holder))
                .whenCompleteAsync((answered, fault) -> landed(turn, answered, fault, decision), turn.asked.loop);
    }

    private void instead(Turn turn, NameQuestion asks, Decision decision) {
        byte[] told = shared.policy.instead(turn.query, asks, decision);
        Action verdict = decision.verdict().action();
        if (told.length > 0) {
            answer(turn, told, decision, verdict, NO_ADDRESS);
        } else if (turn.asked.transport == DnsTransport.DOH) {
            // HTTP has no silence.
            byte[] no = Replies.error(turn.query, Rcode.REFUSED, OptionalInt.of(Replies.EDE_BLOCKED));
            answer(turn, no, decision, verdict, NO_ADDRESS);
        } else {
            shared.drops.count(DnsDrop.POLICY);
            turn.asked.back.told(told, 0);
        }
    }

    private void landed(Turn turn, Resolver.@Nullable Answered answered, @Nullable Throwable fault, Decision decision) {
        try {
            if (answered == null) {
                lost(fault == null ? new IllegalStateException("nothing came of it") : fault, turn.asked, turn.query);
            } else {
                told(turn, answered, decision);
            }
        } catch (RuntimeException ours) {
            lost(ours, turn.asked, turn.query);
        }
    }

    private void told(Turn turn, Resolver.Answered answered, Decision named) {
        Query query = turn.query;
        if (answered.reply().isEmpty()) {
            refuse(turn, answered.loss().code(), named);
            return;
        }
        Optional<Reply> tellable = shared.policy.told(query, answered.reply().get());
        if (tellable.isEmpty()) {
            refuse(turn, Replies.EDE_OTHER, named);
            return;
        }
        Reply reply = tellable.get();
        List<InetAddress> addresses = reply.addresses();
        NameQuestion leading = turn.asks().leadingTo(reply.aliases(), addresses);
        Decision decision = shared.policy.judgeAnswer(leading, named);
        if (decision.ends()) {
            instead(turn, leading, decision);
            return;
        }
        if (shared.policy.leadsInside(query, addresses)) {
            byte[] nothing = Replies.addresses(query, List.of(), OptionalInt.of(Replies.EDE_BLOCKED));
            answer(turn, nothing, INSIDE, Action.BLOCK, NO_ADDRESS);
            return;
        }
        int most = turn.asked.transport == DnsTransport.UDP ? Math.min(query.udpSize(), Query.MOST_UDP) : MOST_TCP;
        OptionalInt ede = answered.stale() ? OptionalInt.of(Replies.EDE_STALE) : OptionalInt.empty();
        byte[] told = Replies.of(query, reply, answered.seconds(), most, ede);
        boolean cut = (DnsHead.flags(told) & DnsHead.TRUNCATED) != 0;
        Action verdict = decision.verdict().action();
        answer(turn, told, decision, verdict, new Told(cut ? List.of() : addresses, answered.seconds()));
    }

    /** For want of an answer. */
    private void refuse(Turn turn, int ede, Decision decision) {
        byte[] failure = Replies.error(turn.query, Rcode.SERVFAIL, OptionalInt.of(ede));
        answer(turn, failure, decision, decision.verdict().action(), NO_ADDRESS);
    }

    /** Who may ask has this from us, and whoever keeps account of it is told. */
    private void answer(Turn turn, byte[] reply, Decision decision, Action verdict, Told told) {
        if (!told.addresses.isEmpty() && shared.policy.believed(turn.query)) {
            // Before he can go there: whoever looks for the name of his flow finds it.
            shared.answers.told(turn.holder(), turn.query.key().text(), told.addresses, told.seconds);
        }
        // None of more than four bits is ever told to a sound question.
        send(reply, DnsCode.of(DnsHead.rcode(reply)), told.seconds, verdict, turn.asked);
        long took = System.nanoTime() - turn.beganNanos;
        shared.witness.answered(new DnsAnswered(
                listener,
                turn.asked.transport,
                turn.asked.client,
                turn.asked.server,
                turn.who,
                turn.query,
                decision,
                verdict,
                reply,
                took));
    }

    /** @param seconds for which it may be kept */
    private void send(byte[] reply, DnsCode code, long seconds, Action verdict, Asked asked) {
        shared.counts.answered(asked.transport, code, verdict);
        asked.back.told(reply, seconds);
    }
}
