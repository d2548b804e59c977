package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.postern.gateway.open.Upstream;

/** The stage above, which has nothing to do with an upstream any more. */
final class Nobody implements Upstream.Listener {

    @Override
    public void upstreamSent(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void upstreamGone() {}

    @Override
    public void upstreamBroke(Throwable cause) {}
}
