package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.config.PrivacySettings;
import io.postern.gateway.admin.DeviceDesk;
import io.postern.gateway.audit.AuditEntry;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.PseudonymBook;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.records.UrlPaths;
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
    private final Answerable answerable = new Answerable("no path of a request is written");

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

    /** Says who answers for what is written of requests; nothing is before that is in the audit log. */
    void tellPurpose(AuditLog audit, Clock clock) {
        settings.urlPaths().ifPresent(by -> {
            LOG.warn(
                    "paths of requests are written purpose=\"{}\" approver=\"{}\" until={} queries={}",
                    by.purpose(),
                    by.approver(),
                    by.until(),
                    by.queries());
            answerable.tell(
                    audit,
                    AuditEntry.ofSettings(
                            clock.instant(),
                            by.approver(),
                            "privacy.url-paths",
                            "start",
                            "until " + by.until() + (by.queries() ? ", queries; " : "; ") + by.purpose()));
        });
    }

    UrlPaths paths(Clock clock) {
        return new UrlPaths(settings.urlPaths(), clock, answerable::recorded);
    }

    /** Not for an event loop. */
    void look() {
        book.save();
        answerable.look();
    }
}
