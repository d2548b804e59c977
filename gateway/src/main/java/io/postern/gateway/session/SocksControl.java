package io.postern.gateway.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.Deadline;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LoopClock;
import io.postern.gateway.records.CloseReason;

/**
 * The connection an association hangs on: what it says is dropped, and its end is the association's (RFC 1928
 * section 7). An association that nobody uses is ended from here.
 */
final class SocksControl extends ChannelInboundHandlerAdapter {

    private final SocksRelay relay;
    private final long idleNanos;
    private final Deadline idle;
    private Runnable close = () -> {};
    private boolean active;

    SocksControl(SocksRelay relay, LoopClock clock, long idleNanos) {
        this.relay = relay;
        this.idleNanos = idleNanos;
        this.idle = clock.deadline(this::look);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        close = ctx::close;
        active = true;
        idle.in(idleNanos);
    }

    private void look() {
        if (relay.used()) {
            idle.in(idleNanos);
        } else {
            close.run();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (LastWord.heard(ctx.channel(), event)) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        over(CloseReason.CLIENT_CLOSED);
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        over(Breakage.reason(cause, CloseReason.CLIENT_RESET));
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        over(CloseReason.CLIENT_CLOSED);
    }

    private void over(CloseReason why) {
        if (active) {
            active = false;
            idle.cancel();
            relay.close(why);
        }
    }
}
