package io.postern.gateway;

import io.postern.gateway.admin.DeviceDesk;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.privacy.PseudonymBook;
import java.util.Optional;

/** Devices by the admin API, each question in the audit log. Runs on the offload thread. */
final class DeviceChanges implements DeviceDesk {

    private static final String RESOLVE = "/v1/devices/resolve";

    private final PseudonymBook book;
    private final AdminAudit audit;

    DeviceChanges(PseudonymBook book, AdminAudit audit) {
        this.book = book;
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
}
