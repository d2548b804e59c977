package io.postern.gateway.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.postern.dns.forward.Server;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket on a random port (RFC 5452 section 9.2), connected to one server, so that the system drops what others send to
 * it. One question at a time has it, so that a guess can hit no other. For its loop.
 *
 * <pre>
 * opened → asked → answered, nothing else came → idle → asked ...
 *                → anything else               → closed
 *                                         idle → anything comes → closed
 * </pre>
 */
final class UdpPort extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 65_536 - FIRST_PORT;
    /** Ports that are tried before the system chooses one: some are in use. */
    private static final int TRIES = 8;

    private final UdpPorts ports;
    private final EventLoop loop;
    private final Server server;
    private final DatagramChannel channel;
    private final long openedAt;
    private Attempt.@Nullable Told asker;
    private byte[] first = {};
    private boolean ready;
    private int questions;
    private int received;

    /** @param openedAt of {@code System.nanoTime} */
    UdpPort(UdpPorts ports, EventLoop loop, Server server, DatagramChannel channel, long openedAt) {
        this.ports = ports;
        this.loop = loop;
        this.server = server;
        this.channel = channel;
        this.openedAt = openedAt;
    }

    void open() {
        channel.pipeline().addLast("answers", this);
        channel.closeFuture().addListener(closed -> ports.gone(this));
        loop.register(channel);
        bind(0);
    }

    private void bind(int tries) {
        int port = tries == TRIES ? 0 : FIRST_PORT + RANDOM.nextInt(PORTS);
        channel.bind(new InetSocketAddress(port)).addListener(bound -> {
            if (bound.isSuccess()) {
                channel.connect(server.address()).addListener(connected -> {
                    if (connected.isSuccess()) {
                        connected();
                    } else {
                        failed();
                    }
                });
            } else if (tries < TRIES && channel.isOpen()) {
                bind(tries + 1);
            } else {
                failed();
            }
        });
    }

    private void connected() {
        ready = true;
        if (asker != null) {
            send(first);
        }
        first = new byte[0];
    }

    /** Only of one that nobody has. */
    void ask(byte[] message, Attempt.Told by) {
        asker = by;
        received = 0;
        questions++;
        if (ready) {
            send(message);
        } else {
            first = message;
        }
    }

    private void send(byte[] message) {
        channel.writeAndFlush(SendRoom.put(message), channel.voidPromise());
    }

    /**
     * Whoever asked waits no more.
     *
     * @param answered whether because this was the answer
     */
    void leave(boolean answered) {
        asker = null;
        if (answered && received == 1 && channel.isActive()) {
            ports.giveBack(this);
        } else {
            // What still comes for that question would be taken for a guess at the next one.
            close();
        }
    }

    /** For how many questions it was used. */
    int questions() {
        return questions;
    }

    long openedAt() {
        return openedAt;
    }

    Server server() {
        return server;
    }

    void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        try {
            received++;
            if (asker == null) {
                // Nobody asked: a second answer, or a guess. Its port is known to whoever sent that.
                ports.spoilt(this);
            } else {
                ByteBuf bytes = read instanceof DatagramPacket datagram ? datagram.content() : (ByteBuf) read;
                asker.received(ByteBufUtil.getBytes(bytes));
            }
        } finally {
            ReferenceCountUtil.release(read);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failed();
    }

    /** Such as ICMP's word that nobody listens there, or a datagram that could not be sent. */
    @Override
    @SuppressWarnings("deprecation") // ChannelInboundHandler's own method is not
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("server {} by udp: {}", server, cause.toString());
        Attempt.@Nullable Told by = asker;
        if (by == null) {
            close();
        } else if (cause instanceof PortUnreachableException) {
            loop.execute(by::unreachable);
        } else {
            failed();
        }
    }

    private void failed() {
        Attempt.@Nullable Told by = asker;
        if (by != null) {
            // Not at once: the caller has not finished its own step.
            loop.execute(by::failed);
        }
    }
}
