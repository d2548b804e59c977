package io.postern.gateway.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Which device a pseudonym stands for, and that nothing is known of one any more. Asked on threads that may wait. */
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

    /** How an erasure ended. */
    enum Erased {
        /** It is on the disk nowhere but where the answer says. */
        DONE,
        /** Not all could be; what was is said. */
        PARTLY,
        /** It is in quarantine; nothing has changed. */
        CONTAINED,
        /** Another device is being erased; nothing has changed. */
        BUSY,
        /** The audit log cannot be written; nothing has changed. */
        NOT_AUDITED,
        /** It is done, as far as it could be, and the audit log could not be told. */
        END_NOT_AUDITED
    }

    /**
     * What became of it.
     *
     * @param erased how much, by what it was
     * @param kept lines that name it and stay, by the file
     * @param failed what could not be erased, and why
     */
    record Forgotten(Erased end, Map<String, Long> erased, Map<String, Long> kept, List<String> failed) {}

    /**
     * Erases what is held of a device; who asks and why is in the audit log before. Who asks for one that is being erased is told how that ends.
     * Any thread; the answer comes within seconds.
     *
     * @param device its id or a pseudonym
     * @return empty where it goes on: to be asked again
     */
    CompletableFuture<Optional<Forgotten>> forget(String device, String reason, Sender sender);

    /** As {@link #refused}, of an erasure. */
    boolean notForgotten(Sender sender);

    /** Writes down that somebody wanted to and may not, or not so; whether it is on the disk. */
    boolean refused(Sender sender);
}
