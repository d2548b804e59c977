package io.postern.gateway;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.gateway.admin.Health;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done again and again beside the flows: files are looked at, what is late is told, what is remembered is stored. All on
 * one thread of its own, which may wait for the disk.
 */
final class Upkeep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration POLICY_LOOK = Duration.ofSeconds(1);
    private static final Duration QUARANTINE_LOOK = Duration.ofSeconds(1);
    private static final Duration FACT_LOOK = Duration.ofSeconds(1);
    /** How late detection may be to hear of what a long flow does. */
    private static final Duration DETECTION_LOOK = Duration.ofSeconds(1);
    /** How late counters of bytes and a long flow's line may be; each look copies a loop's table of flows. */
    private static final Duration LIVING_LOOK = Duration.ofSeconds(5);

    /** What is told meanwhile stands in the facts that are kept, and is told again at the next start. */
    private static final Duration INVENTORY_SAVE = Duration.ofMinutes(1);

    /** How much of what rules would have done a crash may cost. */
    private static final Duration SHADOW_SAVE = Duration.ofMinutes(5);

    /** How much of what analytics could see a crash may cost, and how late a capture may be deleted. */
    private static final Duration EVIDENCE_LOOK = Duration.ofMinutes(1);

    /** Reading the largest policy takes seconds. */
    private static final Duration STALE = Duration.ofMinutes(5);

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final GatewayParts parts;
    private final AdminParts admin;
    private final ScheduledExecutorService offload =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("offload", true));
    private volatile long looked = System.nanoTime();

    Upkeep(GatewayParts parts, AdminParts admin) {
        this.parts = parts;
        this.admin = admin;
    }

    /** Its thread, for what else may block and must not be done twice at once. */
    Executor thread() {
        return offload;
    }

    /** Begins with all but files, once the audit log has who answers for what. */
    void start() {
        // Not before the audit log has the waivers: what acts then acts from the first flow on.
        parts.enforcing.look();
        parts.findings.each(parts.findingWatch::kept);
        every(LIVING_LOOK, () -> parts.flows.each(parts.reports::living));
        every(LIVING_LOOK, parts.owners::look);
        every(QUARANTINE_LOOK, parts.troubles::look);
        every(QUARANTINE_LOOK, parts.quarantine::look);
        if (parts.facts.isPresent()) {
            every(FACT_LOOK, () -> parts.factWatch.look(parts.flows, parts.verdicts));
        }
        every(INVENTORY_SAVE, parts.inventory::save);
        every(SHADOW_SAVE, parts.shadowBook::save);
        every(EVIDENCE_LOOK, parts.evidence::look);
        every(INVENTORY_SAVE, parts.retention::look);
        every(QUARANTINE_LOOK, parts.privacy::look);
        every(DETECTION_LOOK, this::enforce);
        if (parts.homes.isPresent()) {
            every(DETECTION_LOOK, () -> parts.flows.each(parts.reports::detect));
            every(DETECTION_LOOK, () -> parts.knowledgeWatch.look(parts.homes.get()));
        }
    }

    /** From now on looks at files too, and at which addresses are the gateway's own. */
    void watchFiles(OwnAddressWatch own) {
        every(POLICY_LOOK, this::look);
        every(POLICY_LOOK, own::look);
    }

    private void enforce() {
        parts.enforcing.look();
        parts.findingWatch.look(parts.flows, parts.verdicts);
    }

    /** Each by itself: what fails must not keep the others from being looked at. */
    private void look() {
        for (Runnable one : List.<Runnable>of(
                parts.policyWatch::look,
                parts.findings::look,
                parts.identityWatch::look,
                () -> parts.addressParts.look(parts.identityWatch::reassigned),
                parts.listeners::renewCertificates,
                admin::look,
                () -> parts.context.ifPresent(ContextParts::look))) {
            guarded(one).run();
        }
        looked = System.nanoTime();
    }

    /** Looks at all files in a moment, changed or not. */
    void again() {
        offload.execute(guarded(() -> {
            parts.identityWatch.again();
            admin.again();
            parts.context.ifPresent(ContextParts::again);
            look();
        }));
    }

    /** Does now what else is done in a while, and waits until detection has heard of all that has ended. */
    void catchUp() {
        CompletableFuture.runAsync(this::caughtUp, offload).join();
    }

    private void caughtUp() {
        parts.baselines.refresh();
        parts.homes.ifPresent(parts.knowledgeWatch::look);
        parts.flows.each(parts.reports::detect);
        parts.homes.ifPresent(each -> each.askAll(detection -> true).join());
        enforce();
    }

    void health(Health health) {
        health.alive("files are not looked at any more", () -> System.nanoTime() - looked < STALE.toNanos());
    }

    /** What is being looked at is looked at to its end: a file that somebody stops reading is no broken file. */
    @Override
    public void close() {
        offload.shutdown();
        try {
            if (!offload.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                offload.shutdownNow();
            }
        } catch (InterruptedException e) {
            offload.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void every(Duration period, Runnable what) {
        offload.scheduleWithFixedDelay(guarded(what), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A repeated task that throws would never be run again, silently. */
    private static Runnable guarded(Runnable what) {
        return () -> {
            try {
                what.run();
            } catch (Throwable e) {
                // An Error too: what is scheduled and throws is never run again, and nobody would notice.
                LOG.error("a background task failed and goes on", e);
            }
        };
    }
}
