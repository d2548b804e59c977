package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.LastWord;
import io.postern.wire.Parse;
import io.postern.wire.ip.HostText;
import io.postern.wire.proxy.ProxyHeader;
import io.postern.wire.proxy.ProxyHeaderParser;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code proxy-protocol}: one PROXY v2 header, first of all bytes, from a source that is believed. The header says for
 * whom the connection is and where to; its fields say whose flow it is. Nothing of this is guessed from the bytes: a
 * connection without a header is closed.
 */
final class ProxyIngress extends IngressHandler {

    private static final ProxyHeaderParser HEADERS = new ProxyHeaderParser();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private Optional<String> word = Optional.empty();

    ProxyIngress(Shared shared) {
        super(shared);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (shared.trusted().hold(peer(ctx).getAddress())) {
            super.handlerAdded(ctx);
        } else {
            end(ClientError.UNTRUSTED_SOURCE);
            ctx.close();
        }
    }

    @Override
    long patienceNanos() {
        return Math.min(PATIENCE_NANOS, super.patienceNanos());
    }

    @Override
    void received(ChannelHandlerContext ctx, ByteBuf all) {
        Parse<ProxyHeader> parse = HEADERS.parse(all.nioBuffer());
        if (parse instanceof Parse.NeedMore<ProxyHeader>) {
            return;
        }
        if (!(parse instanceof Parse.Done<ProxyHeader> done)) {
            end(ClientError.MALFORMED);
            ctx.close();
        } else if (done.value() instanceof ProxyHeader.Proxied proxied) {
            all.skipBytes(done.consumed());
            proxied(ctx, proxied, all);
        } else {
            // A health check: it has its answer, the connection.
            leave();
            ctx.close();
        }
    }

    private void proxied(ChannelHandlerContext ctx, ProxyHeader.Proxied header, ByteBuf rest) {
        int again = ProxyHeaderParser.signature(0, rest.nioBuffer());
        if (again == ProxyHeaderParser.SIGNATURE_LENGTH) {
            end(ClientError.MALFORMED);
            ctx.close();
            return;
        }
        if (again == rest.readableBytes()) {
            ctx.pipeline().addBefore(ctx.name(), "second-header", new SecondHeader(again, shared.events()));
        }
        InetSocketAddress destination = header.destination();
        word = ConcentratorWord.device(shared.listener().tlv(), header);
        enter(
                ctx,
                header.source(),
                ConcentratorWord.of(shared.listener().tlv(), header),
                new Destination(new HostText.Literal(destination.getAddress()), destination.getPort()),
                SilentAnswer.RESET,
                Optional.empty());
    }

    @Override
    boolean speaksForOthers(ChannelHandlerContext ctx) {
        return true;
    }

    @Override
    Optional<String> word() {
        return word;
    }

    @Override
    void unauthenticated(Channel client) {
        LastWord.reset(client);
    }

    @Override
    void overloaded(Channel client) {
        LastWord.reset(client);
    }
}
