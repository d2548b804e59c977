package io.postern.gateway;

import io.postern.config.GatewaySettings;
import io.postern.gateway.admin.DeviceDesk;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.PseudonymBook;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.state.Store;
import java.io.IOException;
import java.time.Clock;

/** What devices are called outside, and who may ask which they are. */
final class PrivacyParts {

    private final PseudonymBook book;
    private final Pseudonyms names;

    /** @throws IOException when a key or the store cannot be read */
    PrivacyParts(GatewaySettings settings, Store store, Meters meters) throws IOException {
        book = new PseudonymBook(store);
        names = Pseudonyms.by(settings.privacy().pseudonymKeys(), book::made, book::meant);
        meters.table("pseudonyms", book::size, book::turnedAway);
    }

    Pseudonyms names() {
        return names;
    }

    DeviceDesk desk(AuditLog audit, Clock clock) {
        return new DeviceChanges(book, new AdminAudit(audit, clock));
    }

    /** Not for an event loop. */
    void look() {
        book.save();
    }
}
