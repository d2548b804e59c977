package io.postern.gateway;

import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.audit.AuditLog;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What may only be done once the audit log says who answers for it. Thread-safe. */
final class Answerable {

    private static final Logger LOG = LoggerFactory.getLogger(Answerable.class);

    private final String what;
    private volatile boolean recorded;
    private Optional<Entry> due = Optional.empty();

    private record Entry(AuditLog log, AuditEntry entry) {}

    /** @param what is not done before, for the log */
    Answerable(String what) {
        this.what = what;
    }

    /** Writes it down, now or as soon as the disk takes it. Not for an event loop. */
    synchronized void tell(AuditLog log, AuditEntry entry) {
        due = Optional.of(new Entry(log, entry));
        look();
    }

    /** Tries again what failed. Not for an event loop. */
    synchronized void look() {
        if (due.isPresent()) {
            try {
                due.get().log.write(due.get().entry);
                due = Optional.empty();
                recorded = true;
            } catch (IOException e) {
                LOG.error("{} before the audit log takes who answers for it: {}", what, e.toString());
            }
        }
    }

    boolean recorded() {
        return recorded;
    }
}
