package io.postern.gateway.admin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.gateway.http.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client that follows events, as server-sent events (WHATWG HTML section 9.2): besides those, {@code dropped} with the
 * number of events it was too slow for, and a comment each quarter of a minute so that both sides know the other is there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has nobody to tell: the channel is gone either way.
final class EventStream extends ChannelInboundHandlerAdapter {

    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** A client that takes nothing for so many heartbeats is cut off. */
    private static final int PATIENCE = 4;

    private static final int MAX_CHUNK = 64 * 1024;

    private final Events events;
    private final LongAdder dropped;
    private final Consumer<EventStream> left;
    private long next;
    private int silent;
    private @Nullable ChannelHandlerContext client;
    private @Nullable Future<?> heartbeat;

    /** @param next the first event to send */
    EventStream(Events events, long next, LongAdder dropped, Consumer<EventStream> left) {
        this.events = events;
        this.next = next;
        this.dropped = dropped;
        this.left = left;
    }

    /** Takes the place of the handler that read the request. */
    void begin(ChannelHandlerContext reader, String request) {
        reader.pipeline().replace(reader.handler(), "stream", this);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        Answer.headers(head.headers(), FlowPages.EVENTS, request)
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ChannelHandlerContext context = client;
        if (context == null || !context.channel().isActive()) {
            left.accept(this);
            return;
        }
        context.write(head);
        send(context, ":\n\n");
        heartbeat = context.executor()
                .scheduleAtFixedRate(this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
        pump();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        client = context;
    }

    /** Sends what there is, as far as the client takes it. */
    void pump() {
        ChannelHandlerContext context = client;
        while (context != null && context.channel().isWritable() && next < events.next()) {
            ByteBuf chunk = context.alloc().buffer();
            boolean more = fill(chunk);
            if (chunk.isReadable()) {
                context.writeAndFlush(new DefaultHttpContent(chunk));
            } else {
                chunk.release();
            }
            if (!more) {
                return;
            }
        }
    }

    /** @return false when the next event is not finished yet; whoever finishes it will wake us */
    private boolean fill(ByteBuf chunk) {
        long oldest = events.oldest();
        if (next < oldest) {
            dropped.add(oldest - next);
            write(chunk, "event: dropped\ndata: {\"events\":" + (oldest - next) + "}\n\n");
            next = oldest;
        }
        while (next < events.next() && chunk.readableBytes() < MAX_CHUNK) {
            if (!events.write(next, chunk)) {
                // Overwritten just now, or not there yet.
                return next < events.oldest();
            }
            next++;
        }
        return true;
    }

    private static void write(ByteBuf chunk, String text) {
        chunk.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    private void beat() {
        ChannelHandlerContext context = client;
        if (context == null) {
            return;
        }
        if (context.channel().isWritable()) {
            silent = 0;
            send(context, ":\n\n");
        } else if (++silent >= PATIENCE) {
            context.close();
        }
    }

    private static void send(ChannelHandlerContext context, String text) {
        ByteBuf chunk = context.alloc().buffer();
        write(chunk, text);
        context.writeAndFlush(new DefaultHttpContent(chunk));
    }

    /** Any thread may. */
    void end() {
        ChannelHandlerContext context = client;
        if (context != null) {
            context.close();
        }
    }

    /** A client that follows has nothing more to say. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        pump();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (heartbeat != null) {
            heartbeat.cancel(false);
        }
        left.accept(this);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
