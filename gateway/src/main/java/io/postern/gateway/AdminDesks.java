package io.postern.gateway;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.postern.gateway.admin.Api;
import io.postern.gateway.audit.AuditLog;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the admin API serves to those who are known, and the threads that work for it alone. */
final class AdminDesks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminDesks.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final GatewayParts parts;
    /** Where what changes something is done. */
    private final Executor offload;
    /** Beside {@link #offload}, so that who asks does not wait for who writes. */
    private final ExecutorService reads = Executors.newSingleThreadExecutor(new DefaultThreadFactory("reads", true));

    /** Of what is held of a device: as long as its files take. */
    private final ExecutorService erasing =
            Executors.newSingleThreadExecutor(new DefaultThreadFactory("erasure", true));

    AdminDesks(GatewayParts parts, Executor offload) {
        this.parts = parts;
        this.offload = offload;
    }

    /** By files of who is known; says in the audit log first who answers for what the settings ask for. */
    Api.Known of(AdminParts.Known known) {
        AuditLog audit = known.audit();
        parts.enforcing.tellWaivers(audit);
        parts.retention.prune(audit);
        parts.privacy.tellPurpose(audit, parts.clock);
        InventoryView inventory = new InventoryView(parts.inventory, parts.baselines, parts.judges, parts.clock);
        return new Api.Known(
                known.access(),
                new PolicyChanges(
                        parts.settings.policy(),
                        parts.policyWatch,
                        parts.judges,
                        parts.flows,
                        parts.verdicts,
                        audit,
                        parts.clock),
                parts.addressParts.desk(parts.identityWatch::reassigned, audit, parts.names),
                new BaselineChanges(parts.baselines, parts.settings.baselines().reviewAfter(), audit, parts.clock),
                inventory,
                parts.quarantine.desk(audit, parts.names),
                new FindingChanges(parts.findings.desk(), parts.enforcement, audit, parts.clock),
                parts.findingFeed,
                parts.evidence.desk(bundles(inventory, new AdminAudit(audit, parts.clock))),
                parts.coverage,
                parts.shadow,
                offload,
                reads,
                parts.feed,
                new LiveFlowsByLoop(parts.flows, parts.reports),
                parts.settings.admin().streams(),
                parts.names,
                parts.privacy.desk(erasure(), erasing, audit, parts.clock),
                Version.text());
    }

    private EvidenceBundles.Sources bundles(InventoryView inventory, AdminAudit audit) {
        return new EvidenceBundles.Sources(
                parts.settings,
                parts.findings.desk(),
                inventory,
                parts.judges,
                parts.facts,
                parts.coverage,
                parts.evidence.hours(),
                parts.services,
                audit,
                parts.names,
                parts.clock);
    }

    private DeviceErasure erasure() {
        return new DeviceErasure(
                parts.settings,
                parts.store,
                parts.flows,
                parts.homes,
                parts.lateFacts,
                parts.context,
                parts.facts,
                parts.inventory,
                parts.findings.desk(),
                parts.findingWatch,
                parts.quarantine,
                parts.webhook,
                parts.evidence,
                parts.records,
                parts.dnsRecords,
                parts.answers,
                parts.shadowBook,
                parts.feed,
                parts.findingFeed,
                parts.privacy.book());
    }

    /** Waits a while for a device that is being erased. Never interrupts it: the store would not survive it. */
    void stopErasing() {
        erasing.shutdown();
        try {
            if (!erasing.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a device is not erased as a whole: ask for it again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing more is looked up. */
    @Override
    public void close() {
        reads.shutdown();
    }
}
