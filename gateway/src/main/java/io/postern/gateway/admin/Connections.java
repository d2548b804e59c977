package io.postern.gateway.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * All connections of one event loop, oldest first: none lives longer than its time, whatever it does or does not send
 * or read, and when there are too many the oldest makes room.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has nobody to tell: the channel is gone either way.
@Sharable
final class Connections extends ChannelInboundHandlerAdapter {
    private final int max;
    private final Duration life;

    /** To the end of each one's time; touched by the one event loop only. */
    private final Map<Channel, Future<?>> open = new LinkedHashMap<>();

    private Runnable whenEmpty = () -> {};

    Connections(int max, Duration life) {
        this.max = max;
        this.life = life;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (open.size() >= max) {
            open.keySet().iterator().next().close();
        }
        Future<?> end = context.executor().schedule(() -> context.close(), life.toMillis(), TimeUnit.MILLISECONDS);
        open.put(context.channel(), end);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Future<?> end = open.remove(context.channel());
        if (end != null) {
            end.cancel(false);
        }
        if (open.isEmpty()) {
            whenEmpty.run();
        }
        context.fireChannelInactive();
    }

    /** Runs this once nobody is connected, which may be now. On the event loop. */
    void whenEmpty(Runnable action) {
        whenEmpty = action;
        if (open.isEmpty()) {
            action.run();
        }
    }
}
