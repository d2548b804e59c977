package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.postern.config.ListenSettings;
import io.postern.gateway.flows.Breakage;
import io.postern.gateway.flows.Deadline;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Unsent;
import io.postern.gateway.identity.ClientCertificate;
import io.postern.gateway.identity.ClientPrint;
import io.postern.gateway.identity.Credentials;
import io.postern.gateway.identity.Identities;
import io.postern.gateway.identity.Identity;
import io.postern.gateway.records.Transport;
import io.postern.wire.http.Forwarding;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * The first stage of a flow: reads what the way in says before the flow, learns whose it is and where to, hands down
 * {@link Tagged} and goes. What all ways in have in common is here: bytes held until they are a whole message, one
 * deadline for all of it, a client's failure counted once.
 *
 * <p>How much is held is bounded by what {@link #received} accepts: it must refuse a message that grows too long.
 */
public abstract class IngressHandler extends ChannelInboundHandlerAdapter {

    /**
     * What all ingress handlers of a listener share.
     *
     * @param associations empty where no datagrams are carried
     */
    public record Shared(
            Entrance entrance,
            Forwarding forwarding,
            Sources trusted,
            MemoryBudget memory,
            long requestNanos,
            Optional<Associations> associations) {

        ListenSettings listener() {
            return entrance.listener();
        }

        Identities identities() {
            return entrance.identities();
        }

        public IngressEvents events() {
            return entrance.events();
        }
    }

    final Shared shared;

    private @Nullable ByteBuf held;
    private int charged;
    private @Nullable Deadline deadline;
    private boolean failed;
    private boolean served;

    IngressHandler(Shared shared) {
        this.shared = shared;
    }

    /** The way in that the listener is set to. */
    public static IngressHandler of(Shared shared) {
        return switch (shared.listener().type()) {
            case HTTP_CONNECT -> new HttpIngress(shared);
            case SOCKS5 -> new SocksIngress(shared);
            case PROXY_PROTOCOL -> new ProxyIngress(shared);
            case TRANSPARENT -> new TransparentIngress(shared);
            case DNS -> throw new IllegalStateException("questions are no flows");
        };
    }

    /** The same for a client that has had a flow: it may leave it at that. */
    public static IngressHandler again(Shared shared) {
        IngressHandler handler = of(shared);
        handler.served = true;
        return handler;
    }

    /**
     * There are new bytes.
     *
     * @param all held so far; what is read is skipped, and what is left belongs to the next message or the flow
     */
    abstract void received(ChannelHandlerContext ctx, ByteBuf all);

    /** Tells a client that its credentials are not taken, and closes. The same for every reason: no oracle. */
    abstract void unauthenticated(Channel client);

    /** For the whole of what is said before the flow. */
    long patienceNanos() {
        return shared.requestNanos();
    }

    /** Tells a client that there is no room for its flow, and closes. */
    abstract void overloaded(Channel client);

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        Unsent unsent = new Unsent(ctx.channel());
        Deadline awaited =
                shared.entrance().flows().on(ctx.channel().eventLoop()).clock().deadline(() -> late(ctx, unsent));
        awaited.in(patienceNanos());
        deadline = awaited;
    }

    private void late(ChannelHandlerContext ctx, Unsent unsent) {
        if (held != null || !served) {
            failed(held == null ? ClientError.SILENT : ClientError.SLOW);
            ctx.close();
        } else if (unsent.shrinks() && deadline != null) {
            // It still takes what it was answered last.
            deadline.in(patienceNanos());
        } else if (unsent.any()) {
            LastWord.reset(ctx.channel());
        } else {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf all = held == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, bytes);
        held = all;
        received(ctx, all);
        if (held != null && !charge(held)) {
            end(ClientError.CROWDED);
            overloaded(ctx.channel());
        }
    }

    /** A message that came whole was never held, and costs nothing. */
    private boolean charge(ByteBuf all) {
        int more = all.capacity() - charged;
        boolean room = shared.memory().take(more);
        if (room) {
            charged += more;
        }
        return room;
    }

    /** The client has said all: its flow begins, or it is told why not. */
    final void enter(
            ChannelHandlerContext ctx,
            Credentials shown,
            Destination destination,
            Answer answer,
            Optional<PlainRequest> plain) {
        enter(ctx, peer(ctx), shown, destination, answer, plain);
    }

    /** @param client for whom the connection is: its peer, or whoever the peer speaks for */
    final void enter(
            ChannelHandlerContext ctx,
            InetSocketAddress client,
            Credentials shown,
            Destination destination,
            Answer answer,
            Optional<PlainRequest> plain) {
        Caller caller = caller(ctx, client, shown);
        Optional<Identity> identity = shared.entrance().identify(caller, destination);
        if (identity.isEmpty()) {
            end(ClientError.UNAUTHENTICATED);
            unauthenticated(ctx.channel());
            return;
        }
        Optional<LiveFlow> flow =
                shared.entrance().begin(ctx.channel().eventLoop(), Transport.TCP, caller, destination, identity.get());
        if (flow.isEmpty()) {
            leave();
            overloaded(ctx.channel());
        } else {
            handDown(ctx, new Tagged(flow.get(), answer, plain));
        }
    }

    /** @param client for whom the connection is */
    final Caller caller(ChannelHandlerContext ctx, InetSocketAddress client, Credentials shown) {
        Optional<ClientCertificate> certificate =
                certificate(ctx.channel()).map(some -> speaksForOthers(ctx) ? some.ofAConcentrator() : some);
        return new Caller(client, shown, certificate, () -> print(ctx.channel(), certificate));
    }

    private ClientPrint print(Channel client, Optional<ClientCertificate> certificate) {
        return new ClientPrint(
                certificate.map(some -> ClientPrint.hash(some.thumbprint())).orElse(0L),
                ListenerHello.print(client),
                requestPrint(),
                word().map(ClientPrint::hash).orElse(0L));
    }

    /** What the request that opens the flow hashes to, where every client has its own way to write one; else zero. */
    long requestPrint() {
        return 0;
    }

    /** Whether the peer may say whose flow it is; then its certificate is its own. */
    boolean speaksForOthers(ChannelHandlerContext ctx) {
        return false;
    }

    /** Which device a concentrator says it is, besides the credential. */
    Optional<String> word() {
        return Optional.empty();
    }

    /** What the client proved to hold in its handshake; the handshake has checked who signed it. */
    public static Optional<ClientCertificate> certificate(Channel client) {
        SslHandler tls = client.pipeline().get(SslHandler.class);
        if (tls == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf
                    ? Optional.of(ClientCertificate.of(leaf))
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    /** Gives the bytes behind the last message to the stages below, and goes. */
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

    /** No flow comes of this client; it is the caller's to tell it so. Gives back what is held. */
    final void end(ClientError how) {
        failed(how);
        leave();
    }

    static InetSocketAddress peer(ChannelHandlerContext ctx) {
        return (InetSocketAddress) ctx.channel().remoteAddress();
    }

    /** Counts a client once, however many ways its failure shows. */
    private void failed(ClientError how) {
        if (!failed) {
            failed = true;
            shared.events().clientError(how);
        }
    }

    /** Gives back what is held, and waits for nothing more. */
    final void leave() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        if (held != null) {
            held.release();
            held = null;
        }
        shared.memory().giveBack(charged);
        charged = 0;
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
            LastWord.close(ctx.channel());
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
