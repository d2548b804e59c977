package io.postern.gateway.dns;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.gateway.meters.Counters;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection on which no whole question comes for {@value #SECONDS} s while no answer is under way, whatever
 * dribbles in, or on which more than {@value #NOISE} frames of HTTP/2 come that belong to no question: settings, pings,
 * priorities, resets. And one whose client has finished, as soon as its questions are answered.
 */
final class Patience extends ChannelInboundHandlerAdapter {

    private static final int SECONDS = 30;
    private static final int NOISE = 500;

    private final Counters<DnsDrop> drops;
    private long heardAt = System.nanoTime();
    private int noise;
    private int underWay;
    private boolean asked;
    private boolean ended;
    private @Nullable ChannelHandlerContext here;
    private @Nullable Future<?> timer;

    Patience(Counters<DnsDrop> drops) {
        this.drops = drops;
    }

    /** A whole question has come, which {@link #answered} will be told of. */
    void heard() {
        heardAt = System.nanoTime();
        noise = 0;
        underWay++;
    }

    /** It has its answer, or none. */
    void answered() {
        heardAt = System.nanoTime();
        underWay--;
        if (here != null) {
            closeIfOver(here);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        here = ctx;
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
        long patience = TimeUnit.SECONDS.toNanos(SECONDS);
        long left = underWay > 0 ? patience : patience - (System.nanoTime() - heardAt);
        if (left <= 0) {
            ctx.channel().close();
        } else {
            timer = ctx.executor().schedule(() -> look(ctx), left, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                || (event instanceof SslCloseCompletionEvent closed && closed.isSuccess())) {
            if (!ended && !asked) {
                drops.count(DnsDrop.STREAM);
            }
            ended = true;
            closeIfOver(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Not from inside a read: what has come and waits is read on and answered first. */
    private void closeIfOver(ChannelHandlerContext ctx) {
        if (ended) {
            ctx.executor().execute(() -> {
                if (underWay == 0 && ctx.channel().config().isAutoRead()) {
                    // TLS sends what was written before it says goodbye.
                    ctx.channel().close();
                }
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        asked |= read instanceof HttpRequest || read instanceof Http2HeadersFrame;
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
