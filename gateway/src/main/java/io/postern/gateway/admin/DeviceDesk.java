package io.postern.gateway.admin;

import java.util.Optional;

/** Which device a pseudonym stands for. Asked on threads that may wait. */
public interface DeviceDesk {

    /** How an attempt ended. */
    enum End {
        DONE,
        /** It stands for no device that is known here. */
        ABSENT,
        /** The audit log cannot be written; nothing has been told. */
        NOT_AUDITED
    }

    /** @param device present when it is done */
    record Resolved(End end, Optional<String> device) {}

    /** Who asks and why is in the audit log before this returns. */
    Resolved resolve(String pseudonym, String reason, Sender sender);

    /** Writes down that somebody wanted to and may not, or not so; whether it is on the disk. */
    boolean refused(Sender sender);
}
