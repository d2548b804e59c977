package io.postern.dns.validate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A result whose next steps run where the work for it is done, also those of the validator that name no executor: by
 * themselves they would take the common pool, and on two processors a new thread each.
 */
final class Steps<T> extends CompletableFuture<T> {

    private final Work work;

    Steps(Work work) {
        this.work = work;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Steps<>(work);
    }

    @Override
    public Executor defaultExecutor() {
        return work;
    }
}
