package io.postern.gateway;

import io.postern.analytics.finding.Kept;
import io.postern.config.GatewaySettings;
import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.records.Retention;
import io.postern.gateway.state.Ages;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long records are kept: by a time that a clock which is wrong for a while does not move, and as long as findings need them. */
final class RetentionParts {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionParts.class);

    private final Ages ages;
    private final Retention flows;
    private final Retention findings;
    private final Retention dns;
    private final Duration auditKeepFor;
    private final Clock clock;
    private volatile Optional<AuditLog> audit = Optional.empty();

    /** @throws IOException when the store cannot be read */
    RetentionParts(GatewaySettings.Records settings, Store store, Clock clock) throws IOException {
        ages = Ages.open(store, "records", clock);
        flows = new Retention(settings.flows().keepFor(), ages::millis);
        findings = new Retention(settings.findings().keepFor(), ages::millis);
        dns = new Retention(settings.dns().keepFor(), ages::millis);
        auditKeepFor = settings.auditKeepFor();
        this.clock = clock;
    }

    /** From now on its entries go by their age, where they are to. */
    void prune(AuditLog log) {
        audit = auditKeepFor.isZero() ? Optional.empty() : Optional.of(log);
    }

    private void prune() {
        audit.ifPresent(log -> {
            try {
                log.prune(
                        Instant.ofEpochMilli(ages.millis()).minus(auditKeepFor),
                        what -> AuditEntry.ofSettings(
                                clock.instant(), "records.audit.keep-for", "audit.prune", "minute", what));
            } catch (IOException e) {
                LOG.error("old entries of the audit log stay, it is tried again: {}", e.toString());
            }
        });
    }

    Retention flows() {
        return flows;
    }

    Retention findings() {
        return findings;
    }

    Retention dns() {
        return dns;
    }

    /** From now on it is known what findings need. */
    void needed(FindingDesk desk) {
        flows.needed(() -> since(desk));
        findings.needed(() -> since(desk));
        dns.needed(() -> since(desk));
    }

    private static long since(FindingDesk desk) {
        return desk.list(kept -> kept.status().stands(), Long.MAX_VALUE, Integer.MAX_VALUE).stream()
                .map(Kept::finding)
                .mapToLong(finding -> finding.firstMillis())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** So that the next start knows what time it was; on the disk with the store's next sync. Not for an event loop. */
    void look() {
        prune();
        try {
            ages.save();
        } catch (IOException e) {
            LOG.debug("the time of records could not be stored: {}", e.toString());
        }
    }
}
