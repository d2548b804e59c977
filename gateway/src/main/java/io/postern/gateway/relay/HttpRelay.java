package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.ingress.Answer;
import io.postern.gateway.ingress.PlainRequest;
import io.postern.gateway.judge.Judged;
import io.postern.gateway.recognise.PayloadWatch;
import io.postern.gateway.records.CloseReason;
import io.postern.tls.watch.Side;
import io.postern.wire.http.Forwarding;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Relays a client's plain HTTP requests to one origin, one exchange at a time: the next request is not read before the
 * response before it has ended, so nothing can get out of step.
 *
 * <pre>
 * exchange → exchange → …           same destination, same credentials: same flow, same upstream
 *    │ │        └→ anything else: this flow ends, and the request starts over in ingress
 *    │ └→ 101: bytes both ways, {@link BytesRelay}
 *    └→ the last: its response is written, the client's end is waited for
 * </pre>
 */
final class HttpRelay extends Relaying {

    /** How long a client that has its last response may take to close before it is closed. */
    private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Forwarding forwarding;
    private final BiConsumer<ChannelHandlerContext, ByteBuf> startOver;
    private final Answer answer;
    private final NextRequest requests;

    private final HeldBytes fromClient = new HeldBytes();
    private final HeldBytes fromServer = new HeldBytes();

    private final PayloadWatch sent;
    private final PayloadWatch received;

    private @Nullable HttpExchange exchange;
    private boolean draining;

    /** @param startOver given a request that is not this flow's, from its first byte on; or what there is of it */
    HttpRelay(
            RelayHandler.Times times,
            RelayMemory memory,
            Forwarding forwarding,
            BiConsumer<ChannelHandlerContext, ByteBuf> startOver,
            Channel client,
            Judged judged) {
        super(
                times,
                memory,
                client,
                judged.sniffed().opened().upstream(),
                judged.sniffed().opened().tagged().flow(),
                judged.sniffed().tap());
        this.sent = new PayloadWatch(flow, Side.CLIENT);
        this.received = new PayloadWatch(flow, Side.SERVER);
        this.forwarding = forwarding;
        this.startOver = startOver;
        this.answer = judged.sniffed().opened().tagged().answer();
        this.requests = new NextRequest(
                forwarding,
                flow.listener(),
                judged.sniffed().opened().tagged().request().orElseThrow(),
                flow::expired);
    }

    /** Sends the request that opened the flow. */
    void begin() {
        upstream.listener(this);
        flow.onStop(this::reset);
        flow.onRelease(this::released);
        flow.within(times.idle(), this::silent);
        exchange(requests.first());
        upstream.channel().flush();
        heldFromTheStart();
        flow.onDrain(this::drain);
    }

