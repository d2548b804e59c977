package io.postern.gateway.dns;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.gateway.meters.Counters;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection on which no whole question comes for {@value #SECONDS} s, whatever dribbles in, or on which more than
 * {@value #NOISE} frames of HTTP/2 come that belong to no question: settings, pings, priorities, resets.
 */
final class Patience extends ChannelInboundHandlerAdapter {

    private static final int SECONDS = 30;
    private static final int NOISE = 500;

    private final Counters<DnsDrop> drops;
    private long heardAt = System.nanoTime();
    private int noise;
    private @Nullable Future<?> timer;

    Patience(Counters<DnsDrop> drops) {
        this.drops = drops;
    }

    /** A whole question has come. */
    void heard() {
        heardAt = System.nanoTime();
        noise = 0;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        look(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Not once a question: most come long before their time is over. */
    private void look(ChannelHandlerContext ctx) {
        long left = TimeUnit.SECONDS.toNanos(SECONDS) - (System.nanoTime() - heardAt);
        if (left <= 0) {
            ctx.channel().close();
        } else {
            timer = ctx.executor().schedule(() -> look(ctx), left, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        boolean other = read instanceof Http2ResetFrame
                || (read instanceof Http2Frame
                        && !(read instanceof Http2HeadersFrame)
                        && !(read instanceof Http2DataFrame));
        if (other && ++noise > NOISE) {
            ReferenceCountUtil.release(read);
            drops.count(DnsDrop.STREAM);
            ctx.channel().close();
        } else {
            ctx.fireChannelRead(read);
        }
    }
}
