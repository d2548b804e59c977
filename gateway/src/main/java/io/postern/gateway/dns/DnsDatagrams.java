package io.postern.gateway.dns;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Questions by UDP, one in each datagram. What is answered in one turn of the loop leaves together: with as few system
 * calls as the transport needs for it.
 */
final class DnsDatagrams extends ChannelInboundHandlerAdapter {

    private final DnsDesk desk;
    private final InetSocketAddress server;
    private boolean reading;
    private boolean flushing;

    /** For one socket. */
    DnsDatagrams(DnsDesk desk) {
        this.desk = desk;
        this.server = desk.address();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        DatagramPacket datagram = (DatagramPacket) read;
        InetSocketAddress client = datagram.sender();
        byte[] message;
        try {
            message = ByteBufUtil.getBytes(datagram.content());
        } finally {
            datagram.release();
        }
        reading = true;
        desk.received(
                message,
                new DnsDesk.Asked(
                        DnsTransport.UDP,
                        client,
                        server,
                        Optional.empty(),
                        Optional.empty(),
                        ctx.channel().eventLoop(),
                        (reply, seconds) -> answer(ctx, reply, client)));
    }

    private void answer(ChannelHandlerContext ctx, byte[] reply, InetSocketAddress client) {
        if (reply.length == 0) {
            return;
        }
        if (!ctx.channel().isWritable()) {
            ctx.flush();
        }
        if (!ctx.channel().isWritable()) {
            // The system is full. What waits grows no longer; who asked asks again, as of any datagram that is lost.
            desk.drops().count(DnsDrop.BACKLOG);
            return;
        }
        ctx.write(new DatagramPacket(SendRoom.put(reply), client), ctx.voidPromise());
        if (!reading && !flushing) {
            flushing = true;
            ctx.executor().execute(() -> {
                flushing = false;
                ctx.flush();
            });
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        ctx.flush();
    }

    /** A client that has gone, or a reply that the system does not take: the others are none the worse for it. */
    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        DnsFaults.seen(cause);
    }
}