    private void exchange(PlainRequest request) {
        HttpExchange next = new HttpExchange(request, forwarding, this::toUpstream, this::toClient, sent, received);
        exchange = next;
        if (draining) {
            next.last();
        }
        next.begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf some) || closing != null || !flow.live() || flow.condemned()) {
            ReferenceCountUtil.release(message);
            return;
        }
        fromClient.add(ctx.alloc(), some);
        clientBytes(ctx);
    }

    private void clientBytes(ChannelHandlerContext ctx) {
        while (!fromClient.isEmpty() && closing == null && flow.live()) {
            if (exchange == null) {
                if (!nextRequest(ctx, fromClient.look())) {
                    break;
                }
            } else if (exchange.takesBody()) {
                after(ctx, exchange.fromClient(fromClient.look()), CloseReason.CLIENT_ERROR);
            } else {
                // A request sent ahead waits where it is until its turn.
                break;
            }
        }
        fromClient.trim();
        readClient();
    }

    /** @return whether the client's bytes began another exchange */
    private boolean nextRequest(ChannelHandlerContext ctx, ByteBuf some) {
        return switch (requests.read(some)) {
            case MORE -> {
                if (clientFinished) {
                    // Such as the empty line that some clients send behind a body: no request comes of it any more.
                    close(CloseReason.CLIENT_CLOSED);
                } else if (requests.begun()) {
                    flow.within(times.request(), this::slow);
                }
                yield false;
            }
            case SAME_FLOW -> {
                flow.within(times.idle(), this::silent);
                exchange(requests.next());
                yield true;
            }
            case OTHER -> {
                // Elsewhere, somebody else, or wrong: ingress knows what to say to each of them.
                leave(ctx, CloseReason.CLIENT_CLOSED, fromClient.take());
                yield false;
            }
        };
    }

    /** A client that a throttle keeps from being heard is not slow. */
    private void slow() {
        long left = times.request() - traffic.heardNanos();
        if (left > 0) {
            flow.within(left, this::slow);
        } else {
            reset(CloseReason.CLIENT_ERROR);
        }
    }

    /** The origin left a request unanswered that it may not even have seen: sent anew, it is a flow of its own. */
    private boolean askAgain(ChannelHandlerContext ctx) {
        Optional<ByteBuf> request = requests.takeUnanswered();
        request.ifPresent(whole -> {
            ByteBuf later = fromClient.take();
            leave(ctx, CloseReason.UPSTREAM_CLOSED, Unpooled.wrappedBuffer(whole, later));
        });
        return request.isPresent();
    }

    /**
     * This flow is over and its client is not.
     *
     * @param rest what it has sent of its next request, which starts over
     */
    private void leave(ChannelHandlerContext ctx, CloseReason why, ByteBuf rest) {
        flow.end(why);
        upstream.channel().close();
        if (clientFinished && !rest.isReadable()) {
            rest.release();
            LastWord.close(client);
            return;
        }
        client.config().setAutoRead(true);
        startOver.accept(ctx, rest);
        if (clientFinished) {
            // The stages from the top have not heard it.
            client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public void upstreamSent(ByteBuf some) {
        if (closing != null || !flow.live() || flow.condemned()) {
            some.release();
            return;
        }
        traffic.movedIn(some);
        if (traffic.heldIn()) {
            upstream.channel().config().setAutoRead(false);
        }
        fromServer.add(client.alloc(), some);
        ChannelHandlerContext ctx = client.pipeline().context(this);
        if (exchange == null) {
            // Not an answer to anything, such as the 408 that some servers say to a silent connection (H1).
            leave(ctx, CloseReason.UPSTREAM_CLOSED, fromClient.take());
            return;
        }
        requests.forget();
        after(ctx, exchange.fromOrigin(fromServer.look()), CloseReason.UPSTREAM_RESET);
        fromServer.trim();
    }

    private void after(ChannelHandlerContext ctx, HttpExchange.Next next, CloseReason broken) {
        switch (next) {
            case MORE -> {}
            case DONE -> {
                exchange = null;
                requests.fresh();
                if (!fromServer.isEmpty()) {
                    // More than was asked for must never answer the next request (H1).
                    close(CloseReason.UPSTREAM_RESET);
                } else if (clientFinished && fromClient.isEmpty()) {
                    close(CloseReason.CLIENT_CLOSED);
                } else {
                    // Nobody else flushes: what was sent ahead was read long ago.
                    clientBytes(ctx);
                    upstream.channel().flush();
                }
            }
            case LAST -> close(CloseReason.UPSTREAM_CLOSED);
            case SWITCHED -> switchProtocols(ctx);
            case BROKEN -> broken(broken);
        }
    }

    /** After 101 no HTTP is spoken: what came early goes on as it is, if what is spoken now may be. */
    private void switchProtocols(ChannelHandlerContext ctx) {
        flow.learnt(flow.recognised().upgraded());
        if (!flow.live()) {
            return;
        }
        showServer(fromServer.look());
        toClient(fromServer.take());
        client.flush();
        BytesRelay bytes = new BytesRelay(times, memory, client, upstream, flow, tap);
        ByteBuf early = fromClient.take();
        ctx.pipeline().replace(this, "relay", bytes);
        client.config().setAutoRead(true);
        bytes.begin(Optional.of(early), Optional.empty(), clientFinished);
    }

    /** Whoever did it, the client is told while it can be: what has been answered in part can only be cut. */
    private void broken(CloseReason why) {
        boolean peers = why == CloseReason.CLIENT_ERROR || why == CloseReason.UPSTREAM_RESET;
        if (!peers || exchange == null || exchange.answered()) {
            reset(why);
            return;
        }
        Refusal refusal = why == CloseReason.CLIENT_ERROR ? Refusal.MALFORMED_REQUEST : Refusal.CONNECTION_FAILED;
        flow.refused(refusal);
        flow.end(why);
        answer.refused(client, flow, refusal, refusal.label());
        upstream.reset();
    }

    private void toUpstream(ByteBuf some) {
        traffic.movedOut(some);
        upstream.channel().write(some, upstream.channel().voidPromise());
        readClient();
    }

    private void toClient(ByteBuf some) {
        client.write(some, client.voidPromise());
        if (!client.isWritable() || traffic.heldIn()) {
            upstream.channel().config().setAutoRead(false);
        }
    }

    /** Reads the client only while its bytes have somewhere to go. */
    @Override
    void readClient() {
        boolean waits = exchange != null && !exchange.takesBody() && !fromClient.isEmpty();
        if (flow.live()) {
            client.config()
                    .setAutoRead(closing != null || (upstream.channel().isWritable() && !waits && !traffic.heldOut()));
        }
    }

    @Override
    public void upstreamFinished() {
        upstreamGone();
    }

    @Override
    public void upstreamGone() {
        if (closing != null || !flow.live()) {
            return;
        }
        ChannelHandlerContext ctx = client.pipeline().context(this);
        if (exchange == null) {
            // Between requests an origin may leave; the client's next request opens a new flow.
            leave(ctx, CloseReason.UPSTREAM_CLOSED, fromClient.take());
        } else if (!askAgain(ctx)) {
            after(ctx, exchange.originFinished(), CloseReason.UPSTREAM_RESET);
        }
    }

    @Override
    public void upstreamBroke(Throwable cause) {
        CloseReason why = Breakage.reason(cause, CloseReason.UPSTREAM_RESET);
        if (closing == null && flow.live() && !askAgain(client.pipeline().context(this))) {
            broken(why);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (LastWord.heard(ctx.channel(), event)) {
            clientFinished = true;
            if (closing != null) {
                LastWord.close(client);
            } else if (flow.live() && exchange == null) {
                close(CloseReason.CLIENT_CLOSED);
            } else if (flow.live() && exchange != null && exchange.takesBody()) {
                reset(CloseReason.CLIENT_RESET);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        flow.end(closing == null ? CloseReason.CLIENT_CLOSED : closing);
        upstream.channel().close();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        fromClient.release();
        fromServer.release();
        requests.forget();
        super.handlerRemoved(ctx);
    }

    private void silent() {
        long left = times.idle() - traffic.idleNanos();
        if (left > 0) {
            flow.within(left, this::silent);
        } else if (exchange != null) {
            // In the middle of an exchange an orderly end would pass for the end of the response.
            reset(CloseReason.IDLE);
        } else {
            close(CloseReason.IDLE);
        }
    }

    /**
     * Nothing more is asked or answered. The upstream goes at once; the client when it has what is written and ends its
     * half, for closing while it still sends would reset the connection, and a reset overtakes the response.
     */
    private void close(CloseReason why) {
        boolean stillSends = exchange != null && exchange.takesBody();
        closing = why;
        exchange = null;
        upstream.channel().close();
        flow.within(times.halfClosed(), this::unclosed);
        client.config().setAutoRead(true);
        ChannelFuture said = stillSends ? LastWord.farewell(client) : LastWord.say(client);
        said.addListener(done -> {
            if (clientFinished) {
                client.close();
            } else if (flow.live()) {
                flow.within(FAREWELL_NANOS, client::close);
            }
        });
    }

    /** The gateway wants to stop: what is being exchanged is ended, nothing else is begun. */
    private void drain() {
        draining = true;
        if (exchange != null) {
            exchange.last();
        } else if (closing == null && flow.live()) {
            close(CloseReason.DRAIN);
        }
    }
}
