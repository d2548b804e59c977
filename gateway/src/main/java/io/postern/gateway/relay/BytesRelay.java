package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.open.Upstream;
import io.postern.gateway.recognise.Tap;
import io.postern.gateway.records.CloseReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Client bytes go to the upstream, upstream bytes to the client, until one of them ends it.
 *
 * <p>Each end is read only while the other takes bytes. An end that has said all it wants is passed on as such, and the
 * other may go on for a while. A broken connection is passed on as a reset.
 *
 * <pre>
 * both open → one half closed → gone
 *     └──────────────────────────┘      idle, cut, reset
 * </pre>
 */
final class BytesRelay extends Relaying {

    /** Of what came before this began, while others of its throttle owe for theirs. */
    private @Nullable ByteBuf earlyFromClient;

    private @Nullable ByteBuf earlyFromServer;

    BytesRelay(
            RelayHandler.Times times, RelayMemory memory, Channel client, Upstream upstream, LiveFlow flow, Tap tap) {
        super(times, memory, client, upstream, flow, tap);
    }

    /**
     * From here on bytes go both ways.
     *
     * @param fromClient received and not yet sent on
     * @param fromServer received and not yet sent on
     * @param clientSaidAll before this began
     */
    void begin(Optional<ByteBuf> fromClient, Optional<ByteBuf> fromServer, boolean clientSaidAll) {
        upstream.listener(this);
        flow.onStop(this::reset);
        flow.onRelease(this::released);
        flow.within(times.idle(), this::silent);
        earlyFromClient = fromClient.orElse(null);
        earlyFromServer = fromServer.orElse(null);
        passEarly();
        heldFromTheStart();
        if (clientSaidAll && flow.live()) {
            clientFinished();
        }
        if (upstream.finished() && flow.live()) {
            upstreamFinished();
        }
    }

    /** What may go of what came before this began. */
    private void passEarly() {
        if (earlyFromClient != null && (!traffic.heldOut() || closing != null)) {
            ByteBuf bytes = earlyFromClient;
            earlyFromClient = null;
            toUpstream(bytes);
            upstream.channel().flush();
            if (clientFinished && closing == null) {
                LastWord.say(upstream.channel());
            }
        }
        if (earlyFromServer != null && (!traffic.heldIn() || closing != null)) {
            ByteBuf bytes = earlyFromServer;
            earlyFromServer = null;
            upstreamSent(bytes);
            client.flush();
            if (upstream.finished() && closing == null) {
                LastWord.say(client);
            }
        }
    }

    @Override
    void passHeld() {
        passEarly();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && earlyFromClient != null) {
            earlyFromClient = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), earlyFromClient, bytes);
        } else if (message instanceof ByteBuf bytes) {
            toUpstream(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void toUpstream(ByteBuf bytes) {
        showClient(bytes);
        // What is empty is no exchange.
        if (!flow.live() || flow.condemned() || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        traffic.movedOut(bytes);
        upstream.channel().write(bytes, upstream.channel().voidPromise());
        if (!upstream.channel().isWritable() || traffic.heldOut()) {
            client.config().setAutoRead(false);
        }
    }

    @Override
    public void upstreamSent(ByteBuf bytes) {
        if (earlyFromServer != null) {
            earlyFromServer = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(client.alloc(), earlyFromServer, bytes);
            return;
        }
        showServer(bytes);
        if (!flow.live() || flow.condemned()) {
            bytes.release();
            return;
        }
        traffic.movedIn(bytes);
        client.write(bytes, client.voidPromise());
        if (!client.isWritable() || traffic.heldIn()) {
            upstream.channel().config().setAutoRead(false);
        }
    }

    @Override
    void readClient() {
        client.config().setAutoRead(upstream.channel().isWritable() && !traffic.heldOut());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (LastWord.heard(client, event) && !clientFinished) {
            clientFinished();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The client has said all: tell the server, and give it a while to finish. */
    private void clientFinished() {
        clientFinished = true;
        boolean done = upstream.finished() || LastWord.mute(client);
        finish(upstream.channel(), done, CloseReason.CLIENT_CLOSED);
    }

    /** The server has said all: tell the client, and give it a while to finish. */
    @Override
    public void upstreamFinished() {
        finish(client, clientFinished, CloseReason.UPSTREAM_CLOSED);
    }

    private void finish(Channel other, boolean bothDone, CloseReason why) {
        if (bothDone) {
            close(why);
            return;
        }
        flow.within(times.halfClosed(), this::silent);
        // Behind what is held, which says it then.
        if ((other == client ? earlyFromServer : earlyFromClient) == null) {
            LastWord.say(other);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        tap.close();
        release(earlyFromClient);
        release(earlyFromServer);
        earlyFromClient = null;
        earlyFromServer = null;
        super.handlerRemoved(ctx);
    }

    private static void release(@Nullable ByteBuf bytes) {
        if (bytes != null) {
            bytes.release();
        }
    }

    private void silent() {
        boolean half = clientFinished || upstream.finished();
        long left = (half ? times.halfClosed() : times.idle()) - traffic.idleNanos();
        if (left > 0) {
            flow.within(left, this::silent);
        } else {
            close(CloseReason.IDLE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close(CloseReason.CLIENT_CLOSED);
        ctx.fireChannelInactive();
    }

    @Override
    public void upstreamGone() {
        close(CloseReason.UPSTREAM_CLOSED);
    }

    @Override
    public void upstreamBroke(Throwable cause) {
        reset(Breakage.reason(cause, CloseReason.UPSTREAM_RESET));
    }

    /** Closes each end once what is on its way to it is written; an end that will not take it is cut in the end. */
    private void close(CloseReason why) {
        if (!flow.live()) {
            return;
        }
        if (closing == null) {
            closing = why;
            passEarly();
            flow.within(times.halfClosed(), this::unclosed);
            LastWord.close(client);
            LastWord.close(upstream.channel());
        }
        if (!client.isActive() && !upstream.channel().isActive()) {
            flow.end(closing);
        }
    }
}
