package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Traffic;
import io.postern.gateway.flows.Unsent;
import io.postern.gateway.open.Upstream;
import io.postern.gateway.recognise.Tap;
import io.postern.gateway.records.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * Two ends between which bytes go, whatever they are: an end that does not take them is charged for and the other is read
 * no further, a break is passed on as one, and what is closed is waited for while somebody still takes it.
 */
abstract class Relaying extends ChannelInboundHandlerAdapter implements Upstream.Listener {

    final RelayHandler.Times times;
    final RelayMemory memory;
    final Channel client;
    final Upstream upstream;
    final LiveFlow flow;
    final Traffic traffic;
    final Tap tap;

    /** Why nothing more is begun; null while it is. */
    @Nullable
    CloseReason closing;

    boolean clientFinished;

    private final Unsent unsent;
    private final Backlog towardsClient;
    private final Backlog towardsUpstream;

    /** @param tap is shown what goes either way */
    Relaying(RelayHandler.Times times, RelayMemory memory, Channel client, Upstream upstream, LiveFlow flow, Tap tap) {
        this.times = times;
        this.memory = memory;
        this.client = client;
        this.upstream = upstream;
        this.flow = flow;
        this.traffic = flow.traffic();
        this.tap = tap;
        this.unsent = new Unsent(client, upstream.channel());
        this.towardsClient = new Backlog(memory, flow.holder(), client);
        this.towardsUpstream = new Backlog(memory, flow.holder(), upstream.channel());
    }

    /** The client is read while its bytes have somewhere to go, and may go there. */
    abstract void readClient();

    /** What has been read and was not let go. */
    void passHeld() {}

    final void readServer() {
        upstream.channel().config().setAutoRead(client.isWritable() && !traffic.heldIn());
    }

    /** Not the first read of a flow either while others of its throttle owe for theirs. */
    final void heldFromTheStart() {
        if (traffic.heldOut() || traffic.heldIn()) {
            released();
        }
    }

    /** It has changed what may go. */
    final void released() {
        passHeld();
        if (!flow.live()) {
            return;
        }
        readClient();
        readServer();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        upstream.channel().flush();
        ctx.fireChannelReadComplete();
    }

    @Override
    public final void upstreamPaused() {
        client.flush();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        readServer();
        if (!towardsClient.changed()) {
            reset(CloseReason.LIMIT);
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public final void upstreamWritable(boolean writable) {
        readClient();
        if (!towardsUpstream.changed()) {
            reset(CloseReason.LIMIT);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reset(Breakage.reason(cause, CloseReason.CLIENT_RESET));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        towardsClient.release();
        towardsUpstream.release();
    }

    /** To whoever still watches. */
    final void showClient(ByteBuf bytes) {
        if (!tap.over()) {
            tap.fromClient(bytes.nioBuffer());
        }
    }

    /** To whoever still watches. */
    final void showServer(ByteBuf bytes) {
        if (!tap.over()) {
            tap.fromServer(bytes.nioBuffer());
        }
    }

    /** While an end still takes what is left for it, it is waited for. */
    final void unclosed() {
        if (unsent.shrinks()) {
            flow.within(times.halfClosed(), this::unclosed);
        } else if (closing != null) {
            reset(closing);
        }
    }

    /** Cuts both ends; what has not gone is lost. */
    final void reset(CloseReason why) {
        if (flow.live()) {
            flow.end(why);
            upstream.reset();
            LastWord.reset(client);
        }
    }
}
