package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.access.Failures;
import io.postern.gateway.http.Answer;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Changes that were refused. Each is a line of a log that only grows, so an address may have as many as it may show wrong
 * credentials.
 */
final class Refusals {

    private static final Set<Integer> REFUSED = Set.of(403, 404, 409, 412, 422, 428);

    private final Failures refusals = new Failures();

    /** A change, unless there were too many refused; counted when this one is. */
    CompletionStage<Answer> unlessTooMany(InetAddress peer, Supplier<CompletionStage<Answer>> change) {
        if (tooMany(peer)) {
            return Answer.problem(HttpResponseStatus.TOO_MANY_REQUESTS, "too many refused changes from this address")
                    .with("retry-after", "1")
                    .done();
        }
        return change.get().thenApply(answer -> {
            if (REFUSED.contains(answer.status().code())) {
                count(peer);
            }
            return answer;
        });
    }

    synchronized boolean tooMany(InetAddress peer) {
        return refusals.tooMany(peer, System.nanoTime());
    }

    synchronized void count(InetAddress peer) {
        refusals.count(peer, System.nanoTime());
    }
}
