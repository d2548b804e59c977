package io.postern.gateway.open;

import io.netty.buffer.ByteBuf;

/** Hears nothing of what becomes of an upstream, as the stage that has opened it and gone. */
public final class Nobody implements Upstream.Listener {

    @Override
    public void upstreamSent(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void upstreamGone() {}

    @Override
    public void upstreamBroke(Throwable cause) {}
}
