package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.dns.forward.Carrier;
import io.postern.dns.forward.Inquiry;
import io.postern.dns.forward.Inquiry.Step;
import io.postern.gateway.open.Dialer;
import io.postern.gateway.session.DatagramSockets;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries questions to servers: each by UDP has a socket of its own on a random port (RFC 5452 section 9.2), connected,
 * so that the system drops what others send to it; each by TCP a connection.
 */
public final class UpstreamSockets implements Carrier {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamSockets.class);
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 65_536 - FIRST_PORT;
    /** Ports that are tried before the system chooses one: some are in use. */
    private static final int TRIES = 8;

    private static final int LONGEST = 65_535;
    private static final int LENGTH = 2;

    private final EventLoopGroup loops;
    private final DatagramSockets datagrams;
    private final Dialer.Sockets streams;
    private final SecureRandom random = new SecureRandom();

    public UpstreamSockets(EventLoopGroup loops, DatagramSockets datagrams, Dialer.Sockets streams) {
        this.loops = loops;
        this.datagrams = datagrams;
        this.streams = streams;
    }

    @Override
    public void carry(Inquiry inquiry, Consumer<Step.Done> done) {
        EventLoop loop = loops.next();
        loop.execute(() -> new Carried(loop, inquiry, done).follow(inquiry.begin()));
    }

    /** One inquiry; single-threaded on its loop. */
    private final class Carried {

        private final EventLoop loop;
        private final Inquiry inquiry;
        private final Consumer<Step.Done> done;
        private @Nullable Attempt attempt;

        Carried(EventLoop loop, Inquiry inquiry, Consumer<Step.Done> done) {
            this.loop = loop;
            this.inquiry = inquiry;
            this.done = done;
        }

        void follow(Step step) {
            if (step instanceof Step.Wait) {
                return;
            }
            if (attempt != null) {
                attempt.end();
                attempt = null;
            }
            if (step instanceof Step.Done over) {
                done.accept(over);
            } else {
                Attempt next = new Attempt(this, (Step.Send) step);
                attempt = next;
                next.begin();
            }
        }

        /** What an attempt tells counts only while it is the last one. */
        void told(Attempt by, java.util.function.Supplier<Step> what) {
            if (by == attempt) {
                follow(what.get());
            }
        }
    }

    /** One message on one socket. */
    private final class Attempt extends ChannelInboundHandlerAdapter {

        private final Carried carried;
        private final Step.Send send;
        private final Future<?> timer;
        private io.netty.channel.@Nullable Channel socket;

        Attempt(Carried carried, Step.Send send) {
            this.carried = carried;
            this.send = send;
            timer = carried.loop.schedule(
                    () -> carried.told(this, carried.inquiry::timedOut),
                    send.patience().toNanos(),
                    TimeUnit.NANOSECONDS);
        }

        void begin() {
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

        void end() {
            timer.cancel(false);
            if (socket != null) {
                socket.close();
            }
        }

        private void failed() {
            // Not at once: the caller has not finished its own step.
            carried.loop.execute(() -> carried.told(this, carried.inquiry::failed));
        }

        private void byUdp() {
            DatagramChannel channel = datagrams.open(Dialer.family(send.server()));
            socket = channel;
            channel.pipeline().addLast("answer", this);
            carried.loop.register(channel);
            bind(channel, 0);
        }

        private void bind(DatagramChannel channel, int tries) {
            int port = tries == TRIES ? 0 : FIRST_PORT + random.nextInt(PORTS);
            channel.bind(new InetSocketAddress(port)).addListener(bound -> {
                if (bound.isSuccess()) {
                    channel.connect(send.server()).addListener(connected -> {
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
            SocketChannel channel = streams.open(Dialer.family(send.server()));
            socket = channel;
            channel.config()
                    .setConnectTimeoutMillis((int) Math.max(1, send.patience().toMillis()));
            channel.pipeline()
                    .addLast("frame", new LengthFieldBasedFrameDecoder(LENGTH + LONGEST, 0, LENGTH, 0, LENGTH))
                    .addLast("answer", this);
            carried.loop.register(channel);
            channel.connect(send.server()).addListener(connected -> {
                if (connected.isSuccess()) {
                    ByteBuf framed = channel.alloc().buffer(LENGTH + send.message().length);
                    write(channel, framed.writeShort(send.message().length).writeBytes(send.message()));
                } else {
                    failed();
                }
            });
        }

        private void write(io.netty.channel.Channel channel, ByteBuf message) {
            ChannelFuture written = channel.writeAndFlush(message);
            written.addListener(sent -> {
                if (!sent.isSuccess()) {
                    failed();
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object read) {
            try {
                ByteBuf bytes = read instanceof DatagramPacket datagram ? datagram.content() : (ByteBuf) read;
                byte[] message = ByteBufUtil.getBytes(bytes);
                carried.told(this, () -> carried.inquiry.received(message));
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
}
