package io.postern.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.postern.gateway.http.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Work of requests that is not for an event loop: on another thread, and never much of it waiting. */
final class Work {

    private static final int MAX_WAITING = 16;

    private final Executor executor;
    private final Semaphore room;

    Work(Executor executor) {
        this(executor, MAX_WAITING);
    }

    /** @param most requests that wait or are being answered */
    Work(Executor executor, int most) {
        this.executor = executor;
        this.room = new Semaphore(most);
    }

    CompletionStage<Answer> off(Supplier<Answer> page) {
        if (!room.tryAcquire()) {
            return full();
        }
        try {
            return CompletableFuture.supplyAsync(page, executor).whenComplete((answer, failure) -> room.release());
        } catch (RejectedExecutionException stopping) {
            room.release();
            return full();
        }
    }

    private static CompletionStage<Answer> full() {
        return CompletableFuture.completedStage(
                Answer.problem(HttpResponseStatus.SERVICE_UNAVAILABLE, "too much is waiting")
                        .with("retry-after", "1"));
    }
}
