package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.LastWord;
import io.postern.wire.proxy.ProxyHeaderParser;

/**
 * Cuts a flow whose first bytes are a PROXY header once more: somebody before the balancer has sent one, and whoever
 * takes it for the balancer's is deceived. Waits for nothing, and goes at the first byte that differs.
 */
final class SecondHeader extends ChannelInboundHandlerAdapter {

    private final IngressEvents events;
    private int agreed;

    /** @param agreed how much of the signature has come already */
    SecondHeader(int agreed, IngressEvents events) {
        this.agreed = agreed;
        this.events = events;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            ctx.fireChannelRead(message);
            return;
        }
        int before = agreed;
        agreed = ProxyHeaderParser.signature(before, bytes.nioBuffer());
        if (agreed == ProxyHeaderParser.SIGNATURE_LENGTH) {
            ReferenceCountUtil.release(message);
            events.clientError(ClientError.MALFORMED);
            LastWord.reset(ctx.channel());
            return;
        }
        if (agreed < before + bytes.readableBytes()) {
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
    }
}
