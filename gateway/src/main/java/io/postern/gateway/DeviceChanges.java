package io.postern.gateway;

import io.postern.gateway.admin.DeviceDesk;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.privacy.PseudonymBook;
import io.postern.gateway.privacy.Pseudonyms;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Devices by the admin API, each question and each erasure in the audit log. Questions run on the offload thread, an erasure on a thread
 * of its own, one at a time.
 */
final class DeviceChanges implements DeviceDesk {

    private static final String RESOLVE = "/v1/devices/resolve";
    private static final String FORGET = "/v1/devices/forget";

    /** Less than a connection may live. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    /** So long who asked and was not told may hear of the same. */
    private static final Duration TOLD_FOR = Duration.ofMinutes(1);

    private final PseudonymBook book;
    private final Pseudonyms names;
    private final DeviceErasure erasure;
    private final Executor thread;
    private final AdminAudit audit;
    private Optional<Erasing> erasing = Optional.empty();

    /** One that goes on, or has ended and nobody was told yet. */
    private record Erasing(String device, CompletableFuture<Forgotten> end, AtomicLong endedNanos) {

        /** Whether it ended too long ago to say anything of now. */
        boolean past() {
            return end.isDone() && System.nanoTime() - endedNanos.get() > TOLD_FOR.toNanos();
        }
    }

    /** @param thread where an erasure may wait for the disk as long as it takes */
    DeviceChanges(PseudonymBook book, Pseudonyms names, DeviceErasure erasure, Executor thread, AdminAudit audit) {
        this.book = book;
        this.names = names;
        this.erasure = erasure;
        this.thread = thread;
        this.audit = audit;
    }

    @Override
    public Resolved resolve(String pseudonym, String reason, Sender sender) {
        Optional<String> device = book.device(pseudonym);
        Outcome outcome = device.isPresent() ? Outcome.APPLIED : Outcome.REFUSED;
        if (!audit.told(sender, step(Optional.of(pseudonym + "; " + reason)), outcome)) {
            return new Resolved(End.NOT_AUDITED, Optional.empty());
        }
        return new Resolved(device.isPresent() ? End.DONE : End.ABSENT, device);
    }

    @Override
    public boolean refused(Sender sender) {
        return audit.told(sender, step(Optional.empty()), Outcome.REFUSED);
    }

    private static AdminAudit.Step step(Optional<String> what) {
        return new AdminAudit.Step("device.resolve", RESOLVE, Optional.empty(), what);
    }

    @Override
    public synchronized CompletableFuture<Optional<Forgotten>> forget(String device, String reason, Sender sender) {
        String meant = book.meant(device);
        Optional<Erasing> same = erasing.filter(one -> one.device.equals(meant)).filter(one -> !one.past());
        if (same.isPresent()) {
            return heard(same.get());
        }
        if (erasing.filter(one -> !one.end.isDone()).isPresent()) {
            return CompletableFuture.completedFuture(Optional.of(end(Erased.BUSY)));
        }
        AtomicLong ended = new AtomicLong();
        try {
            CompletableFuture<Forgotten> end = CompletableFuture.supplyAsync(() -> erase(meant, reason, sender), thread)
                    .whenComplete((report, failure) -> ended.set(System.nanoTime()));
            Erasing now = new Erasing(meant, end, ended);
            erasing = Optional.of(now);
            return heard(now);
        } catch (RejectedExecutionException stopping) {
            return CompletableFuture.completedFuture(Optional.of(end(Erased.BUSY)));
        }
    }

    /** Once somebody has heard how it ended, the next to ask begins another. */
    private CompletableFuture<Optional<Forgotten>> heard(Erasing one) {
        return one.end
                .thenApply(Optional::of)
                .completeOnTimeout(Optional.empty(), ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((end, failure) -> {
                    if (failure != null || end.isPresent()) {
                        over(one);
                    }
                });
    }

    private synchronized void over(Erasing one) {
        erasing = erasing.filter(now -> !now.equals(one));
    }

    private Forgotten erase(String device, String reason, Sender sender) {
        Set<String> all = new HashSet<>(names.all(device));
        all.addAll(book.pseudonyms(device));
        // The entry of a device that has a pseudonym does not tell whose it was.
        String called = names.on() && !Pseudonyms.is(device) ? names.all(device).get(1) : device;
        if (!audit.told(sender, forgetting(called + "; " + reason), Outcome.BEGUN)) {
            return end(Erased.NOT_AUDITED);
        }
        if (erasure.contained(device)) {
            return audit.told(sender, forgetting(called + "; in quarantine"), Outcome.REFUSED)
                    ? end(Erased.CONTAINED)
                    : end(Erased.END_NOT_AUDITED);
        }
        DeviceErasure.Report report = erasure.erase(device, all);
        boolean whole = report.failed().isEmpty();
        boolean told = audit.told(
                sender, forgetting(called + "; " + report.erased()), whole ? Outcome.APPLIED : Outcome.FAILED);
        Erased end = !whole ? Erased.PARTLY : told ? Erased.DONE : Erased.END_NOT_AUDITED;
        return new Forgotten(end, report.erased(), report.kept(), report.failed());
    }

    private static Forgotten end(Erased how) {
        return new Forgotten(how, Map.of(), Map.of(), List.of());
    }

    @Override
    public boolean notForgotten(Sender sender) {
        return audit.told(
                sender,
                new AdminAudit.Step("device.forget", FORGET, Optional.empty(), Optional.empty()),
                Outcome.REFUSED);
    }

    private static AdminAudit.Step forgetting(String what) {
        return new AdminAudit.Step("device.forget", FORGET, Optional.empty(), Optional.of(what));
    }
}
