package io.postern.gateway.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.postern.gateway.flows.Destination;
import io.postern.gateway.flows.LastWord;
import io.postern.gateway.identity.Credentials;
import io.postern.wire.ip.HostText;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * {@code transparent}: what the kernel's TPROXY leads here. The client does not know of the gateway and says nothing to it:
 * its inner address says whose flow it is, and the address it meant is the socket's own. That address is dialled, never
 * what some name resolves to (facts of egress, E8).
 */
final class TransparentIngress extends IngressHandler {

    TransparentIngress(Shared shared) {
        super(shared);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        // Null when the client has gone already.
        if (ctx.channel().localAddress() instanceof InetSocketAddress meant
                && ctx.channel().remoteAddress() instanceof InetSocketAddress client) {
            enter(
                    ctx,
                    client,
                    new Credentials.Inner(client.getAddress()),
                    new Destination(new HostText.Literal(meant.getAddress()), meant.getPort()),
                    SilentAnswer.RESET,
                    Optional.empty());
        } else {
            ctx.close();
        }
    }

    @Override
    void received(ChannelHandlerContext ctx, ByteBuf all) {
        // Nothing is read before the flow has begun, and then this stage has gone.
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
