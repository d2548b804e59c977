package io.postern.gateway.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.Refusal;
import io.postern.gateway.ingress.Answer;
import io.postern.gateway.ingress.PlainRequest;
import io.postern.gateway.judge.Judged;
import io.postern.gateway.open.Upstream;
import io.postern.gateway.records.CloseReason;
import io.postern.wire.Parse;
import io.postern.wire.http.Field;
import io.postern.wire.http.Forwarding;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestForward;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import io.postern.wire.http.ResponseForward;
import io.postern.wire.http.ResponseHead;
import io.postern.wire.http.ResponseHeadParser;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Relays a client's plain HTTP requests to one origin, one exchange at a time. Everything is written anew from what was
 * understood; the next request is not read before the response before it has ended, so nothing can get out of step.
 *
 * <pre>
 * request → response → request …       same destination, same credentials: same flow, same upstream
 *    │          └→ 101 → bytes both ways
 *    └→ anything else: this flow ends, and the request starts over in ingress
 * </pre>
 */
final class HttpRelay extends ChannelInboundHandlerAdapter implements Upstream.Listener {

    private static final RequestHeadParser REQUESTS = new RequestHeadParser(HttpLimits.DEFAULTS);
    private static final ResponseHeadParser RESPONSES = new ResponseHeadParser(HttpLimits.DEFAULTS);
    /** More interim responses than this to one request are a flood (facts of security, H6). */
    private static final int MAX_INTERIM = 16;

    private final RelayHandler.Times times;
    private final Forwarding forwarding;
    private final BiConsumer<ChannelHandlerContext, ByteBuf> startOver;
    private final Channel client;
    private final Upstream upstream;
    private final LiveFlow flow;
    private final Answer answer;
    private final PlainRequest first;

    private PlainRequest current;
    private @Nullable ByteBuf fromClient;
    private @Nullable ByteBuf fromServer;
    private @Nullable BodyMover requestBody;
    private @Nullable BodyMover responseBody;
    private boolean exchanging;
    private boolean answered;
    private boolean closeAfter;
    private boolean switched;
    private boolean headBegun;
    private int interim;

    /** @param startOver given a request that is not this flow's, from its first byte on */
    HttpRelay(
            RelayHandler.Times times,
            Forwarding forwarding,
            BiConsumer<ChannelHandlerContext, ByteBuf> startOver,
            Channel client,
            Judged judged) {
        this.times = times;
        this.forwarding = forwarding;
        this.startOver = startOver;
        this.client = client;
        this.upstream = judged.sniffed().opened().upstream();
        this.flow = judged.sniffed().opened().tagged().flow();
        this.answer = judged.sniffed().opened().tagged().answer();
        this.first = judged.sniffed().opened().tagged().request().orElseThrow();
        this.current = first;
    }

    /** Sends the request that opened the flow. */
    void begin() {
        upstream.listener(this);
        flow.onStop(this::reset);
        flow.within(times.idle(), this::silent);
        forward(first);
        upstream.channel().flush();
    }

