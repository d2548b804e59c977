package io.postern.dns.validate;

import io.postern.dns.forward.Loss;
import io.postern.dns.forward.Resolver;
import io.postern.dns.message.QuestionKey;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/**
 * What dnsjava's validator asks: our own resolver with its memory, its single flight and its servers, for signatures too
 * and unchecked (RFC 6840 section 5.9), so that a server that validates does not keep from us what it does not like.
 */
final class SharedResolver implements org.xbill.DNS.Resolver {

    private final Resolver resolver;
    private final Clock clock;

    SharedResolver(Resolver resolver, Clock clock) {
        this.resolver = resolver;
        this.clock = clock;
    }

    static QuestionKey key(Record question) {
        return new QuestionKey(question.getName().toWireCanonical(), question.getType(), true, true);
    }

    /** @param executor the {@link Work} that it is for */
    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        Work work = (Work) executor;
        QuestionKey key = key(query.getQuestion());
        CompletableFuture<Message> told = new Steps<>(work);
        if (work.mayAsk(key)) {
            var unused = resolver.ask(key)
                    .thenApplyAsync(answered -> message(query, answered, work), work)
                    .whenComplete((message, fault) -> tell(told, message, fault));
        } else {
            told.complete(failure(query));
        }
        return told;
    }

    private static void tell(CompletableFuture<Message> told, @Nullable Message message, @Nullable Throwable fault) {
        if (fault != null) {
            told.completeExceptionally(fault);
        } else {
            told.complete(message);
        }
    }

    private Message message(Message query, Resolver.Answered answered, Work work) {
        if (answered.reply().isEmpty()) {
            work.lost(answered.loss());
            return failure(query);
        }
        try {
            Message message = new Message(answered.reply().get().standalone(answered.seconds()));
            message.getHeader().setID(query.getHeader().getID());
            return work.mayCheck(message, clock.instant().getEpochSecond()) ? message : failure(query);
        } catch (IOException | RuntimeException unreadable) {
            // What the parser throws at a reply is the reply's fault.
            work.lost(Loss.MALFORMED);
            return failure(query);
        }
    }

    private static Message failure(Message query) {
        Message failure = new Message(query.getHeader().getID());
        failure.getHeader().setFlag(Flags.QR);
        failure.getHeader().setRcode(Rcode.SERVFAIL);
        failure.addRecord(query.getQuestion(), Section.QUESTION);
        return failure;
    }

    @Override
    public Duration getTimeout() {
        return Duration.ZERO;
    }

    // How questions are sent is not the validator's to say: what it sets is so already.

    @Override
    public void setPort(int port) {}

    @Override
    public void setTCP(boolean flag) {}

    @Override
    public void setIgnoreTruncation(boolean flag) {}

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

    @Override
    public void setTSIGKey(TSIG key) {}

    @Override
    public void setTimeout(Duration timeout) {}
}
