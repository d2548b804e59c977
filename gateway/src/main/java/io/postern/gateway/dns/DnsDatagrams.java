package io.postern.gateway.dns;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.util.Optional;

/** Questions by UDP, one in each datagram. */
@Sharable
final class DnsDatagrams extends SimpleChannelInboundHandler<DatagramPacket> {

    private final DnsDesk desk;

    DnsDatagrams(DnsDesk desk) {
        this.desk = desk;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
        byte[] message = ByteBufUtil.getBytes(datagram.content());
        desk.received(
                message,
                new DnsDesk.Asked(
                        DnsTransport.UDP,
                        datagram.sender(),
                        Optional.empty(),
                        Optional.empty(),
                        ctx.channel().eventLoop(),
                        (reply, seconds) -> {
                            if (reply.length > 0) {
                                ctx.writeAndFlush(
                                        new DatagramPacket(Unpooled.wrappedBuffer(reply), datagram.sender()),
                                        ctx.voidPromise());
                            }
                        }));
    }

    /** A client that has gone, or a reply that the system does not take: the others are none the worse for it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {}
}