    private void forward(PlainRequest request) {
        current = request;
        exchanging = true;
        answered = false;
        interim = 0;
        closeAfter = request.forward().close();
        toUpstream(Unpooled.wrappedBuffer(request.forward().head().bytes()));
        BodyMover body =
                new BodyMover(request.forward().body(), request.forward().body(), forwarding);
        requestBody = body.done() ? null : body;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
        } else if (!flow.live()) {
            // The upstream is gone and the client asks again: a new flow.
            over(ctx, bytes);
        } else if (switched) {
            toUpstream(bytes);
        } else {
            fromClient = fromClient == null
                    ? bytes
                    : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), fromClient, bytes);
            clientBytes(ctx);
        }
    }

    private void clientBytes(ChannelHandlerContext ctx) {
        while (fromClient != null && fromClient.isReadable() && flow.live()) {
            if (requestBody != null) {
                if (requestBody.move(fromClient, this::toUpstream) == BodyMover.Move.BROKEN) {
                    reset(CloseReason.CLIENT_ERROR);
                    return;
                }
                if (!requestBody.done()) {
                    break;
                }
                requestBody = null;
                exchangeMayEnd(ctx);
            } else if (exchanging) {
                // A pipelined request waits where it is until its turn.
                client.config().setAutoRead(false);
                return;
            } else if (!nextRequest(ctx, fromClient)) {
                return;
            }
        }
        if (fromClient != null && !fromClient.isReadable()) {
            fromClient.release();
            fromClient = null;
        }
    }

    /** @return whether there is more to do with the client's bytes here */
    private boolean nextRequest(ChannelHandlerContext ctx, ByteBuf bytes) {
        Parse<RequestHead> parse = REQUESTS.parse(bytes.nioBuffer());
        if (parse instanceof Parse.NeedMore<RequestHead>) {
            if (!headBegun) {
                headBegun = true;
                flow.within(times.request(), () -> close(CloseReason.CLIENT_ERROR));
            }
            return false;
        }
        if (headBegun) {
            headBegun = false;
            flow.within(times.idle(), this::silent);
        }
        if (parse instanceof Parse.Done<RequestHead> done
                && sameFlow(done.value())
                && forwarding.request(done.value()) instanceof RequestForward.Ready ready) {
            bytes.skipBytes(done.consumed());
            forward(new PlainRequest(done.value(), ready));
            upstream.channel().flush();
            return true;
        }
        // Elsewhere, somebody else, or wrong: ingress knows what to say to each of them.
        fromClient = null;
        finishFlow(CloseReason.CLIENT_CLOSED);
        over(ctx, bytes);
        return false;
    }

    /** The same credentials to the same place, judged already. */
    private boolean sameFlow(RequestHead head) {
        return credentials(head).equals(credentials(first.head()))
                && forwarding.request(head) instanceof RequestForward.Ready ready
                && ready.target().port() == first.forward().target().port()
                && ready.target()
                        .authority()
                        .host()
                        .equalsIgnoreCase(first.forward().target().authority().host());
    }

    private static List<String> credentials(RequestHead head) {
        return Field.values(head.fields(), "proxy-authorization");
    }

    private void over(ChannelHandlerContext ctx, ByteBuf bytes) {
        client.config().setAutoRead(true);
        startOver.accept(ctx, bytes);
    }

    @Override
    public void upstreamSent(ByteBuf bytes) {
        flow.movedIn(bytes.readableBytes());
        if (switched) {
            toClient(bytes);
            return;
        }
        fromServer = fromServer == null
                ? bytes
                : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(client.alloc(), fromServer, bytes);
        serverBytes();
    }

    private void serverBytes() {
        while (fromServer != null && fromServer.isReadable() && flow.live()) {
            if (switched) {
                ByteBuf rest = fromServer;
                fromServer = null;
                toClient(rest);
                return;
            }
            if (responseBody != null) {
                if (responseBody.move(fromServer, this::toClient) == BodyMover.Move.BROKEN) {
                    reset(CloseReason.UPSTREAM_RESET);
                    return;
                }
                if (!responseBody.done()) {
                    break;
                }
                responseBody = null;
                responseEnded();
            } else if (!exchanging) {
                // Nobody asked: the first byte of a response that does not belong to any request (H1).
                reset(CloseReason.UPSTREAM_RESET);
                return;
            } else if (!response(fromServer)) {
                return;
            }
        }
        if (fromServer != null && !fromServer.isReadable()) {
            fromServer.release();
            fromServer = null;
        }
    }

    /** @return whether there is more to do with the server's bytes */
    private boolean response(ByteBuf bytes) {
        Parse<ResponseHead> parse = RESPONSES.parse(bytes.nioBuffer());
        if (parse instanceof Parse.NeedMore<ResponseHead>) {
            return false;
        }
        if (!(parse instanceof Parse.Done<ResponseHead> done)) {
            badGateway();
            return false;
        }
        bytes.skipBytes(done.consumed());
        ResponseForward forward = forwarding.response(current.head(), done.value(), closeAfter);
        if (forward instanceof ResponseForward.Refused) {
            badGateway();
            return false;
        }
        boolean last = !done.value().interim();
        if (!last && ++interim > MAX_INTERIM) {
            badGateway();
            return false;
        }
        if (forward instanceof ResponseForward.Ready ready) {
            answered = last;
            toClient(Unpooled.wrappedBuffer(ready.head().bytes()));
            if (done.value().status() == 101) {
                switchProtocols();
            } else if (last) {
                closeAfter = ready.close();
                BodyMover body = new BodyMover(ready.received(), ready.sent(), forwarding);
                responseBody = body.done() ? null : body;
                if (responseBody == null) {
                    responseEnded();
                }
            }
        }
        return true;
    }

    /** After 101 no HTTP is spoken: what came early goes on as it is. */
    private void switchProtocols() {
        switched = true;
        if (fromClient != null) {
            ByteBuf early = fromClient;
            fromClient = null;
            toUpstream(early);
            upstream.channel().flush();
        }
        client.config().setAutoRead(true);
    }

    private void responseEnded() {
        exchanging = false;
        if (requestBody != null) {
            // An early final response: the rest of the request is not worth its transport (H4).
            closeAfter = true;
        }
        ChannelHandlerContext ctx = client.pipeline().context(this);
        if (ctx != null) {
            exchangeMayEnd(ctx);
        }
    }

    private void exchangeMayEnd(ChannelHandlerContext ctx) {
        if (exchanging) {
            return;
        }
        if (closeAfter) {
            close(CloseReason.UPSTREAM_CLOSED);
            return;
        }
        client.config().setAutoRead(true);
        if (fromClient != null && fromClient.isReadable() && requestBody == null) {
            clientBytes(ctx);
        }
    }

    /** The origin does not speak HTTP as it must: nothing of it reaches the client that could be taken for another's. */
    private void badGateway() {
        if (answered || responseBody != null) {
            reset(CloseReason.UPSTREAM_RESET);
            return;
        }
        upstream.reset();
        answer.refused(client, flow, Refusal.CONNECTION_FAILED, Refusal.CONNECTION_FAILED.label());
        flow.refused(Refusal.CONNECTION_FAILED);
        flow.end(CloseReason.UPSTREAM_RESET);
    }

    private void toUpstream(ByteBuf bytes) {
        flow.movedOut(bytes.readableBytes());
        upstream.channel().write(bytes, upstream.channel().voidPromise());
        if (!upstream.channel().isWritable()) {
            client.config().setAutoRead(false);
        }
    }

    private void toClient(ByteBuf bytes) {
        client.write(bytes, client.voidPromise());
        if (!client.isWritable()) {
            upstream.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        upstream.channel().flush();
    }

    @Override
    public void upstreamPaused() {
        client.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        upstream.channel().config().setAutoRead(client.isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void upstreamWritable(boolean writable) {
        // A pipelined request keeps waiting for its turn, however writable the upstream is.
        client.config().setAutoRead(writable && (!exchanging || requestBody != null || switched));
    }

    @Override
    public void upstreamFinished() {
        upstreamGone();
    }

    @Override
    public void upstreamGone() {
        if (!flow.live()) {
            return;
        }
        if (responseBody != null && responseBody.endsWithConnection()) {
            responseBody = null;
            closeAfter = true;
            close(CloseReason.UPSTREAM_CLOSED);
        } else if (switched) {
            close(CloseReason.UPSTREAM_CLOSED);
        } else if (exchanging) {
            badGateway();
        } else {
            // Between requests an origin may leave; the client's next request opens a new flow.
            finishFlow(CloseReason.UPSTREAM_CLOSED);
        }
    }

    @Override
    public void upstreamBroke(Throwable cause) {
        CloseReason why = Breakage.reason(cause, CloseReason.UPSTREAM_RESET);
        if (exchanging && !answered) {
            badGateway();
        } else {
            reset(why);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            // The client will ask nothing more, and may still wait for its response.
            closeAfter = true;
            if (!exchanging || switched || requestBody != null) {
                close(CloseReason.CLIENT_CLOSED);
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finishFlow(CloseReason.CLIENT_CLOSED);
        ctx.fireChannelInactive();
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reset(Breakage.reason(cause, CloseReason.CLIENT_RESET));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ReferenceCountUtil.release(fromClient);
        ReferenceCountUtil.release(fromServer);
        fromClient = null;
        fromServer = null;
    }

    private void silent() {
        long left = times.idle() - flow.silentNanos();
        if (left > 0) {
            flow.within(left, this::silent);
        } else {
            close(CloseReason.IDLE);
        }
    }

    /** Ends the flow and its upstream; the client stays. */
    private void finishFlow(CloseReason why) {
        flow.end(why);
        upstream.channel().close();
    }

    private void close(CloseReason why) {
        finishFlow(why);
        client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void reset(CloseReason why) {
        flow.end(why);
        upstream.reset();
        Upstream.reset(client);
    }
}
