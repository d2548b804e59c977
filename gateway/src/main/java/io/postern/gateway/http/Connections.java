package io.postern.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * All connections of one event loop, oldest first: none lives longer than its time, whatever it does or does not send
 * or read, and when there are too many the oldest makes room.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has nobody to tell: the channel is gone either way.
@Sharable
public final class Connections extends ChannelInboundHandlerAdapter {
    private final int max;
    private final Duration life;

    /** To the end of each one's time; touched by the one event loop only. */
    private final Map<Channel, Future<?>> open = new LinkedHashMap<>();

    /** Those that stay as long as they like; whoever lets them bounds their number. */
    private final Set<Channel> kept = new HashSet<>();

    private Runnable whenEmpty = () -> {};

    public Connections(int max, Duration life) {
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
        release(context.channel());
        kept.remove(context.channel());
        if (empty()) {
            whenEmpty.run();
        }
        context.fireChannelInactive();
    }

    /** This one is a stream from now on: its time does not end, and it makes no room for others. */
    public void keep(Channel channel) {
        release(channel);
        kept.add(channel);
    }

    private void release(Channel channel) {
        Future<?> end = open.remove(channel);
        if (end != null) {
            end.cancel(false);
        }
    }

    private boolean empty() {
        return open.isEmpty() && kept.isEmpty();
    }

    /** Runs this once nobody is connected, which may be now. On the event loop. */
    void whenEmpty(Runnable action) {
        whenEmpty = action;
        if (empty()) {
            action.run();
        }
    }
}
