package io.postern.gateway.admin;

import io.postern.gateway.identity.OwnerWords;
import io.postern.wire.ip.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Shows and changes whose inner addresses are. Writes files, so never on an event loop. */
public interface AddressDesk {

    /**
     * What somebody says of a prefix.
     *
     * @param source who says it, {@code api}, {@code radius} or {@code file}
     * @param until RFC 3339; absent: for good
     */
    record Address(
            String prefix,
            String device,
            String profile,
            String app,
            String proof,
            String source,
            Optional<String> until) {}

    /** How an attempt to change one ended. */
    enum End {
        /** It was nobody's by this API before. */
        ASSIGNED,
        REPLACED,
        RELEASED,
        /** This API has not said whose it is; nothing has changed. */
        ABSENT,
        /** There are as many as there may be; nothing has changed. */
        FULL,
        /** It could not be stored; nothing has changed. */
        FAILED,
        /** The audit log cannot be written; nothing has changed. */
        NOT_AUDITED,
        /** It has changed, but the audit log could not be told. */
        END_NOT_AUDITED
    }

    /** @param address as it is now, or was before it was released */
    record Result(End end, Optional<Address> address) {}

    /**
     * Those of all sources, by prefix.
     *
     * @param after one that was shown before
     */
    List<Address> list(Optional<String> device, Optional<AddressCursor> after, int most);

    /** @param owner without faults */
    Result assign(Prefix prefix, OwnerWords owner, Optional<Duration> ttl, Sender sender);

    Result release(Prefix prefix, Sender sender);

    /** Writes down that somebody wanted to change one and may not, or not so; whether it is on the disk. */
    boolean refused(boolean release, String prefix, Sender sender);
}
