package io.postern.gateway.flows;

import io.netty.handler.codec.DecoderException;
import io.postern.gateway.records.CloseReason;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose fault is an exception in a pipeline? A peer's is a value and a counter; ours ends the one flow it happened to
 * and is logged with its stack, because nobody else will ever tell.
 */
public final class Breakage {

    private static final Logger LOG = LoggerFactory.getLogger(Breakage.class);

    private Breakage() {}

    /** Whether a peer or the network broke the connection; if not, it has been logged. */
    public static boolean byPeer(Throwable cause) {
        // TLS that does not read comes as a DecoderException around what the engine said.
        Throwable said = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (said instanceof IOException) {
            return true;
        }
        if (said instanceof OutOfMemoryError) {
            LOG.warn("a flow ended for want of memory: {}", said.getMessage());
        } else {
            LOG.error("a flow ended by a fault of ours", cause);
        }
        return false;
    }

    /** @param peers the reason when a peer did it */
    public static CloseReason reason(Throwable cause, CloseReason peers) {
        if (byPeer(cause)) {
            return peers;
        }
        return cause instanceof OutOfMemoryError ? CloseReason.LIMIT : CloseReason.ERROR;
    }
}
