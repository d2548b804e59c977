package io.postern.dns.forward;

import io.postern.dns.message.DnsHead;
import io.postern.dns.message.QuestionKey;
import io.postern.dns.message.Questions;
import io.postern.dns.message.Reply;
import io.postern.dns.message.ReplyReader;
import java.time.Duration;
import java.util.Optional;
import org.xbill.DNS.Rcode;

/**
 * One question on its way to the servers, at most {@value #ATTEMPTS} attempts, and of those that a server asks for itself
 * one more by TCP and one more with its cookie, once each.
 *
 * <pre>
 * by UDP → answered                                    → done
 *        → answered: cut short, or perhaps by somebody
 *          who guesses                                 → by TCP, to the same server
 *        → not answered                                → by UDP, to the next server
 * </pre>
 *
 * Against guesses each question by UDP has a random id, a socket of its own (which is the carrier's part), a name in
 * random case and a cookie where the server knows them (RFC 7873). What has the wrong id is passed over; the third such
 * datagram means that somebody is guessing.
 *
 * <p>A server with TLS is asked inside it and by nothing else, without the above: nobody can guess there.
 *
 * <p>Where a server is late, once, another one is asked too ({@link #late}); whoever carries both takes the first answer.
 *
 * <p>Not for several threads at once.
 */
public final class Inquiry {

    static final int ATTEMPTS = 3;
    private static final int MOST_WRONG = 3;
    private static final byte[] NO_COOKIE = {};

    private final QuestionKey key;
    private final Servers servers;
    private final int beside;
    private boolean alone;
    private int server;
    private int attempts = 1;
    private long askedAt;
    private int wrong;
    private boolean tcp;
    private boolean plain;
    private boolean cookieRenewed;
    private boolean cutShort;
    /** Whether no other server has been asked. */
    private boolean first;

    private byte[] sent = {};

    Inquiry(QuestionKey key, Servers servers) {
        this(key, servers, -1);
    }

    /** @param beside the one server that is asked; negative: as many as it takes */
    private Inquiry(QuestionKey key, Servers servers, int beside) {
        this.key = key;
        this.servers = servers;
        this.beside = beside;
        this.alone = beside < 0;
        this.first = beside < 0;
    }

    /** What to do next. */
    public sealed interface Step {

        /**
         * Send this, on a socket that was used for nothing else, and forget the one before.
         *
         * @param tcp whether not by UDP; of a server that is asked securely always
         * @param late when to tell {@link Inquiry#late}, unless that is no sooner than patience
         * @param patience until {@link Inquiry#timedOut}
         */
        @SuppressWarnings("ArrayRecordComponent") // nobody compares them
        record Send(Server server, boolean tcp, byte[] message, Duration late, Duration patience) implements Step {}

        /** Go on waiting: that was nothing. */
        record Wait() implements Step {}

        /** It is over; what was found, or why there is nothing. */
        record Done(Optional<Reply> reply, Loss loss) implements Step {}
    }

    private static final Step WAIT = new Step.Wait();

    /** What it is about. */
    public QuestionKey key() {
        return key;
    }

    /** The first step. */
    public Step begin() {
        server = beside < 0 ? servers.first() : beside;
        return send(false);
    }

    /** The answer is late: what is to be asked beside it, if anything. */
    public Optional<Inquiry> late() {
        int other = alone ? servers.beside(server) : -1;
        alone = false;
        return other < 0 ? Optional.empty() : Optional.of(new Inquiry(key, servers, other));
    }

    /** From the server that was asked, by the socket it was asked by; without the length before it. */
    public Step received(byte[] message) {
        return tcp ? byTcp(message) : byUdp(message);
    }

    public Step timedOut() {
        silent();
        return !tcp && wrong > 0 ? again(Loss.TIMEOUT, true) : again(Loss.TIMEOUT, false);
    }

    /** The server hung up or would not answer this one, or there was no socket for it. */
    public Step failed() {
        silent();
        return again(Loss.NETWORK, false);
    }

    /** Nobody is there to be asked anything. */
    public Step unreachable() {
        servers.unreachable(server, askedAt);
        return again(Loss.NETWORK, false);
    }

