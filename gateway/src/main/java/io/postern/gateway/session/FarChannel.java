package io.postern.gateway.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.records.CloseReason;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;

/** A session's socket as a channel of Netty. */
final class FarChannel extends ChannelInboundHandlerAdapter implements FarSocket {

    private final DatagramChannel channel;
    private final Receiver receiver;

    private FarChannel(DatagramChannel channel, Receiver receiver) {
        this.channel = channel;
        this.receiver = receiver;
    }

    static Future<FarSocket> connect(
            DatagramSockets sockets, EventLoop loop, InetSocketAddress to, boolean whole, Receiver receiver) {
        DatagramChannel channel;
        try {
            channel = sockets.open(Dialer.family(to));
        } catch (ChannelException noSocket) {
            return loop.newFailedFuture(noSocket);
        }
        FarSocket far = new FarChannel(channel, receiver);
        channel.pipeline().addLast("far", (FarChannel) far);
        loop.register(channel);
        Promise<FarSocket> promise = loop.newPromise();
        connected(channel, to, whole).addListener(done -> {
            if (done.isSuccess()) {
                promise.setSuccess(far);
            } else {
                channel.close();
                promise.setFailure(done.cause());
            }
        });
        return promise;
    }

    private static ChannelFuture connected(DatagramChannel channel, InetSocketAddress to, boolean whole) {
        try {
            if (whole) {
                PathMtu.probed(channel, Dialer.family(to));
            }
            return channel.connect(to);
        } catch (ChannelException refused) {
            return channel.newFailedFuture(refused);
        }
    }

    @Override
    public boolean send(ByteBuf datagram) {
        if (!channel.isWritable()) {
            channel.flush();
        }
        if (!channel.isWritable()) {
            return false;
        }
        // A copy: what was read into has room for the longest datagram there is.
        ByteBuf copy = channel.alloc().directBuffer(datagram.readableBytes());
        copy.writeBytes(datagram, datagram.readerIndex(), datagram.readableBytes());
        channel.write(copy, channel.voidPromise());
        return true;
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof DatagramPacket packet) {
                receiver.serverSent(packet.content());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        receiver.serverPaused();
    }

    /** Of reads, and of writes that nobody waits for. */
    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof PortUnreachableException || cause instanceof ConnectException) {
            receiver.unreachable();
        } else {
            DatagramDrop.of(cause).ifPresentOrElse(receiver::dropped, () -> receiver.end(CloseReason.ERROR));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        receiver.end(CloseReason.UPSTREAM_RESET);
        ctx.close();
    }
}
