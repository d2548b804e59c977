package io.postern.dns.resolve;

import io.postern.dns.resolve.Answer.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.WireParseException;

/**
 * Asks the configured servers one question, at most {@value #ATTEMPTS} times: the next server after a failure, and the
 * same one by TCP after a reply by UDP that is not to our question, which may be somebody guessing.
 *
 * <p>Against such guesses each question has, by dnsjava, a random id and a connected socket of its own on a random
 * source port (both from a {@code SecureRandom}), and from {@link MixedCase} the case of its letters. The first
 * datagram to arrive ends the attempt whatever it is, so each attempt can be guessed at once.
 */
final class Upstreams {

    private static final int ATTEMPTS = 3;

    /** What fits any path without fragments, which could be forged (RFC 9715). */
    private static final int UDP_BYTES = 1_232;

    private final List<Server> servers;
    private final Executor executor;

    /** The server that answered last: a dead first one must not cost every question its timeout. */
    private volatile int preferred;

    /**
     * Sends nothing yet.
     *
     * @param timeout for all attempts together
     */
    Upstreams(List<InetSocketAddress> servers, Duration timeout, Executor executor) {
        Duration each = timeout.dividedBy(ATTEMPTS);
        this.servers = servers.stream()
                .map(address -> new Server(resolver(address, each, false), resolver(address, each, true)))
                .toList();
        this.executor = executor;
    }

    CompletionStage<Reply> ask(Record question) {
        return attempt(question, 1, preferred, false);
    }

    /** A server's reply with NOERROR or NXDOMAIN, or why there is none. */
    sealed interface Reply {

        record Got(Message message) implements Reply {}

        record Lost(Reason reason) implements Reply {}
    }

    private CompletionStage<Reply> attempt(Record question, int number, int server, boolean tcp) {
        Message query = Message.newQuery(tcp ? question : MixedCase.of(question));
        Server asked = servers.get(server);
        // dnsjava passes failures on from its selector thread; handleAsync brings them to the executor as well.
        return (tcp ? asked.tcp : asked.udp)
                .sendAsync(query, executor)
                .handleAsync((message, failure) -> reply(query, message, failure, tcp), executor)
                .thenCompose(reply -> reply instanceof Reply.Lost lost && number < ATTEMPTS
                        ? again(question, number + 1, server, !tcp && lost.reason == Reason.MALFORMED)
                        : settled(reply, server));
    }

    private CompletionStage<Reply> again(Record question, int number, int server, boolean byTcp) {
        return attempt(question, number, byTcp ? server : (server + 1) % servers.size(), byTcp);
    }

    private CompletionStage<Reply> settled(Reply reply, int server) {
        if (reply instanceof Reply.Got) {
            preferred = server;
        }
        return CompletableFuture.completedFuture(reply);
    }

    private static Reply reply(Message query, @Nullable Message reply, @Nullable Throwable failure, boolean tcp) {
        if (reply == null) {
            return new Reply.Lost(reason(failure));
        }
        Header header = reply.getHeader();
        boolean answers = header.getFlag(Flags.QR)
                && header.getOpcode() == Opcode.QUERY
                && (tcp || MixedCase.same(query.getQuestion(), reply.getQuestion()));
        if (!answers) {
            return new Reply.Lost(Reason.MALFORMED);
        }
        return switch (reply.getRcode()) {
            case Rcode.NOERROR, Rcode.NXDOMAIN -> new Reply.Got(reply);
            case Rcode.REFUSED -> new Reply.Lost(Reason.REFUSED);
            default -> new Reply.Lost(Reason.SERVFAIL);
        };
    }

    /** What the parser throws at a reply is the reply's fault, so runtime exceptions count as malformed too. */
    private static Reason reason(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof SocketTimeoutException) {
            return Reason.TIMEOUT;
        }
        return cause instanceof IOException && !(cause instanceof WireParseException)
                ? Reason.NETWORK
                : Reason.MALFORMED;
    }

    private static SimpleResolver resolver(InetSocketAddress address, Duration timeout, boolean tcp) {
        SimpleResolver resolver = new SimpleResolver(address);
        resolver.setTimeout(timeout);
        resolver.setTCP(tcp);
        resolver.setEDNS(0, UDP_BYTES, 0, List.of());
        return resolver;
    }

    private record Server(SimpleResolver udp, SimpleResolver tcp) {}
}
