package io.postern.dns.forward;

import io.postern.dns.message.DnsHead;
import io.postern.dns.message.QuestionKey;
import io.postern.dns.message.Questions;
import io.postern.dns.message.Reply;
import io.postern.dns.message.ReplyReader;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.xbill.DNS.Rcode;

/**
 * One question on its way to the servers, at most {@value #ATTEMPTS} attempts.
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
 * <p>Not for several threads at once.
 */
public final class Inquiry {

    private static final int ATTEMPTS = 3;
    private static final int MOST_WRONG = 3;
    private static final byte[] NO_COOKIE = {};

    private final QuestionKey key;
    private final Servers servers;
    private int server;
    private int attempts = 1;
    private int wrong;
    private boolean tcp;
    private boolean plain;
    private boolean cookieRenewed;
    private byte[] sent = {};

    Inquiry(QuestionKey key, Servers servers) {
        this.key = key;
        this.servers = servers;
    }

    /** What to do next. */
    public sealed interface Step {

        /**
         * Send this, on a socket that was used for nothing else, and forget the one before.
         *
         * @param tcp with its length before it
         * @param patience until {@link Inquiry#timedOut}
         */
        @SuppressWarnings("ArrayRecordComponent") // nobody compares them
        record Send(InetSocketAddress server, boolean tcp, byte[] message, Duration patience) implements Step {}

        /** Go on waiting: that was nothing. */
        record Wait() implements Step {}

        /** It is over; what was found, or why there is nothing. */
        record Done(Optional<Reply> reply, Loss loss) implements Step {}
    }

    private static final Step WAIT = new Step.Wait();

    /** The first step. */
    public Step begin() {
        server = servers.first();
        return send(false);
    }

    /** From the server that was asked, by the socket it was asked by; without the length before it. */
    public Step received(byte[] message) {
        return tcp ? byTcp(message) : byUdp(message);
    }

    public Step timedOut() {
        servers.failed(server);
        return !tcp && wrong > 0 ? again(Loss.TIMEOUT, true) : again(Loss.TIMEOUT, false);
    }

    /** The server could not be reached, or has closed the connection. */
    public Step failed() {
        servers.failed(server);
        return again(Loss.NETWORK, false);
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
        return read.truncated() || read.rcode() == Rcode.BADCOOKIE ? send(true) : told(read);
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
            servers.failed(server);
            return again(Loss.REFUSED, false);
        }
        // What it cannot find out another one may; it is there all the same.
        servers.answered(server);
        return read.reply().isPresent() ? new Step.Done(read.reply(), Loss.SERVFAIL) : again(Loss.SERVFAIL, false);
    }

    private Step again(Loss loss, boolean sameByTcp) {
        if (attempts == ATTEMPTS) {
            return new Step.Done(Optional.empty(), loss);
        }
        attempts++;
        if (!sameByTcp) {
            server = servers.after(server);
        }
        return send(sameByTcp);
    }

    private Step send(boolean byTcp) {
        tcp = byTcp;
        wrong = 0;
        sent = Questions.of(key, !byTcp, !plain, plain ? NO_COOKIE : servers.cookie(server));
        return new Step.Send(servers.address(server), byTcp, sent, servers.patience());
    }
}
