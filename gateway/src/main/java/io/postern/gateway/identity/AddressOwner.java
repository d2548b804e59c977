package io.postern.gateway.identity;

import io.postern.analytics.flow.AppTag;
import io.postern.wire.ip.Prefix;

/**
 * Whose the addresses of a prefix are.
 *
 * @param untilMillis when they cease to be, {@link #FOREVER} if at no known time
 */
public record AddressOwner(Prefix prefix, AppTag tag, long untilMillis) {

    public static final long FOREVER = Long.MAX_VALUE;

    public AddressOwner(Prefix prefix, AppTag tag) {
        this(prefix, tag, FOREVER);
    }
}
