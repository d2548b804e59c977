package io.postern.dns.resolve;

import io.postern.dns.forward.Loss;
import io.postern.dns.forward.Resolver;
import io.postern.dns.message.QuestionKey;
import io.postern.dns.resolve.Answer.Reason;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;

/** Asks the resolver that all share, in dnsjava's words. */
final class Upstreams {

    private final Resolver resolver;
    private final Executor executor;

    Upstreams(Resolver resolver, Executor executor) {
        this.resolver = resolver;
        this.executor = executor;
    }

    CompletionStage<Reply> ask(Record question) {
        QuestionKey key = new QuestionKey(question.getName().toWireCanonical(), question.getType(), false, false);
        return resolver.ask(key).thenApplyAsync(Upstreams::reply, executor);
    }

    /** A server's reply with NOERROR or NXDOMAIN, or why there is none. */
    sealed interface Reply {

        record Got(Message message) implements Reply {}

        record Lost(Reason reason) implements Reply {}
    }

    private static Reply reply(Resolver.Answered answered) {
        if (answered.reply().isEmpty()) {
            Loss loss = answered.loss();
            return new Reply.Lost(loss.bogus() ? Reason.BOGUS : Reason.valueOf(loss.name()));
        }
        try {
            return new Reply.Got(new Message(answered.reply().get().standalone(answered.seconds())));
        } catch (IOException | RuntimeException unreadable) {
            // What the parser throws at a reply is the reply's fault.
            return new Reply.Lost(Reason.MALFORMED);
        }
    }
}
