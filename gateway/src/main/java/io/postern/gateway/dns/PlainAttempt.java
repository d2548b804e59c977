package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import io.postern.dns.forward.Inquiry.Step;
import io.postern.gateway.open.Dialer;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One message by TCP, on a connection of its own. */
final class PlainAttempt extends ChannelInboundHandlerAdapter implements Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(PlainAttempt.class);
    private static final int LONGEST = 65_535;
    private static final int LENGTH = 2;

    private final EventLoop loop;
    private final Dialer.Sockets streams;
    private final Step.Send send;
    private final Told told;
    private @Nullable Channel socket;

    PlainAttempt(EventLoop loop, Dialer.Sockets streams, Step.Send send, Attempt.Told told) {
        this.loop = loop;
        this.streams = streams;
        this.send = send;
        this.told = told;
    }

    @Override
    public void begin() {
        try {
            connect();
        } catch (ChannelException noSocket) {
            failed();
        }
    }

    @Override
    public void end(End why) {
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

    private void connect() {
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
            told.received(ByteBufUtil.getBytes((ByteBuf) read));
        } finally {
            ReferenceCountUtil.release(read);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("server {} by tcp: {}", send.server(), cause.toString());
        failed();
    }
}
