package io.postern.gateway.dns;

import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose fault an exception of a pipeline is: a peer's is told to nobody, ours with its stack. */
final class DnsFaults {

    private static final Logger LOG = LoggerFactory.getLogger(DnsFaults.class);

    private DnsFaults() {}

    /** A reset, a port that is closed, or what breaks TLS, HTTP or the framing is the peer's. */
    static void seen(Throwable cause) {
        if (cause instanceof IOException || cause instanceof CodecException || cause instanceof Http2Exception) {
            LOG.debug("a client of dns: {}", cause.toString());
        } else {
            LOG.error("a listener of dns broke by a fault of ours", cause);
        }
    }
}
