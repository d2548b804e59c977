package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import io.postern.dns.forward.Inquiry.Step;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.session.DatagramSockets;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message on a socket of its own: by UDP on a random port (RFC 5452 section 9.2), connected, so that the system drops
 * what others send to it; by TCP a connection.
 */
final class PlainAttempt extends ChannelInboundHandlerAdapter implements Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(PlainAttempt.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 65_536 - FIRST_PORT;
    /** Ports that are tried before the system chooses one: some are in use. */
    private static final int TRIES = 8;

    private static final int LONGEST = 65_535;
    private static final int LENGTH = 2;

    private final EventLoop loop;
    private final DatagramSockets datagrams;
    private final Dialer.Sockets streams;
    private final Step.Send send;
    private final Told told;
    private @Nullable Channel socket;

    PlainAttempt(EventLoop loop, DatagramSockets datagrams, Dialer.Sockets streams, Step.Send send, Attempt.Told told) {
        this.loop = loop;
        this.datagrams = datagrams;
        this.streams = streams;
        this.send = send;
        this.told = told;
    }

    @Override
    public void begin() {
        try {
            if (send.tcp()) {
                byTcp();
            } else {
                byUdp();
            }
        } catch (ChannelException noSocket) {
            failed();
        }
    }

    @Override
    public void end(boolean unanswered) {
        if (socket != null) {
            socket.close();
        }
    }

    private void failed() {
        // Not at once: the caller has not finished its own step.
        loop.execute(told::failed);
    }

    private InetSocketAddress server() {
        return send.server().address();
    }

    private void byUdp() {
        DatagramChannel channel = datagrams.open(Dialer.family(server()));
        socket = channel;
        channel.pipeline().addLast("answer", this);
        loop.register(channel);
        bind(channel, 0);
    }

    private void bind(DatagramChannel channel, int tries) {
        int port = tries == TRIES ? 0 : FIRST_PORT + RANDOM.nextInt(PORTS);
        channel.bind(new InetSocketAddress(port)).addListener(bound -> {
            if (bound.isSuccess()) {
                channel.connect(server()).addListener(connected -> {
                    if (connected.isSuccess()) {
                        write(channel, Unpooled.wrappedBuffer(send.message()));
                    } else {
                        failed();
                    }
                });
            } else if (tries < TRIES && channel.isOpen()) {
                bind(channel, tries + 1);
            } else {
                failed();
            }
        });
    }

    private void byTcp() {
        SocketChannel channel = streams.open(Dialer.family(server()));
        socket = channel;
        channel.config()
                .setConnectTimeoutMillis((int) Math.max(1, send.patience().toMillis()));
        channel.pipeline()
                .addLast("frame", new LengthFieldBasedFrameDecoder(LENGTH + LONGEST, 0, LENGTH, 0, LENGTH))
                .addLast("answer", this);
        loop.register(channel);
        channel.connect(server()).addListener(connected -> {
            if (connected.isSuccess()) {
                ByteBuf framed = channel.alloc().buffer(LENGTH + send.message().length);
                write(channel, framed.writeShort(send.message().length).writeBytes(send.message()));
            } else {
                failed();
            }
        });
    }

    private void write(Channel channel, ByteBuf message) {
        channel.writeAndFlush(message).addListener(sent -> {
            if (!sent.isSuccess()) {
                failed();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        try {
            ByteBuf bytes = read instanceof DatagramPacket datagram ? datagram.content() : (ByteBuf) read;
            told.received(ByteBufUtil.getBytes(bytes));
        } finally {
            ReferenceCountUtil.release(read);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failed();
    }

    /** Such as ICMP's word that nobody listens there. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("server {} by {}: {}", send.server(), send.tcp() ? "tcp" : "udp", cause.toString());
        failed();
    }
}
