package io.postern.gateway.session;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.records.CloseReason;
import java.net.ConnectException;
import java.net.PortUnreachableException;

/** The socket of a session that its destination answers to. */
final class FarEnd extends ChannelInboundHandlerAdapter {

    private final Session session;
    private final DatagramChannel channel;

    FarEnd(Session session, DatagramChannel channel) {
        this.session = session;
        this.channel = channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof DatagramPacket packet) {
                session.serverSent(packet.content());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        session.serverPaused();
    }

    /** Of reads, and of writes that nobody waits for. */
    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof PortUnreachableException || cause instanceof ConnectException) {
            session.unreachable();
        } else {
            DatagramDrop.of(cause).ifPresentOrElse(session::dropped, () -> session.end(CloseReason.ERROR));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        session.end(CloseReason.UPSTREAM_RESET);
        channel.close();
    }
}
