package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.postern.analytics.flow.AppTag;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.Deadline;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.wire.Parse;
import io.postern.wire.http.Conformance;
import io.postern.wire.http.Field;
import io.postern.wire.http.Forwarding;
import io.postern.wire.http.HeadReader;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.RequestForward;
import io.postern.wire.http.RequestHead;
import io.postern.wire.http.RequestHeadParser;
import io.postern.wire.http.RequestTarget;
import io.postern.wire.ip.HostText;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request head, says whose it is, hands down {@link Tagged}: CONNECT opens a tunnel, absolute-form asks for a
 * plain HTTP exchange. What is neither, or breaks a rule of HTTP, is answered here.
 */
public final class IngressHandler extends ChannelInboundHandlerAdapter {

    /** What all ingress handlers of a listener share. */
    public record Shared(
            ListenSettings listener,
            Flows flows,
            Identities identities,
            Forwarding forwarding,
            IngressEvents events,
            long requestNanos) {}

    private static final RequestHeadParser HEADS = new RequestHeadParser(HttpLimits.DEFAULTS);

    private final Shared shared;

    private @Nullable ByteBuf held;
    private final HeadReader<RequestHead> head = new HeadReader<>(HEADS, HttpLimits.DEFAULTS.head());
    private @Nullable Deadline deadline;
    private boolean failed;

    public IngressHandler(Shared shared) {
        this.shared = shared;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        Deadline awaited = shared.flows().on(ctx.channel().eventLoop()).clock().deadline(() -> {
            failed(held == null ? ClientError.SILENT : ClientError.SLOW);
            ctx.close();
        });
        awaited.in(shared.requestNanos());
        deadline = awaited;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf all = held == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, bytes);
        held = all;
        Parse<RequestHead> parse = head.read(all.nioBuffer());
        if (parse instanceof Parse.Done<RequestHead> done) {
            all.skipBytes(done.consumed());
            request(ctx, done.value());
        } else if (parse instanceof Parse.Malformed<RequestHead> malformed) {
            refuse(ctx, status(malformed.rule()), malformed.rule());
        }
    }

    private void request(ChannelHandlerContext ctx, RequestHead head) {
        Conformance conformance = head.conformance();
        if (conformance.grade() == Conformance.Grade.SEVERE) {
            refuse(ctx, 400, conformance.rule());
            return;
        }
        RequestTarget target = RequestTarget.of(head.method(), head.target());
        if (target instanceof RequestTarget.Tunnel tunnel) {
            start(ctx, head, tunnel.host(), tunnel.port(), HttpAnswer.TUNNEL, Optional.empty());
        } else if (target instanceof RequestTarget.Absolute absolute) {
            RequestForward forward = shared.forwarding().request(head);
            if (forward instanceof RequestForward.Ready ready) {
                Optional<PlainRequest> plain = Optional.of(new PlainRequest(head, ready));
                start(ctx, head, absolute.authority().host(), absolute.port(), HttpAnswer.REQUEST, plain);
            } else if (forward instanceof RequestForward.Refused refused) {
                refuse(ctx, refused.status(), refused.rule());
            }
        } else {
            refuse(ctx, 400, "a proxy is asked by CONNECT or in absolute-form, RFC 9112 section 3.2");
        }
    }

    private void start(
            ChannelHandlerContext ctx,
            RequestHead head,
            String host,
            int port,
            Answer answer,
            Optional<PlainRequest> plain) {
        HostText text = HostText.of(host);
        if (text instanceof HostText.Refused refused) {
            refuse(ctx, 400, refused.rule());
            return;
        }
        Destination destination = new Destination(text, port);
        Optional<AppTag> tag =
                shared.identities().identify(Field.values(head.fields(), "proxy-authorization"), destination);
        if (tag.isEmpty()) {
            failed(ClientError.UNAUTHENTICATED);
            leave();
            Farewell.say(ctx.channel(), HttpReplies.authenticate());
            return;
        }
        Optional<LiveFlow> flow = shared.flows()
                .on(ctx.channel().eventLoop())
                .open(shared.listener(), (InetSocketAddress) ctx.channel().remoteAddress(), tag.get(), destination);
        if (flow.isEmpty()) {
            shared.events().overloaded(OverloadAction.REFUSE_FLOW);
            leave();
            Farewell.say(ctx.channel(), HttpReplies.overloaded());
            return;
        }
        handDown(ctx, new Tagged(flow.get(), answer, plain));
    }

    /** Gives the bytes behind the head to the stages below, and goes. */
    private void handDown(ChannelHandlerContext ctx, Tagged tagged) {
        ByteBuf rest = held;
        held = null;
        leave();
        ctx.fireChannelRead(tagged);
        if (rest != null && rest.isReadable()) {
            ctx.fireChannelRead(rest);
        } else if (rest != null) {
            rest.release();
        }
        ctx.pipeline().remove(this);
    }

    private void refuse(ChannelHandlerContext ctx, int status, String rule) {
        failed(ClientError.MALFORMED);
        leave();
        Farewell.say(ctx.channel(), HttpReplies.badRequest(status, rule));
    }

    private static int status(String rule) {
        return switch (rule) {
            case RequestHeadParser.LINE_TOO_LONG -> 414;
            case RequestHeadParser.FIELDS_TOO_LARGE, RequestHeadParser.FIELDS_TOO_MANY -> 431;
            case RequestHeadParser.VERSION -> 505;
            default -> 400;
        };
    }

    /** Counts a client once, however many ways its failure shows. */
    private void failed(ClientError how) {
        if (!failed) {
            failed = true;
            shared.events().clientError(how);
        }
    }

    private void leave() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        if (held != null) {
            held.release();
            held = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        leave();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leave();
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (LastWord.heard(ctx.channel(), event)) {
            if (held != null) {
                failed(ClientError.RESET);
            }
            ctx.close();
        } else if (event instanceof SslHandshakeCompletionEvent done
                && !done.isSuccess()
                && !(done.cause() instanceof ClosedChannelException)) {
            failed(ClientError.TLS);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** A client that breaks off has nothing to be told. */
    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (Breakage.byPeer(cause)) {
            failed(ClientError.of(cause));
        }
        leave();
        ctx.close();
    }
}
