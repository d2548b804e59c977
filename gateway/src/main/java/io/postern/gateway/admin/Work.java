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

    private final Executor writes;
    private final Executor reads;
    private final Semaphore writing;
    private final Semaphore reading;

    /** All of it in one place. */
    Work(Executor executor) {
        this(executor, MAX_WAITING);
    }

    /**
     * All of it in one place.
     *
     * @param most requests that wait or are being answered
     */
    Work(Executor executor, int most) {
        this(executor, executor, most);
    }

    /** @param reads what waits for no disk that somebody writes to */
    Work(Executor writes, Executor reads) {
        this(writes, reads, MAX_WAITING);
    }

    private Work(Executor writes, Executor reads, int most) {
        this.writes = writes;
        this.reads = reads;
        this.writing = new Semaphore(most);
        this.reading = new Semaphore(most);
    }

    CompletionStage<Answer> off(Supplier<Answer> page) {
        return on(writes, writing, page);
    }

    /** What changes nothing and waits for nobody who does: a slow disk holds up writes alone. */
    CompletionStage<Answer> read(Supplier<Answer> page) {
        return on(reads, reading, page);
    }

    private static CompletionStage<Answer> on(Executor executor, Semaphore room, Supplier<Answer> page) {
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
