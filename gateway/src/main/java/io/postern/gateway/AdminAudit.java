package io.postern.gateway;

import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.audit.AuditLog;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** Writes down who changes what by the admin API. */
record AdminAudit(AuditLog log, Clock clock) {

    /**
     * What is done.
     *
     * @param before what the resource is before
     * @param after what it is, or would have been, after
     */
    record Step(String action, String resource, Optional<String> before, Optional<String> after) {}

    /** @return whether it is on the disk; if not, nothing may be changed */
    boolean told(Sender sender, Step step, Outcome outcome) {
        try {
            log.write(new AuditEntry(
                    clock.instant(),
                    sender.actor().name(),
                    sender.actor().role(),
                    sender.actor().by().label(),
                    sender.peer().getHostAddress(),
                    step.action(),
                    step.resource(),
                    outcome,
                    sender.request(),
                    step.before(),
                    step.after()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
