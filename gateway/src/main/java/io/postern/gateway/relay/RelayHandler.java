package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.postern.gateway.ingress.Tagged;
import io.postern.gateway.judge.Judged;
import io.postern.gateway.open.Opened;
import io.postern.wire.http.Forwarding;
import java.util.function.BiConsumer;

/**
 * Takes {@link Judged} and leaves its place to who moves the bytes: {@link HttpRelay} what was asked for in plain HTTP,
 * {@link BytesRelay} everything else.
 */
public final class RelayHandler extends ChannelInboundHandlerAdapter {

    /**
     * How long an end may be silent.
     *
     * @param idle nanoseconds without a byte either way
     * @param halfClosed the same, once one end has finished
     * @param request nanoseconds from a request's first byte to the end of its head
     */
    public record Times(long idle, long halfClosed, long request) {}

    private final Times times;
    private final RelayMemory memory;
    private final Forwarding forwarding;
    private final BiConsumer<ChannelHandlerContext, ByteBuf> startOver;

    /** @param startOver given a plain HTTP request that opens a flow of its own, from its first byte on */
    public RelayHandler(
            Times times,
            RelayMemory memory,
            Forwarding forwarding,
            BiConsumer<ChannelHandlerContext, ByteBuf> startOver) {
        this.times = times;
        this.memory = memory;
        this.forwarding = forwarding;
        this.startOver = startOver;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Judged judged)) {
            ctx.fireChannelRead(message);
            return;
        }
        Channel client = ctx.channel();
        Opened opened = judged.sniffed().opened();
        Tagged tagged = opened.tagged();
        if (tagged.request().isPresent()) {
            HttpRelay http = new HttpRelay(times, memory, forwarding, startOver, client, judged);
            ctx.pipeline().replace(this, "relay", http);
            http.begin();
        } else {
            BytesRelay bytes = new BytesRelay(
                    times,
                    memory,
                    client,
                    opened.upstream(),
                    tagged.flow(),
                    judged.sniffed().tap());
            ctx.pipeline().replace(this, "relay", bytes);
            bytes.begin(judged.sniffed().fromClient(), judged.sniffed().fromServer(), false);
        }
    }
}
