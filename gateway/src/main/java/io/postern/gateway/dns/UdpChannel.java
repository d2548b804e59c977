package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.session.DatagramSockets;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;

/** A channel of Netty. */
final class UdpChannel extends ChannelInboundHandlerAdapter implements UdpSocket {

    private final DatagramChannel channel;
    private final InetSocketAddress server;
    private final Receiver receiver;
    private byte[] first = {};
    private boolean connected;

    private UdpChannel(DatagramChannel channel, InetSocketAddress server, Receiver receiver) {
        this.channel = channel;
        this.server = server;
        this.receiver = receiver;
    }

    static UdpSocket open(DatagramSockets sockets, EventLoop loop, InetSocketAddress server, Receiver receiver) {
        UdpChannel opened = new UdpChannel(sockets.open(Dialer.family(server)), server, receiver);
        opened.open(loop);
        return opened;
    }

    private void open(EventLoop loop) {
        channel.pipeline().addLast("answers", this);
        channel.closeFuture().addListener(closed -> receiver.closed());
        loop.register(channel);
        bind(0);
    }

    private void bind(int tries) {
        channel.bind(Ports.any(tries)).addListener(bound -> {
            if (bound.isSuccess()) {
                connect();
            } else if (tries < Ports.TRIES && channel.isOpen()) {
                bind(tries + 1);
            } else {
                refused(bound.cause());
            }
        });
    }

    private void connect() {
        channel.connect(server).addListener(done -> {
            if (done.isSuccess()) {
                connected = true;
                if (first.length > 0) {
                    send(first);
                }
                first = new byte[0];
            } else {
                refused(done.cause());
            }
        });
    }

    private void refused(Throwable cause) {
        // Not at once: whoever opens it does not know it yet.
        channel.eventLoop().execute(() -> receiver.failed(cause));
    }

    @Override
    public void send(byte[] message) {
        if (connected) {
            channel.writeAndFlush(SendRoom.put(message), channel.voidPromise());
        } else {
            first = message;
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        try {
            ByteBuf bytes = read instanceof DatagramPacket datagram ? datagram.content() : (ByteBuf) read;
            receiver.received(ByteBufUtil.getBytes(bytes));
        } finally {
            ReferenceCountUtil.release(read);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof PortUnreachableException) {
            receiver.unreachable();
        } else {
            receiver.failed(cause);
        }
    }
}
