package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.config.PrivacySettings;
import io.postern.gateway.admin.DeviceDesk;
import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.PseudonymBook;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What devices are called outside, and who may ask which they are. */
final class PrivacyParts {

    private static final Logger LOG = LoggerFactory.getLogger(PrivacyParts.class);

    private final PrivacySettings settings;
    private final PseudonymBook book;
    private final Pseudonyms names;

    /** @throws IOException when a key or the store cannot be read */
    PrivacyParts(GatewaySettings settings, Store store, Meters meters) throws IOException {
        this.settings = settings.privacy();
        book = new PseudonymBook(store);
        names = Pseudonyms.by(settings.privacy().pseudonymKeys(), book::made, book::meant);
        meters.table("pseudonyms", book::size, book::turnedAway);
    }

    Pseudonyms names() {
        return names;
    }

    PseudonymBook book() {
        return book;
    }

    DeviceDesk desk(DeviceErasure erasure, Executor thread, AuditLog audit, Clock clock) {
        return new DeviceChanges(book, names, erasure, thread, new AdminAudit(audit, clock));
    }

    /** Says who answers for what is written of requests. */
    void tellPurpose(AuditLog audit, Clock clock) {
        settings.urlPaths().ifPresent(paths -> {
            LOG.warn(
                    "paths of requests are written purpose=\"{}\" approver=\"{}\" until={} queries={}",
                    paths.purpose(),
                    paths.approver(),
                    paths.until(),
                    paths.queries());
            try {
                audit.write(AuditEntry.ofSettings(
                        clock.instant(),
                        paths.approver(),
                        "privacy.url-paths",
                        "start",
                        "until " + paths.until() + (paths.queries() ? ", queries; " : "; ") + paths.purpose()));
            } catch (IOException e) {
                LOG.error("the audit log cannot be written: {}", e.toString());
            }
        });
    }

    /** Not for an event loop. */
    void look() {
        book.save();
    }
}