    private void silent() {
        if (first) {
            servers.silent(server, key, askedAt);
        } else {
            servers.silentToo(server, askedAt);
        }
    }

    private Step byUdp(byte[] message) {
        if (message.length < 2 || DnsHead.id(message) != DnsHead.id(sent)) {
            return guessed();
        }
        if (message.length < DnsHead.LENGTH) {
            return again(Loss.MALFORMED, true);
        }
        int code = DnsHead.rcode(message);
        if (!plain && (code == Rcode.FORMERR || code == Rcode.NOTIMP)) {
            return without();
        }
        if (!ReplyReader.answers(message, key) || !Questions.copied(sent, message, key)) {
            return again(Loss.MALFORMED, true);
        }
        Optional<ReplyReader.Read> read = ReplyReader.read(message, key);
        return read.isPresent() ? read(read.get()) : again(Loss.MALFORMED, true);
    }

    private Step guessed() {
        return ++wrong >= MOST_WRONG ? again(Loss.MALFORMED, true) : WAIT;
    }

    /** A server from before EDNS: again as it knows it, by TCP, for anybody can say so. */
    private Step without() {
        plain = true;
        return again(Loss.SERVFAIL, true);
    }

    private Step read(ReplyReader.Read read) {
        boolean shown = read.cookie().length > 0;
        if (shown && !servers.cookieReturned(server, read.cookie())) {
            return again(Loss.MALFORMED, true);
        }
        if (!shown && !plain && servers.knowsCookies(server)) {
            return again(Loss.MALFORMED, true);
        }
        if (read.rcode() == Rcode.BADCOOKIE && shown && !cookieRenewed) {
            cookieRenewed = true;
            return send(false);
        }
        return read.truncated() || read.rcode() == Rcode.BADCOOKIE ? whole() : told(read);
    }

    /** A long answer costs no attempt, once: all servers before may have been silent. */
    private Step whole() {
        servers.heard(server);
        boolean first = !cutShort;
        cutShort = true;
        return first ? send(true) : again(Loss.MALFORMED, true);
    }

    private Step byTcp(byte[] message) {
        if (message.length < DnsHead.LENGTH || DnsHead.id(message) != DnsHead.id(sent)) {
            return again(Loss.MALFORMED, false);
        }
        int code = DnsHead.rcode(message);
        if (!plain && (code == Rcode.FORMERR || code == Rcode.NOTIMP)) {
            return without();
        }
        Optional<ReplyReader.Read> read =
                ReplyReader.answers(message, key) ? ReplyReader.read(message, key) : Optional.empty();
        return read.isEmpty() || read.get().truncated() ? again(Loss.MALFORMED, false) : told(read.get());
    }

    private Step told(ReplyReader.Read read) {
        if (read.rcode() == Rcode.REFUSED) {
            // Some refuse one name where others would say that it does not exist.
            silent();
            return again(Loss.REFUSED, false);
        }
        // What it cannot find out another one may; it is there all the same.
        servers.answered(server, askedAt);
        return read.reply().isPresent() ? done(read.reply().get()) : again(Loss.SERVFAIL, false);
    }

    /** Who can be spoken for on the way has checked nothing, whatever it says (RFC 4035 section 4.9.3). */
    private Step done(Reply reply) {
        boolean spoken = reply.authentic() && !servers.server(server).secure();
        return new Step.Done(Optional.of(spoken ? reply.with(false, reply.ttl()) : reply), Loss.SERVFAIL);
    }

    private Step again(Loss loss, boolean sameByTcp) {
        if (attempts == ATTEMPTS || (beside >= 0 && !sameByTcp)) {
            return new Step.Done(Optional.empty(), loss);
        }
        attempts++;
        if (!sameByTcp) {
            server = servers.after(server);
            first = false;
        }
        return send(sameByTcp);
    }

    private Step send(boolean byTcp) {
        boolean secure = servers.server(server).secure();
        tcp = byTcp || secure;
        wrong = 0;
        askedAt = servers.now();
        sent = secure
                ? Questions.padded(key, !plain)
                : Questions.of(key, !byTcp, !plain, plain ? NO_COOKIE : servers.cookie(server));
        return new Step.Send(servers.server(server), tcp, sent, servers.lateAfter(server), servers.patience());
    }
}
